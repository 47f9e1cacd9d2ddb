"""Cases with a flow: a source, what happens on the way, and a sink."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.corpus.deck import Decks
from tests.corpus.layout import assembled, embedded, nested
from tests.corpus.model import Around, Case, Common, FlowClass, Piece, Shape, Sink, Source, Step
from tests.corpus.names import Names, Scope, words_of

_ASSIGNED = re.compile(r"ZOUT = (?P<value>[^\n]+)")
_LOOSE = re.compile(r"\bawait\b|\bor\b|\bif\b|\band\b|\blambda\b|[%+]| in ")
BOUND = "framework-bound"


@dataclass
class Recipe:
    """What was chosen for a case, in the order of the flow."""

    shape: Shape
    source: Source
    sink: Sink
    steps: list[Step] = field(default_factory=list)
    around: Around | None = None
    builder: Step | None = None
    placement: str = "inline"

    def parts(self) -> dict[str, str]:
        return {
            "shape": self.shape.id,
            "source": self.source.id,
            "steps": "+".join(step.id for step in self.steps),
            "builder": self.builder.id if self.builder else "",
            "around": self.around.pre if self.around else "",
            "sink": self.sink.id,
            "placement": self.placement,
        }


class FlowCases:
    """Draws cases of one class."""

    def __init__(
        self, weakness: FlowClass, common: Common, decks: Decks, rng: random.Random
    ) -> None:
        self._class = weakness
        self._common = common
        self._decks = decks
        self._rng = rng
        self._own = weakness.id

    def draw(self, vulnerable: bool) -> tuple[Recipe, str] | None:
        """A recipe and how it is made safe (empty when it is not). None: does not fit together."""
        how = "" if vulnerable else self._rng.choices(
            ("neutraliser", "sanitiser", "safe sink"), (4, 4, 3))[0]  # fmt: skip
        if how == "safe sink" and not self._class.safe_sinks:
            how = "neutraliser"
        if how == "sanitiser" and not self._class.sanitisers:
            how = "neutraliser"
        sinks = self._class.safe_sinks if how == "safe sink" else self._class.sinks
        sink = self._decks.draw(f"{self._own} {how == 'safe sink'} sink", sinks)
        if sink is None:
            return None
        shape = self._decks.draw("shape", self._common.shapes, lambda one: self._shaped(one, sink))
        if shape is None:
            return None
        sources = (*self._common.sources, *self._class.sources)
        source = self._decks.draw(
            f"source {bool(self._class.sources)}", sources,
            lambda one: self._fits(one, shape, set(sink.tags))
            and one.kind == sink.kind
            and (not sink.own_sources or one in self._class.sources),
        )  # fmt: skip
        if source is None:
            return None
        recipe = Recipe(shape, source, sink)
        self._surround(recipe)
        if not self._way(recipe, how):
            return None
        if not sink.local and not sink.returns and shape.framework != "cli":
            recipe.placement = self._rng.choices(("inline", "function", "method"), (15, 2, 1))[0]
        return recipe, how

    def _shaped(self, shape: Shape, sink: Sink) -> bool:
        if sink.frameworks and shape.framework not in sink.frameworks:
            return False
        if shape.only_for and self._own not in shape.only_for or self._own in shape.not_for:
            return False
        if not set(shape.needs) <= {*sink.tags}:
            return False
        return not (sink.asynchronous and not shape.asynchronous)

    def _fits(self, piece: Piece, shape: Shape, tags: set[str]) -> bool:
        if piece.frameworks and shape.framework not in piece.frameworks:
            return False
        if piece.only_for and self._own not in piece.only_for or self._own in piece.not_for:
            return False
        if (piece.asynchronous or "await " in piece.code) and not shape.asynchronous:
            return False
        return set(piece.needs) <= tags and not set(piece.rejects) & tags

    def _surround(self, recipe: Recipe) -> None:
        build = recipe.sink.build
        if build == "no" or (build == "maybe" and self._rng.random() < 0.5):
            return
        tags = set(recipe.sink.tags)
        recipe.around = self._decks.draw(
            f"{self._own} around", self._class.around, lambda one: set(one.needs) <= tags
        )
        if recipe.around:
            recipe.builder = self._decks.draw(
                "builder", self._common.builders,
                lambda one: self._fits(one, recipe.shape, tags | set(recipe.around.tags)),
            )  # fmt: skip

    def _way(self, recipe: Recipe, how: str) -> bool:
        tags = {*recipe.sink.tags, *(recipe.around.tags if recipe.around else ("raw",))}

        def pick(name: str, options: Sequence[Step], extra: Callable[[Step], bool]) -> Step | None:
            return self._decks.draw(
                name, options,
                lambda one: self._fits(one, recipe.shape, tags)
                and one.kind == recipe.sink.kind
                and extra(one),
            )  # fmt: skip

        count = self._rng.choices((0, 1, 2), (5, 4, 1) if how else (4, 5, 2))[0]
        before: list[Step] = []
        after: list[Step] = []
        for _ in range(count):
            late = self._rng.random() < 0.5
            step = pick(
                "carrier", (*self._common.carriers, *self._class.steps),
                lambda one: not (late and one.decodes) and one not in before + after,
            )  # fmt: skip
            if step:
                (after if late else before).append(step)
        middle: list[Step] = []
        if how == "neutraliser" or how == "sanitiser":
            options = self._common.neutralisers if how == "neutraliser" else self._class.sanitisers
            deck = "neutraliser" if how == "neutraliser" else f"{self._own} sanitiser"
            step = pick(deck, options, lambda _: True)
            if step is None:
                return False
            middle = [step]
        elif not how and self._rng.random() < 0.3:
            own = bool(self._class.fakes) and self._rng.random() < 0.6
            options = self._class.fakes if own else self._common.fakes
            step = pick(f"{self._own if own else ''} fake", options, lambda _: True)
            middle = [step] if step else []
        recipe.steps = [*before, *middle, *after]
        return True


def render(
    recipe: Recipe, weakness: FlowClass, common: Common, rng: random.Random, inline: bool
) -> tuple[str, str]:
    """The file's text and the name of its handler."""
    names = Names(rng, common.names)
    pieces: list[Piece] = [recipe.shape, recipe.source, *recipe.steps, recipe.sink]
    if recipe.builder:
        pieces.append(recipe.builder)
    for piece in pieces:
        names.taken |= words_of(" ".join((*piece.imports, piece.code, piece.top)))
    handler = names.fresh("handler")
    fixed = {
        f"ZSAFE{number}": value
        for number, value in enumerate(rng.sample(weakness.safe_values, 3), 1)
    } | {"ZFAIL": recipe.shape.fail, "ZFN": handler}
    if recipe.around:
        fixed |= {"ZPRE": recipe.around.pre, "ZSUF": recipe.around.suf}
    origin = Scope(names, fixed)
    imports = [*recipe.shape.imports]
    tops: list[str] = [recipe.shape.top]
    codes: list[str] = []
    value = "ZIN"

    def add(piece: Piece, scope: Scope) -> None:
        nonlocal value
        scope.known["ZIN"] = value
        uses = piece.code.count("ZOUT")
        code = piece.code
        whole = _ASSIGNED.fullmatch(code.strip())
        if whole and inline and uses == 1 and rng.random() < 0.35:
            value = scope.fill(whole["value"])
            if _LOOSE.search(value):
                value = f"({value})"
            code = ""
        elif uses:
            again = whole and value != "ZIN" and value.isidentifier() and rng.random() < 0.3
            scope.known["ZOUT"] = value if again else names.fresh("variable")
            value = scope.known["ZOUT"]
        if code.strip():
            codes.append(scope.fill(code))
        imports.extend(scope.fill(line) for line in piece.imports)
        tops.append(scope.fill(piece.top))

    add(recipe.source, origin)
    if not recipe.source.code:
        value = origin.fill("ZKEY")
    for step in recipe.steps:
        if not value.isidentifier() and step.code.count("ZIN") > 1:
            codes.append(f"{(name := names.fresh('variable'))} = {value}")
            value = name
        add(step, Scope(names, fixed))
    body = _ending(recipe, names, fixed, add, codes, tops, imports, lambda: value, rng)
    text = _framed(recipe, origin, body)
    filler = [
        Scope(names, {}).fill(one.top) for one in rng.sample(common.fillers, rng.choice((0, 0, 1, 2)))
    ]
    doc = rng.choice(common.names["doc"]) if rng.random() < 0.4 else ""
    needed = [line for one in common.fillers if filler for line in one.imports]
    return assembled(rng, [*imports, *needed], tops, text, filler, doc), handler


def _ending(
    recipe: Recipe,
    names: Names,
    fixed: dict[str, str],
    add: Callable[[Piece, Scope], None],
    codes: list[str],
    tops: list[str],
    imports: list[str],
    current: Callable[[], str],
    rng: random.Random,
) -> str:
    """The handler's body: build the text around the value, reach the sink, answer."""
    scope = Scope(names, fixed)
    if recipe.placement == "inline":
        if recipe.builder:
            add(recipe.builder, Scope(names, fixed))
        if not current().isidentifier() and recipe.sink.code.count("ZIN") > 1:
            name = names.fresh("variable")
            codes.append(f"{name} = {current()}")
            scope.known["ZIN"] = name
        else:
            scope.known["ZIN"] = current()
        codes.append(scope.fill(recipe.sink.code))
        result = scope.fill(recipe.sink.result)
    else:
        known = {**fixed, "ZIN": "ZT9"}
        inner = Scope(names, known)
        lines: list[str] = []
        parameter = inner.fill("ZT9")
        inner.known["ZIN"] = parameter
        if recipe.builder:
            built = Scope(names, {**fixed, "ZIN": parameter})
            lines.append(built.fill(recipe.builder.code))
            inner.known["ZIN"] = built.fill("ZOUT") if "ZOUT" in built.known else parameter
            imports.extend(recipe.builder.imports)
            tops.append(built.fill(recipe.builder.top))
        lines.append(inner.fill(recipe.sink.code))
        lines.append(f"return {inner.fill(recipe.sink.result) or 'True'}")
        word = "async def" if recipe.sink.asynchronous else "def"
        wait = "await " if recipe.sink.asynchronous else ""
        name, result = names.fresh("function"), names.fresh("variable")
        own = nested(lines)
        if recipe.placement == "function":
            tops.append(f"{word} {name}({parameter}):\n" + _deeper(own, 1))
            codes.append(f"{result} = {wait}{name}({current()})")
        else:
            service = names.fresh("class")
            tops.append(
                f"class {service}:\n    {word} {name}(self, {parameter}):\n" + _deeper(own, 2)
            )
            codes.append(f"{result} = {wait}{service}().{name}({current()})")
        result = result if recipe.sink.result else ""
        scope = inner
    imports.extend(recipe.sink.imports)
    tops.append(scope.fill(recipe.sink.top))
    if not recipe.sink.returns:
        answer = Scope(names, {**fixed, "ZRES": result or '"done"'})
        codes.append(answer.fill(rng.choice(recipe.shape.respond)))
    return nested(codes)


def _deeper(text: str, levels: int) -> str:
    return "\n".join("    " * levels + line if line else line for line in text.split("\n"))


def _framed(recipe: Recipe, origin: Scope, body: str) -> str:
    frame = recipe.shape.code
    params = origin.fill(recipe.source.params)
    frame = frame.replace(", ZPARAMS", f", {params}" if params else "").replace("ZPARAMS", params)
    frame = frame.replace("ZPATH", origin.fill(recipe.source.route))
    origin.known["ZROUTE"] = origin.known["ZFN"].replace("_", "-")
    return embedded(origin.fill(frame), "ZBODY", body)


def case_of(
    recipe: Recipe, how: str, weakness: FlowClass, common: Common, seed: str
) -> Case:
    """The case as a file that compiles."""
    for inline in (True, False):
        text, handler = render(recipe, weakness, common, random.Random(seed), inline)
        try:
            compile(text, seed, "exec")
        except SyntaxError:
            if not inline:
                raise ValueError(f"{seed}: {recipe.parts()} does not compile:\n{text}") from None
            continue
        break
    parts = recipe.parts() | {"safe": how}
    return Case("", weakness.id, not how, text, parts, handler)

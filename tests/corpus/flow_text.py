"""Writes a chosen case with a flow as a file."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.corpus.flow import Recipe
from tests.corpus.layout import assembled, embedded, nested
from tests.corpus.model import Case, Common, FlowClass, Piece
from tests.corpus.names import Names, Scope, words_of

_ASSIGNED = re.compile(r"ZOUT = (?P<value>[^\n]+)")
_LOOSE = re.compile(r"\bawait\b|\bor\b|\bif\b|\band\b|\blambda\b|[%+]| in ")


@dataclass
class Block:
    """Lines of a function, and the expression that holds the value after them."""

    value: str
    codes: list[str] = field(default_factory=list)


class FlowText:
    """One rendering. `inline`: expressions may stand in place of the variables they go to."""

    def __init__(
        self, recipe: Recipe, weakness: FlowClass, common: Common, seed: str, inline: bool
    ) -> None:
        self._recipe = recipe
        self._common = common
        self._rng = random.Random(seed)
        self._inline = inline
        self._names = Names(self._rng, common.names)
        for piece in (recipe.shape, recipe.source, *recipe.steps, recipe.sink, recipe.builder):
            if piece:
                self._names.taken |= words_of(" ".join((*piece.imports, piece.code, piece.top)))
        self.handler = self._names.fresh("handler")
        safe = self._rng.sample(weakness.safe_values, 3)
        self._fixed = {f"ZSAFE{number}": value for number, value in enumerate(safe, 1)}
        self._fixed |= {"ZFAIL": recipe.shape.fail, "ZFN": self.handler}
        if recipe.around:
            self._fixed |= {"ZPRE": recipe.around.pre, "ZSUF": recipe.around.suf}
        self._imports: list[str] = [*recipe.shape.imports]
        self._tops: list[str] = [recipe.shape.top]

    def text(self) -> str:
        """The file."""
        recipe = self._recipe
        origin = self._scope()
        body = Block("")
        self._add(body, recipe.source, origin)
        if not recipe.source.code:
            body.value = origin.fill("ZKEY")
        for step in recipe.steps:
            self._named(body, step)
            self._add(body, step, self._scope())
        result = self._sink(body) if recipe.placement == "inline" else self._call(body)
        if not recipe.sink.returns:
            answer = self._scope({"ZRES": result or '"done"'})
            body.codes.append(answer.fill(self._rng.choice(recipe.shape.respond)))
        frame = self._framed(origin, nested(body.codes))
        filler = self._rng.sample(self._common.fillers, self._rng.choice((0, 0, 1, 2)))
        self._imports += [line for one in filler for line in one.imports]
        beside = [self._scope().fill(one.top) for one in filler]
        doc = self._rng.choice(self._common.names["doc"]) if self._rng.random() < 0.4 else ""
        return assembled(self._rng, self._imports, self._tops, frame, beside, doc)

    def _scope(self, more: Mapping[str, str] | None = None) -> Scope:
        return Scope(self._names, {**self._fixed, **(more or {})})

    def _add(self, block: Block, piece: Piece, scope: Scope) -> None:
        """Append a piece that hands a value on."""
        scope.known["ZIN"] = block.value
        code = piece.code.strip("\n")
        whole = _ASSIGNED.fullmatch(code.strip())
        if whole and self._inline and self._rng.random() < 0.35:
            block.value = scope.fill(whole["value"])
            if _LOOSE.search(block.value):
                block.value = f"({block.value})"
            code = ""
        elif "ZOUT" in code:
            again = whole and block.value.isidentifier() and self._rng.random() < 0.3
            scope.known["ZOUT"] = block.value if again else self._names.fresh("variable")
            block.value = scope.known["ZOUT"]
        if code:
            block.codes.append(scope.fill(code))
        self._needs(piece, scope)

    def _needs(self, piece: Piece, scope: Scope) -> None:
        self._imports += [scope.fill(line) for line in piece.imports]
        self._tops.append(scope.fill(piece.top))

    def _named(self, block: Block, piece: Piece) -> None:
        """Give the value a name when the piece mentions it more than once."""
        mentions = piece.code.count("ZIN") + getattr(piece, "result", "").count("ZIN")
        if mentions > 1 and not block.value.isidentifier():
            name = self._names.fresh("variable")
            block.codes.append(f"{name} = {block.value}")
            block.value = name

    def _sink(self, block: Block) -> str:
        """Build the text around the value and let it reach the sink; what comes out of it."""
        sink = self._recipe.sink
        if self._recipe.builder:
            self._named(block, self._recipe.builder)
            self._add(block, self._recipe.builder, self._scope())
        self._named(block, sink)
        scope = self._scope({"ZIN": block.value})
        block.codes.append(scope.fill(sink.code))
        self._needs(sink, scope)
        return scope.fill(sink.result)

    def _call(self, block: Block) -> str:
        """The same in a function or class of its own."""
        asynchronous = self._recipe.sink.asynchronous
        name, parameter = self._names.fresh("function"), self._names.fresh("variable")
        inner = Block(parameter)
        inner.codes.append(f"return {self._sink(inner) or 'True'}")
        lines = textwrap.indent(nested(inner.codes), "    ")
        word = "async def" if asynchronous else "def"
        if self._recipe.placement == "function":
            self._tops.append(f"{word} {name}({parameter}):\n{lines}")
            called = name
        else:
            owner = self._names.fresh("class")
            method = textwrap.indent(f"{word} {name}(self, {parameter}):\n{lines}", "    ")
            self._tops.append(f"class {owner}:\n{method}")
            called = f"{owner}().{name}"
        result = self._names.fresh("variable")
        wait = "await " if asynchronous else ""
        block.codes.append(f"{result} = {wait}{called}({block.value})")
        return result if self._recipe.sink.result else ""

    def _framed(self, origin: Scope, body: str) -> str:
        params = origin.fill(self._recipe.source.params)
        frame = self._recipe.shape.code
        frame = frame.replace(", ZPARAMS", f", {params}" if params else "")
        frame = frame.replace("ZPARAMS", params)
        frame = frame.replace("ZPATH", origin.fill(self._recipe.source.route))
        origin.known["ZROUTE"] = self.handler.replace("_", "-")
        frame = origin.fill(frame)
        self.handler = re.findall(r"def (\w+)\(", frame[: frame.index("ZBODY")])[-1]
        return embedded(frame, "ZBODY", body)


def case_of(recipe: Recipe, how: str, weakness: FlowClass, common: Common, seed: str) -> Case:
    """The case as a file that compiles."""
    for inline in (True, False):
        written = FlowText(recipe, weakness, common, seed, inline)
        text = written.text()
        try:
            compile(text, seed, "exec")
        except SyntaxError:
            if not inline:
                raise ValueError(f"{recipe.parts()} does not compile:\n{text}") from None
            continue
        break
    return Case("", weakness.id, not how, text, {**recipe.parts(), "safe": how}, written.handler)

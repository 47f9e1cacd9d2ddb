"""Chooses what a case with a flow is made of: a source, steps on the way, and a sink."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.corpus.deck import Decks
from tests.corpus.model import Around, Common, FlowClass, Piece, Shape, Sink, Source, Step


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
        self._carriers = (*common.carriers, *weakness.steps)

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
        bound = sink.local or sink.returns or "ZFAIL" in sink.code
        if not bound and shape.framework != "cli":
            recipe.placement = self._rng.choices(("inline", "function", "method"), (15, 2, 1))[0]
        return recipe, how

    def _shaped(self, shape: Shape, sink: Sink) -> bool:
        if sink.frameworks and shape.framework not in sink.frameworks:
            return False
        if not self._meant(shape):
            return False
        if not set(shape.needs) <= {*sink.tags}:
            return False
        return not (sink.asynchronous and not shape.asynchronous)

    def _meant(self, piece: Piece) -> bool:
        """Whether the piece is for cases of this class."""
        return self._own not in piece.not_for and (
            not piece.only_for or self._own in piece.only_for
        )

    def _fits(self, piece: Piece, shape: Shape, tags: set[str]) -> bool:
        if piece.frameworks and shape.framework not in piece.frameworks:
            return False
        if not self._meant(piece):
            return False
        if (piece.asynchronous or "await " in piece.code) and not shape.asynchronous:
            return False
        return set(piece.needs) <= tags and not set(piece.rejects) & tags

    def _surround(self, recipe: Recipe) -> None:
        """Choose a text around the value, and how the two are put together."""
        build = recipe.sink.build
        if build == "no" or (build == "maybe" and self._rng.random() < 0.5):
            return
        tags = set(recipe.sink.tags)
        around = self._decks.draw(
            f"{self._own} around",
            self._class.around,
            lambda one: set(one.needs) <= tags and not set(one.rejects) & tags,
        )
        if around:
            tags |= set(around.tags)
            recipe.around = around
            recipe.builder = self._decks.draw(
                "builder",
                self._common.builders,
                lambda one: self._fits(one, recipe.shape, tags),
            )

    def _way(self, recipe: Recipe, how: str) -> bool:
        """Choose the steps. False when no sanitiser suits the rest."""
        count = self._rng.choices((0, 1, 2), (5, 4, 1) if how else (4, 5, 2))[0]
        before: list[Step] = []
        after: list[Step] = []
        for _ in range(count):
            # What decodes must not come after a sanitiser.
            late = self._rng.random() < 0.5
            step = self._step("carrier", self._carriers, recipe, [*before, *after], late)
            if step:
                (after if late else before).append(step)
        middle: Step | None = None
        if how == "neutraliser":
            middle = self._step(how, self._common.neutralisers, recipe)
        elif how == "sanitiser":
            middle = self._step(f"{self._own} {how}", self._class.sanitisers, recipe)
        elif not how and self._rng.random() < 0.3:
            own = bool(self._class.fakes) and self._rng.random() < 0.6
            options = self._class.fakes if own else self._common.fakes
            middle = self._step(f"{self._own if own else ''} fake", options, recipe)
        recipe.steps = [*before, *([middle] if middle else []), *after]
        return bool(middle) or how not in ("neutraliser", "sanitiser")

    def _step(
        self,
        deck: str,
        options: Sequence[Step],
        recipe: Recipe,
        taken: Sequence[Step] = (),
        late: bool = False,
    ) -> Step | None:
        around = recipe.around.tags if recipe.around else ("raw",)
        tags = {*recipe.sink.tags, *around}

        def suits(one: Step) -> bool:
            right = one.kind == recipe.sink.kind and one not in taken
            return right and not (late and one.decodes) and self._fits(one, recipe.shape, tags)

        return self._decks.draw(deck, options, suits)

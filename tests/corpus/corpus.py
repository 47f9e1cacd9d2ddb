"""The corpus: cases of both labels for every class of a half, always the same."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence

import msgspec

from tests.corpus import load
from tests.corpus.deck import Decks
from tests.corpus.flow import FlowCases
from tests.corpus.flow_text import case_of
from tests.corpus.load import Half
from tests.corpus.model import Case, Common, FlowClass, PlainClass
from tests.corpus.plain import PlainCases
from tests.corpus.weaknesses import PLAIN

PER_LABEL = 40
_TRIES = 60
Draw = Callable[[bool, int], Case | None]


def cases(half: Half, per_label: int = PER_LABEL, only: Sequence[str] = ()) -> Iterator[Case]:
    """`per_label` true and as many false cases of every class (or of `only`)."""
    common = load.common(half)
    draws: dict[str, Draw] = {
        name: _flow(half, weakness, common) for name, weakness in load.flow_classes(half).items()
    } | {
        name: _plain(half, weakness, common) for name, weakness in load.plain_classes(half).items()
    }
    for name, draw in draws.items():
        if not only or name in only:
            # Spellings in common are few enough for equal files to come up in both halves.
            known = (
                {case.text for case in cases("dev", per_label, (name,))}
                if (half == "held-back" and name in PLAIN)
                else set()
            )
            yield from _both(half, draw, per_label, known)


def _flow(half: Half, weakness: FlowClass, common: Common) -> Draw:
    rng = random.Random(f"{half} {weakness.id}")
    drawer = FlowCases(weakness, common, Decks(rng), rng)
    recipes: set[str] = set()

    def draw(vulnerable: bool, attempt: int) -> Case | None:
        drawn = drawer.draw(vulnerable)
        key = repr(drawn[0].parts()) if drawn else ""
        if drawn is None or key in recipes:
            return None
        recipes.add(key)
        return case_of(*drawn, weakness, common, f"{half} {weakness.id} {vulnerable} {attempt}")

    return draw


def _plain(half: Half, weakness: PlainClass, common: Common) -> Draw:
    rng = random.Random(f"{half} {weakness.id}")
    drawer = PlainCases(weakness, common, Decks(rng), rng)
    return lambda vulnerable, _: drawer.draw(vulnerable)


def _both(half: Half, draw: Draw, per_label: int, texts: set[str]) -> Iterator[Case]:
    for vulnerable in (True, False):
        made = 0
        for attempt in range(per_label * _TRIES):
            if made == per_label:
                break
            case = draw(vulnerable, attempt)
            if case is None or case.text in texts:
                continue
            texts.add(case.text)
            made += 1
            # The id tells nothing about what is in the case.
            told = hashlib.sha256(f"{half}\n{case.weakness}\n{case.text}".encode()).hexdigest()
            yield msgspec.structs.replace(case, id=f"{case.weakness}-{told[:10]}")

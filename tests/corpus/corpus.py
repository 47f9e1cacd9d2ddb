"""The corpus: cases of both labels for every class of a half, always the same."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence

from tests.corpus import load
from tests.corpus.deck import Decks
from tests.corpus.flow import FlowCases
from tests.corpus.flow_text import case_of
from tests.corpus.load import Half
from tests.corpus.model import Case, Common
from tests.corpus.model import FlowClass
from tests.corpus.plain import PlainCases

PER_LABEL = 40
_TRIES = 60


def cases(
    half: Half, per_label: int = PER_LABEL, only: Sequence[str] = ()
) -> Iterator[Case]:
    """`per_label` true and as many false cases of every class (or of `only`)."""
    common = load.common(half)
    for name, weakness in load.flow_classes(half).items():
        if not only or name in only:
            yield from _flow(half, weakness, common, per_label)
    for name, plain in load.plain_classes(half).items():
        if not only or name in only:
            rng = random.Random(f"{half} {name}")
            yield from PlainCases(plain, common, Decks(rng), rng).cases(half, per_label)


def _flow(half: Half, weakness: FlowClass, common: Common, per_label: int) -> Iterator[Case]:
    rng = random.Random(f"{half} {weakness.id}")
    drawer = FlowCases(weakness, common, Decks(rng), rng)
    seen: set[str] = set()
    for vulnerable in (True, False):
        made = 0
        for attempt in range(per_label * _TRIES):
            if made == per_label:
                break
            drawn = drawer.draw(vulnerable)
            if drawn is None:
                continue
            recipe, how = drawn
            key = repr(sorted(recipe.parts().items()))
            if key in seen:
                continue
            seen.add(key)
            made += 1
            case = case_of(recipe, how, weakness, common, f"{half} {weakness.id} {attempt} {key}")
            yield numbered(half, case)


def numbered(half: Half, case: Case) -> Case:
    """The case with its id, which tells nothing about what is in it."""
    text = f"{half}\n{case.weakness}\n{case.text}"
    return Case(
        f"{case.weakness}-{hashlib.sha256(text.encode()).hexdigest()[:10]}",
        case.weakness, case.vulnerable, case.text, case.parts, case.function,
    )  # fmt: skip

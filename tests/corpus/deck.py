"""Choosing pieces so that all of them are used about equally often."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


class Decks:
    """Shuffled decks by name. A piece that was drawn goes to the lower half of its deck."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._decks: dict[str, list[int]] = {}

    def draw(
        self, name: str, options: Sequence[T], fits: Callable[[T], bool] = lambda _: True
    ) -> T | None:
        """The uppermost piece that fits, None if there is none."""
        deck = self._decks.get(name)
        if deck is None or len(deck) != len(options):
            deck = self._decks[name] = list(range(len(options)))
            self._rng.shuffle(deck)
        for place, number in enumerate(deck):
            if fits(options[number]):
                del deck[place]
                deck.insert(self._rng.randint(len(deck) // 2, len(deck)), number)
                return options[number]
        return None

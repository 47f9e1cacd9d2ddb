"""Findings about dependencies with what identifies them, and which of them a change brings in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from gatekeeper.scanners.interface import RawFinding


class Told(Struct, frozen=True):
    """A finding with what identifies it. `always`: it blocks, whoever brought it in."""

    finding: RawFinding
    identity: str
    always: bool = False

    @property
    def place(self) -> tuple[str, str]:
        """The file and the identity."""
        return self.finding.path, self.identity


def surplus(findings: Sequence[Told], base: Sequence[Told]) -> list[bool]:
    """For each finding whether head has more of it than the base, its own file first."""
    new = [True] * len(findings)
    places = Counter(it.place for it in base)
    for index, it in enumerate(findings):
        if places[it.place] > 0:
            places[it.place] -= 1
            new[index] = False
    elsewhere: Counter[str] = Counter()
    for place, count in places.items():
        elsewhere[place[1]] += count
    for index, it in enumerate(findings):
        if new[index] and elsewhere[it.identity] > 0:
            elsewhere[it.identity] -= 1
            new[index] = False
    return new

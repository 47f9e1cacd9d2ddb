"""What is covered, whatever the report it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from msgspec import Struct

# More lines than any source has: what claims more is damaged, or wants our memory.
MOST_LINES = 5_000_000


class Branch(NamedTuple):
    """The exits of one line: how many there are, how many were taken, and the others in words.

    `missing` may be empty although some were not taken: not every report tells which.
    """

    possible: int
    taken: int
    missing: tuple[str, ...] = ()


class FileCoverage(Struct, frozen=True):
    """One file. `statements` are first lines; `executed` is a part of them.

    `excluded` are lines that the project's settings take out of the measurement; reports other
    than coverage.py's own do not tell them.
    """

    statements: frozenset[int] = frozenset()
    executed: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()
    branches: Mapping[int, Branch] = {}

    @property
    def missing(self) -> frozenset[int]:
        """Statements that never ran."""
        return self.statements - self.executed


class Ratio(NamedTuple):
    """Covered parts of a whole, never rounded before it is shown."""

    covered: int
    total: int

    @property
    def percent(self) -> Fraction:
        """Exactly; of nothing, all is covered."""
        return Fraction(100 * self.covered, self.total) if self.total else Fraction(100)

    def __str__(self) -> str:
        return shown(self.percent)


class Told(Struct, frozen=True):
    """A file as a report tells it: names that may mean it, the likeliest first."""

    names: tuple[str, ...]
    covered: FileCoverage


def shown(percent: Fraction) -> str:
    """Two digits, rounded down: what is not all of it is never shown as 100.00%."""
    hundredths = int(percent * 100)
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def rounded_down(percent: Fraction) -> float:
    """The number `shown` shows."""
    return int(percent * 100) / 100


def limit(threshold: float) -> Fraction:
    """A threshold as it was written: 80.1 means 80.1, not the nearest binary fraction."""
    return Fraction(str(threshold))


def total_of(files: Iterable[FileCoverage]) -> Ratio:
    """Statements and, where they were measured, branches: what coverage.py calls the total."""
    covered = total = 0
    for file in files:
        covered += len(file.executed) + sum(branch.taken for branch in file.branches.values())
        total += len(file.statements) + sum(branch.possible for branch in file.branches.values())
    return Ratio(covered, total)


def merged(one: FileCoverage, other: FileCoverage) -> FileCoverage:
    """Two reports about the same file: what either ran has run."""
    return FileCoverage(
        one.statements | other.statements,
        one.executed | other.executed,
        (one.excluded | other.excluded) - one.statements - other.statements,
        {
            line: _both(one.branches.get(line), other.branches.get(line))
            for line in {*one.branches, *other.branches}
        },
    )


def _both(one: Branch | None, other: Branch | None) -> Branch:
    if one is None or other is None:
        return one or other or Branch(0, 0)
    possible = max(one.possible, other.possible)
    if (one.missing or one.taken == one.possible) and (
        other.missing or other.taken == other.possible
    ):
        missing = tuple(exit_ for exit_ in one.missing if exit_ in other.missing)
        return Branch(possible, possible - len(missing), missing)
    # Which exits were taken is not known: the same ones, to be on the safe side.
    return Branch(possible, max(one.taken, other.taken))

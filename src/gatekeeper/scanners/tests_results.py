"""What tests ended in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

Ending = Literal["passed", "failed", "errored", "flaky", "skipped"]
BROKEN: tuple[Ending, ...] = ("failed", "errored")


class Case(Struct, frozen=True, array_like=True):
    """One test's end. `path` is a file of the repository or empty; `line` counts from 1, 0 unknown.

    `suite` and `name` are those of JUnit and together identify the test. `label` is what people
    call it, beside its file.
    """

    suite: str
    name: str
    ending: Ending
    message: str = ""
    label: str = ""
    path: str = ""
    line: int = 0

    @property
    def identity(self) -> str:
        """The same for the same test at any version."""
        return f"{self.suite}\n{self.name}"


class Results(Struct, frozen=True):
    """All tests of a run, and how long they took. `doubt` says why they cannot be all there is."""

    cases: tuple[Case, ...]
    seconds: float = 0.0
    doubt: str = ""

    def broken(self) -> list[Case]:
        """What failed or could not even start."""
        return [case for case in self.cases if case.ending in BROKEN]

    def count(self, ending: Ending) -> int:
        """How many ended so."""
        return sum(case.ending == ending for case in self.cases)


class Known(Struct, frozen=True, array_like=True):
    """What is remembered of a version's tests: how many there are, and those that did not pass."""

    total: int
    broken: tuple[Case, ...]

    @classmethod
    def of(cls, results: Results) -> Known:
        """What to remember of these results."""
        kept = (case for case in results.cases if case.ending in (*BROKEN, "flaky"))
        return cls(len(results.cases), tuple(kept))


def split(cases: Sequence[Case], before: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """The cases the base does not have, and those it has; each of the base's counts once.

    A test that failed before and cannot even start now was no better before. One that was flaky
    before and fails now is worse.
    """
    broken = Counter(case.identity for case in before if case.ending in BROKEN)
    flaky = Counter(case.identity for case in before if case.ending == "flaky")
    new: list[Case] = []
    existing: list[Case] = []
    for case in cases:
        if broken[case.identity] > 0:
            broken[case.identity] -= 1
            existing.append(case)
        elif case.ending == "flaky" and flaky[case.identity] > 0:
            flaky[case.identity] -= 1
            existing.append(case)
        else:
            new.append(case)
    return new, existing

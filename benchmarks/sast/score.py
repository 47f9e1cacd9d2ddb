"""Rates per class: true positives, false positives, and how far the two are apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from benchmarks.sast.classes import classes_of
from benchmarks.sast.scan import Found
from tests.corpus.model import Case
from tests.corpus.write import file_of


class Rates(Struct, frozen=True):
    """One scanner on the cases of one class."""

    true_cases: int
    found: int
    false_cases: int
    alarms: int

    @property
    def tpr(self) -> float:
        """Which part of the true cases was found."""
        return self.found / self.true_cases if self.true_cases else 0.0

    @property
    def fpr(self) -> float:
        """Which part of the false cases was called true."""
        return self.alarms / self.false_cases if self.false_cases else 0.0

    @property
    def youden(self) -> float:
        """TPR minus FPR: 1 is perfect, 0 is chance."""
        return self.tpr - self.fpr


def hits(cases: Iterable[Case], findings: Iterable[Found]) -> frozenset[str]:
    """Ids of the cases in whose file something of their class was found."""
    seen: dict[str, set[str]] = {}
    for found in findings:
        seen.setdefault(found.path, set()).update(classes_of(found))
    return frozenset(case.id for case in cases if case.weakness in seen.get(file_of(case), set()))


def rates(cases: Sequence[Case], hit: frozenset[str]) -> dict[str, Rates]:
    """Per class, in the order of the cases."""
    result: dict[str, Rates] = {}
    for name in dict.fromkeys(case.weakness for case in cases):
        own = [case for case in cases if case.weakness == name]
        true = [case for case in own if case.vulnerable]
        false = [case for case in own if not case.vulnerable]
        result[name] = Rates(
            len(true),
            sum(case.id in hit for case in true),
            len(false),
            sum(case.id in hit for case in false),
        )
    return result


def mean(scores: Iterable[Rates]) -> float:
    """The mean of TPR minus FPR over the classes."""
    values = [score.youden for score in scores]
    return sum(values) / len(values) if values else 0.0


def by_part(
    cases: Sequence[Case], hit: frozenset[str], part: str
) -> dict[str, tuple[int, int, int, int]]:
    """Per value of a dimension: true cases, found, false cases, alarms."""
    table: dict[str, list[int]] = {}
    for case in cases:
        for value in dict.fromkeys(case.parts.get(part, "").split("+")):
            if value:
                row = table.setdefault(value, [0, 0, 0, 0])
                row[0 if case.vulnerable else 2] += 1
                row[1 if case.vulnerable else 3] += case.id in hit
    return {value: (row[0], row[1], row[2], row[3]) for value, row in sorted(table.items())}

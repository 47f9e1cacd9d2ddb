"""From numbers to findings: what is demanded, and what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil

from msgspec import Struct

from gatekeeper.config.suite_options import CoverageOptions
from gatekeeper.scanners.coverage_diff import ChangedFile, ratio_of
from gatekeeper.scanners.coverage_model import FileCoverage, Ratio, limit, shown, total_of
from gatekeeper.scanners.interface import RawFinding
from gatekeeper.text.globs import matches
from gatekeeper.text.names import plural, printable

_NAMED = 3
_STRETCHES = 6
BASE_UNKNOWN = (
    "the base's coverage is not known, so nobody can tell whether it dropped; name its report with"
    " --coverage-base, or check the base once where its tests have run, with the same cache"
)


class Numbers(Struct, frozen=True):
    """What is judged. `base` has the ratios of the base's files; None when nobody knows them.

    `diff` is None when there is no change to judge, because everything counts. `uncovered` are
    path, first and last line of what the change leaves uncovered.
    """

    files: Mapping[str, FileCoverage]
    diff: Mapping[str, ChangedFile] | None
    uncovered: Sequence[tuple[str, int, int]]
    base: Mapping[str, Ratio] | None

    def total(self, patterns: Sequence[str] = ()) -> Ratio:
        """Of all files, or of those that match."""
        return total_of(it for path, it in self.files.items() if _within(patterns, path))

    def base_total(self, patterns: Sequence[str] = ()) -> Ratio | None:
        """The same at the base."""
        if self.base is None:
            return None
        return _sum(it for path, it in self.base.items() if _within(patterns, path))

    def changed(self, patterns: Sequence[str] = ()) -> dict[str, ChangedFile]:
        """What the change does to all files, or to those that match."""
        return {path: it for path, it in (self.diff or {}).items() if _within(patterns, path)}


class Judged(Struct):
    """Findings about numbers. `existing` ones were so before, and the change makes none worse."""

    new: list[RawFinding] = []
    existing: list[RawFinding] = []


def judge(numbers: Numbers, options: CoverageOptions) -> Judged:
    """Hold the numbers against what is demanded of all files, and of some."""
    judged = Judged()
    _judge_total(numbers, options.total, (), judged)
    _judge_diff(numbers, options.diff, (), judged)
    if options.drop is not None:
        _judge_drop(numbers, options.drop, judged)
    for demand in options.paths:
        _judge_total(numbers, demand.total, demand.paths, judged)
        _judge_diff(numbers, demand.diff, demand.paths, judged)
    return judged


def _judge_total(
    numbers: Numbers, threshold: float | None, patterns: Sequence[str], judged: Judged
) -> None:
    if threshold is None:
        return
    ratio, wanted = numbers.total(patterns), limit(threshold)
    if ratio.percent >= wanted:
        return
    base = numbers.base_total(patterns)
    message = f"{ratio} is covered{_where(patterns)}, at least {_number(wanted)} is demanded"
    finding = _finding("total-below", message, ("total", *patterns))
    if base is None or ratio.percent < base.percent:
        judged.new.append(finding)
    else:
        # What was so before is nobody's to mend in this change: only making it worse is.
        judged.existing.append(finding)


def _judge_drop(numbers: Numbers, allowed: float, judged: Judged) -> None:
    base = numbers.base_total()
    if base is None:
        return
    ratio = numbers.total()
    lost = base.percent - ratio.percent
    if lost <= limit(allowed):
        return
    message = (
        f"the coverage drops from {base} to {ratio}, by {_points(lost)};"
        f" {f'at most {_points(limit(allowed))} is' if allowed else 'none is'}"
        f" allowed{_losers(numbers)}"
    )
    judged.new.append(_finding("dropped", message, ("dropped", *sorted(numbers.changed()))))


def _judge_diff(
    numbers: Numbers, threshold: float | None, patterns: Sequence[str], judged: Judged
) -> None:
    if threshold is None or numbers.diff is None:
        return
    changed = numbers.changed(patterns)
    ratio, wanted = ratio_of(changed.values()), limit(threshold)
    if ratio.percent >= wanted:
        return
    more = ceil(wanted * ratio.total / 100) - ratio.covered
    worst = sorted(
        (path for path, it in changed.items() if it.uncovered),
        key=lambda path: (-len(changed[path].uncovered), path),
    )
    stretches = sorted(
        (it for it in numbers.uncovered if it[0] in changed),
        key=lambda it: (it[1] - it[2], it[0], it[1]),
    )
    named = ", ".join(_stretch(*it) for it in stretches[:_STRETCHES])
    left = len(stretches) - _STRETCHES
    are = "is" if ratio.covered == 1 else "are"
    message = (
        f"{ratio.covered:,} of {plural(ratio.total, 'changed statement')}{_where(patterns)} {are}"
        f" covered ({ratio}), at least {_number(wanted)} is demanded, so {more:,} more"
        f" {'has' if more == 1 else 'have'} to be; not covered: {named}"
        + (f" and {plural(left, 'more place')}" if left > 0 else "")
    )
    # Another change leaves other files uncovered, so waiving this does not waive the next.
    judged.new.append(_finding("diff-below", message, ("diff", *patterns, *worst)))


def _losers(numbers: Numbers) -> str:
    """Files that have more uncovered than before."""
    base = numbers.base or {}
    lost = {}
    for path, file in numbers.files.items():
        ratio, before = total_of((file,)), base.get(path, Ratio(0, 0))
        grown = (ratio.total - ratio.covered) - (before.total - before.covered)
        if grown > 0:
            lost[path] = grown
    worst = sorted(lost, key=lambda path: (-lost[path], path))
    named = ", ".join(f"{printable(it)} ({lost[it]:,})" for it in worst[:_NAMED])
    return f"; newly uncovered: {named}" if named else ""


def _finding(rule: str, message: str, about: Iterable[str]) -> RawFinding:
    return RawFinding(path="", rule=rule, message=message, severity="high", anchor="\n".join(about))


def _stretch(path: str, first: int, last: int) -> str:
    return f"{printable(path)}:{first}{f'-{last}' if last > first else ''}"


def _where(patterns: Sequence[str]) -> str:
    return f" in {', '.join(map(printable, patterns))}" if patterns else ""


def _number(percent: Fraction) -> str:
    return f"{float(percent):g}%"


def _points(points: Fraction) -> str:
    """Rounded up, so that what is too much is never shown as nothing."""
    hundredths = ceil(points * 100)
    return f"{hundredths / 100:g} {'point' if hundredths == 100 else 'points'}"


def _within(patterns: Sequence[str], path: str) -> bool:
    return not patterns or matches(patterns, path)


def _sum(ratios: Iterable[Ratio]) -> Ratio:
    covered = total = 0
    for ratio in ratios:
        covered += ratio.covered
        total += ratio.total
    return Ratio(covered, total)


def told(numbers: Numbers) -> str:
    """The numbers in a few words, for the gate's line."""
    parts = [f"{numbers.total()} covered"]
    base = numbers.base_total()
    if base is not None and base.percent != numbers.total().percent:
        parts[0] += f" (base {base})"
    if numbers.diff is not None:
        ratio = ratio_of(numbers.diff.values())
        parts.append(
            f"{shown(ratio.percent)} of {plural(ratio.total, 'changed statement')}"
            if ratio.total
            else "no executable lines changed"
        )
    return ", ".join(parts)

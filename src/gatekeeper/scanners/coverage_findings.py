"""Places in changed code that a reader should see: uncovered, half covered, taken out."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from gatekeeper.model.finding import Severity
from gatekeeper.scanners.coverage_collect import Detail
from gatekeeper.scanners.coverage_diff import ChangedFile, stretches
from gatekeeper.scanners.coverage_lines import Lines, function_at
from gatekeeper.scanners.coverage_model import FileCoverage
from gatekeeper.scanners.interface import RawFinding
from gatekeeper.text.names import plural


class Subject(Struct, frozen=True):
    """A changed file and all that is known of it.

    `exclusions` are changed lines where the change adds a comment that excludes something.
    """

    path: str
    covered: FileCoverage
    changed: ChangedFile
    detail: Detail
    exclusions: frozenset[int]
    imported: bool = True


def places(subject: Subject, severity: Severity) -> Iterator[RawFinding]:
    """All findings of one file, in the order of lines; `severity` is that of what did not run."""
    found = [*_uncovered(subject, severity), *_partial(subject, severity), *_excluded(subject)]
    yield from sorted(found, key=lambda finding: finding.line)


def _uncovered(subject: Subject, severity: Severity) -> Iterator[RawFinding]:
    spans = list(subject.detail.functions)
    scope = {line: function_at(spans, line) for line in subject.covered.statements}
    uncovered = sorted(subject.changed.uncovered)
    groups = stretches(subject.changed.uncovered, subject.covered.statements, scope)
    if not subject.imported:
        # To say it of each function would be to say it over and over.
        groups = [uncovered] if uncovered else []
    for lines in groups:
        name = scope[lines[0]]
        where = f" in {name}" if name else ""
        message = f"{plural(len(lines), 'changed statement')}{where} never ran"
        if not subject.imported:
            message = (
                f"no test imports this file: {plural(len(lines), 'changed statement')} never ran"
            )
        yield RawFinding(
            path=subject.path,
            rule="uncovered",
            message=message,
            severity=severity,
            line=lines[0],
            end_line=_end(subject.detail.lines, lines[-1]),
        )


def _partial(subject: Subject, severity: Severity) -> Iterator[RawFinding]:
    for line in sorted(subject.changed.partial):
        branch = subject.covered.branches[line]
        left = branch.possible - branch.taken
        to = ", ".join(exit_ for exit_ in branch.missing if exit_)
        yield RawFinding(
            path=subject.path,
            rule="partial-branch",
            message=f"{left} of {branch.possible} ways on from here {'was' if left == 1 else 'were'}"
            f" never taken{f': to {to}' if to else ''}",
            severity=severity,
            line=line,
            end_line=_end(subject.detail.lines, line),
        )


def _excluded(subject: Subject) -> Iterator[RawFinding]:
    lines = subject.detail.lines
    for line in sorted(subject.exclusions):
        count = _excluded_from(line, subject.covered.excluded, lines)
        what = f": {plural(count, 'statement')} {'is' if count == 1 else 'are'} not measured"
        yield RawFinding(
            path=subject.path,
            rule="excluded",
            message=f"this change takes code out of the measurement{what if count else ''}",
            severity="info",
            line=line,
            end_line=line,
        )


def _excluded_from(line: int, excluded: frozenset[int], lines: Lines | None) -> int:
    """How many statements in a row are out because of a comment in this line."""
    if lines is None:
        return 0
    count = 0
    for first in sorted(set(lines.first.values())):
        if first >= lines.first.get(line, line):
            if first not in excluded:
                break
            count += 1
    return count


def _end(lines: Lines | None, statement: int) -> int:
    return lines.last.get(statement, statement) if lines else statement

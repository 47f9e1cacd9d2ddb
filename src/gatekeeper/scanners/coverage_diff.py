"""How much of what a change adds or changes is covered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from gatekeeper.scanners.coverage_lines import Lines
from gatekeeper.scanners.coverage_model import FileCoverage, Ratio


class Source(Struct, frozen=True):
    """A changed file at head. `lines` is None when it is no Python that can be read."""

    covered: FileCoverage
    changed: frozenset[int]
    lines: Lines | None = None


class ChangedFile(Struct, frozen=True):
    """What the change did to one file, in statements.

    `partial` are those that ran and of which some exits were never taken; `excluded` are those
    that the project takes out of the measurement.
    """

    statements: frozenset[int]
    uncovered: frozenset[int]
    partial: frozenset[int]
    excluded: frozenset[int]

    @property
    def ratio(self) -> Ratio:
        """Covered statements of all changed ones."""
        return Ratio(len(self.statements) - len(self.uncovered), len(self.statements))


def changed_file(source: Source) -> ChangedFile:
    """The changed statements of one file.

    A changed line counts as the statement it is a part of, once, however many of its lines were
    changed. A line that is only a comment, or blank, is no part of any. Reports of some tools tell
    each line of a statement by itself: then the line's own entry counts.
    """
    covered = source.covered
    statements: set[int] = set()
    excluded: set[int] = set()
    for line in source.changed:
        statement = statement_of(line, covered, source.lines)
        if statement in covered.statements:
            statements.add(statement)
        elif statement and not covered.excluded.isdisjoint((line, statement)):
            excluded.add(statement)
    uncovered = statements - covered.executed
    partial = {
        line
        for line in statements - uncovered
        if (branch := covered.branches.get(line)) and branch.taken < branch.possible
    }
    return ChangedFile(
        frozenset(statements), frozenset(uncovered), frozenset(partial), frozenset(excluded)
    )


def statement_of(line: int, covered: FileCoverage, lines: Lines | None) -> int:
    """The first line of the statement that a line is a part of; 0 when it is a part of none."""
    if line in covered.statements:
        return line
    return lines.first.get(line, 0) if lines else line


def ratio_of(files: Iterable[ChangedFile]) -> Ratio:
    """All changed statements together."""
    covered = total = 0
    for file in files:
        covered += file.ratio.covered
        total += file.ratio.total
    return Ratio(covered, total)


def stale_line(covered: FileCoverage, lines: Lines) -> int:
    """A line the report tells of that cannot be what it measured: the file has changed since.

    0 when there is none. Which lines of a statement are told depends on the version of Python, so
    only what no version could run counts: what is blank, a comment, or behind the end.
    """
    for line in sorted(covered.statements):
        if line > lines.number or line not in lines.first:
            return line
    return 0


def stretches(
    wanted: frozenset[int], statements: frozenset[int], scope: Mapping[int, str]
) -> list[list[int]]:
    """`wanted` statements in groups: nothing else that runs stands between, and one function."""
    found: list[list[int]] = []
    previous = 0
    for line in sorted(statements):
        if line in wanted:
            if found and previous in wanted and scope.get(previous) == scope.get(line):
                found[-1].append(line)
            else:
                found.append([line])
        previous = line
    return found

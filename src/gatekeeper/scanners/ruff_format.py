"""Ruff's formatter, asked what it would change; one finding per run of lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import (
    Batch,
    Context,
    Layout,
    Prepared,
    RawFinding,
    RawUnchecked,
    Scanned,
    ScanScope,
)
from gatekeeper.scanners.output import (
    expect_status,
    last_line,
    path_map,
    real_path,
    relative,
    told_apart,
)
from gatekeeper.scanners.ruff_config import prepare_ruff
from gatekeeper.scanners.ruff_output import NOTEBOOK, expect_configured, unread
from gatekeeper.scanners.tools import RUFF
from gatekeeper.text.fingerprint import normalise
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

_HUNK = regex(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_CELL = regex(r":cell (\d+)$")
# ruff ends a line at a lone carriage return, too.
_ROW_END = regex(r"(?<=\n)|(?<=\r)(?!\n)")
_FAILED = regex(r"error: Failed to (?:parse|read|format|write) ")
_POSITION = regex(r"(?::\d+)*(?::cell \d+)?(?::\d+)*:\s*")
_ANNOUNCED = regex(r"^(\d+) files? would be reformatted", re.MULTILINE)


class RuffFormat:
    """Lines that are not formatted the way ruff, configured by the project, formats them."""

    id = "ruff-format"
    gate: GateId = "format"
    stage: Stage = "hook"
    scope: ScanScope = "file"
    layout: Layout = "tree"
    tool = RUFF
    size_limited = True
    revision = 1
    startup = 0.02
    rate = 0.1

    def prepare(self, context: Context) -> Prepared | Skipped:
        return prepare_ruff(context)

    def scan(self, batch: Batch) -> Scanned:
        # A diff names its file on a line of its own, so a name with line breaks gets its own run.
        odd = [path for path in batch.paths if not path.isprintable()]
        plain = [path for path in batch.paths if path.isprintable()]
        findings: list[RawFinding] = []
        unchecked: list[RawUnchecked] = []
        for paths in [plain, *([path] for path in odd)] if plain else [[path] for path in odd]:
            part = self._format(batch, paths)
            findings += part.findings
            unchecked += part.unchecked
        return Scanned(findings, unchecked)

    def fix(self, batch: Batch, leave: Collection[str]) -> None:
        options: tuple[str, ...] = batch.prepared.options
        for paths in told_apart(batch.paths):
            done = batch.run("format", "--no-cache", "--force-exclude", *options, "--", *paths)
            expect_configured(done, batch.cwd)
            only = "" if all(map(str.isprintable, paths)) else paths[0]
            stuck = list(_unchecked(done, path_map(paths), batch.cwd, only))
            expect_status(done, (0, 2) if stuck else (0,), "ruff")

    def _format(self, batch: Batch, paths: Sequence[str]) -> Scanned:
        options: tuple[str, ...] = batch.prepared.options
        done = batch.run(
            "format", "--diff", "--no-cache", "--force-exclude", *options, "--", *paths
        )
        expect_configured(done, batch.cwd)
        known = path_map(paths)
        # A name that is printed in pieces, or with other letters, cannot be looked up.
        only = "" if paths[0].isprintable() else paths[0]
        unchecked = list(_unchecked(done, known, batch.cwd, only))
        # 0: all is formatted; 1: something is not; 2: some files could not be judged.
        expect_status(done, (0, 1, 2) if unchecked else (0, 1), "ruff")
        findings = list(_findings(done.stdout.decode("utf-8", "replace"), known, only))
        announced = _ANNOUNCED.search(done.stderr)
        expected = int(announced[1]) if announced else done.status == 1
        if len({finding.path for finding in findings}) < expected:
            raise ToolError("tool-output-invalid", "ruff announced more changes than it showed")
        return Scanned(findings, unchecked)


def _unchecked(
    done: Completed, known: dict[str, str], cwd: str, only: str
) -> Iterator[RawUnchecked]:
    """Files ruff gave up on. Raises ToolError for an error that is not about a file."""
    for message in re.split(r"\n(?=error: )", done.stderr.strip()):
        if not message.startswith("error: "):
            continue
        start = _FAILED.match(message)
        rest = message[start.end() :] if start else ""
        # A name may have colons of its own: the longest that was given is the one.
        ends = [i for i, char in enumerate(rest) if char == ":"]
        name = next((rest[:i] for i in reversed(ends) if relative(rest[:i], cwd) in known), "")
        path = known[relative(name, cwd)] if name else only
        if not start or not path:
            raise ToolError("tool-crashed", f"ruff: {printable(last_line(message))}")
        told = rest[len(name) :] if name else rest.rpartition(f"{only}:")[2]
        why = _POSITION.sub("", told, count=1).splitlines()[0]
        yield RawUnchecked(path, unread(why), why)


def _findings(diff: str, known: dict[str, str], only: str) -> Iterator[RawFinding]:
    """One finding per run of `-` and `+` lines, so that an old one next to a new one stays old."""
    path = ""
    cell = line = start = old = new = 0
    removed: list[str] = []
    added: list[str] = []

    def flush() -> Iterator[RawFinding]:
        if removed or added:
            yield _finding(path, start, removed, added, cell)
        removed.clear()
        added.clear()

    for row in _ROW_END.split(diff):
        # How many rows a hunk has is told before them: content cannot pass for a header.
        if old > 0 or new > 0:
            if row.startswith(("-", "+")):
                start = start if removed or added else line
                if row.startswith("-"):
                    removed.append(row[1:])
                    old, line = old - 1, line + 1
                else:
                    added.append(row[1:])
                    new -= 1
            elif not row.startswith("\\"):
                yield from flush()
                old, new, line = old - 1, new - 1, line + 1
            continue
        yield from flush()
        if match := _HUNK.match(row):
            line = int(match[1])
            old, new = (1 if count is None else int(count) for count in match.group(2, 3))
        elif row.startswith("--- "):
            path, cell = _place(row[4:].rstrip("\n"), known, only)
        elif only.endswith(NOTEBOOK) and (match := _CELL.search(row)):
            cell = int(match[1])  # the end of a name with line breaks
    yield from flush()


def _place(name: str, known: dict[str, str], only: str) -> tuple[str, int]:
    """The file a header names, and the cell when the file is a notebook."""
    match = _CELL.search(name)
    if match is None or name in known:
        return only or real_path(name, known, "", "ruff"), 0
    return only or real_path(name[: match.start()], known, "", "ruff"), int(match[1])


def _finding(
    path: str, start: int, removed: Sequence[str], added: Sequence[str], cell: int
) -> RawFinding:
    count = len(removed)
    if not count:
        message = (
            "blank lines are missing here"
            if not any(map(str.strip, added))
            else "lines are missing here"
        )
    else:
        message = f"{count} line{'s' if count > 1 else ''} would be reformatted"
    # Rows count within a cell; where that is in the file's JSON, ruff does not say.
    return RawFinding(
        path=path,
        rule="unformatted",
        message=f"{message} (cell {cell}, line {max(start, 1)})" if cell else message,
        severity="low",
        line=0 if cell else max(start, 1),
        end_line=0 if cell else max(start + count - 1, start, 1),
        help_url="https://docs.astral.sh/ruff/formatter/",
        anchor=normalise("".join(removed or added)) if cell else "",
    )

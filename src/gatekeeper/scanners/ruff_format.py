"""Ruff's formatter, asked what it would change; one finding per run of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gatekeeper.model.finding import UncheckedReason
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.ports.process import ToolError
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
from gatekeeper.scanners.output import last_line, path_map, relative
from gatekeeper.scanners.ruff_config import prepare_ruff
from gatekeeper.scanners.tools import RUFF
from gatekeeper.text.names import printable

_HUNK = re.compile(r"@@ -(\d+)")
_FAILED = re.compile(
    r"^error: Failed to (?P<what>parse|read|format) (?P<path>.+?)(?::\d+:\d+)?: (?P<why>.*)$",
    re.DOTALL,
)


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

    def _format(self, batch: Batch, paths: Sequence[str]) -> Scanned:
        done = batch.run("format", "--diff", "--no-cache", "--force-exclude", "--", *paths)
        known = path_map(paths)
        only = paths[0] if len(paths) == 1 else ""
        unchecked = list(_unchecked(done.stderr, known, batch.cwd, only))
        # 0: all is formatted; 1: something is not; 2: some files could not be judged.
        if done.status not in (0, 1) and not unchecked:
            raise ToolError(
                "tool-crashed",
                f"ruff ended with status {done.status}: {printable(last_line(done.stderr))}",
            )
        findings = list(_findings(done.stdout.decode("utf-8", "replace"), known, only))
        if done.status == 1 and not findings:
            raise ToolError("tool-output-invalid", "ruff announced changes and showed none")
        return Scanned(findings, unchecked)


def _unchecked(stderr: str, known: dict[str, str], cwd: str, only: str) -> Iterator[RawUnchecked]:
    for message in re.split(r"\n(?=error: )", stderr.strip()):
        if match := _FAILED.match(message):
            path = known.get(relative(match["path"], cwd), only)
            if path:
                reason: UncheckedReason = (
                    "undecodable" if match["what"] == "read" else "parse-error"
                )
                yield RawUnchecked(path, reason, match["why"].splitlines()[0])


def _findings(diff: str, known: dict[str, str], only: str) -> Iterator[RawFinding]:
    """One finding per run of `-` and `+` lines, so that an old one next to a new one stays old."""
    path = ""
    line = 0
    start = 0
    removed: list[str] = []
    added: list[str] = []

    def flush() -> Iterator[RawFinding]:
        if path and (removed or added):
            yield _finding(path, start, removed, added)
        removed.clear()
        added.clear()

    rows = diff.split("\n")
    for index, row in enumerate(rows):
        # A header is a pair of lines outside a run; content that looks like one stays content.
        if (
            row.startswith("--- ")
            and rows[index + 1 : index + 2]
            and rows[index + 1].startswith("+++ ")
        ):
            yield from flush()
            path = only or known.get(row[4:], "")
        elif row.startswith("+++ ") and rows[index - 1].startswith("--- ") and not removed:
            continue
        elif match := _HUNK.match(row):
            yield from flush()
            line = int(match[1])
        elif row.startswith("-"):
            if not (removed or added):
                start = line
            removed.append(row[1:])
            line += 1
        elif row.startswith("+"):
            if not (removed or added):
                start = line
            added.append(row[1:])
        elif row.startswith(" "):
            yield from flush()
            line += 1
    yield from flush()


def _finding(path: str, start: int, removed: Sequence[str], added: Sequence[str]) -> RawFinding:
    count = len(removed)
    if not count:
        message = (
            "blank lines are missing here"
            if not any(map(str.strip, added))
            else "lines are missing here"
        )
    else:
        message = f"{count} line{'s' if count > 1 else ''} would be reformatted"
    return RawFinding(
        path=path,
        rule="unformatted",
        message=message,
        severity="low",
        line=max(start, 1),
        end_line=max(start + count - 1, start, 1),
        help_url="https://docs.astral.sh/ruff/formatter/",
    )

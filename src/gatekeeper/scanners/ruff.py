"""Ruff's linter, with the project's own ruff configuration."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

import msgspec
from msgspec import Struct

from gatekeeper.model.finding import Severity, Suppression
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
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
from gatekeeper.scanners.output import decode, expect_status, path_map, real_path, told_apart
from gatekeeper.scanners.ruff_config import prepare_ruff
from gatekeeper.scanners.ruff_ignores import Directive, directives, suppression_of
from gatekeeper.scanners.ruff_output import cell_lines, expect_configured, unread
from gatekeeper.scanners.suppression import files_with, suppressed, text_lines
from gatekeeper.scanners.tools import RUFF
from gatekeeper.text.fingerprint import normalise
from gatekeeper.text.patterns import regex

_CODE = regex(r"[A-Z]+[0-9]+")
_MARKER = regex(rb"noqa|ruff\s*:|flake8\s*:|isort\s*:|yapf\s*:|fmt\s*:", re.IGNORECASE)


class Position(Struct):
    """A row and a column, from 1."""

    row: int
    column: int


class Diagnostic(Struct):
    """The part of ruff's JSON that is used."""

    filename: str
    message: str
    code: str | None = None
    cell: int | None = None
    location: Position | None = None
    end_location: Position | None = None
    url: str | None = None
    noqa_row: int | None = None


def severity_of(code: str) -> Severity:
    if code == "invalid-syntax" or code.startswith(("E9", "F82", "F7")):
        return "high"
    linter = code.rstrip("0123456789")
    return "medium" if linter in ("F", "B", "S", "PLE", "ASYNC") else "low"


def diagnose(
    batch: Batch, paths: Sequence[str], diagnostics: Sequence[Diagnostic]
) -> Iterator[tuple[Diagnostic, RawFinding | RawUnchecked]]:
    """What ruff's diagnostics of these files mean."""
    known = path_map(paths)
    for item in diagnostics:
        path = real_path(item.filename, known, batch.cwd, "ruff")
        code = item.code or "invalid-syntax"
        if code in ("E902", "io"):
            yield item, RawUnchecked(path, unread(item.message), item.message)
            continue
        start = item.location or Position(0, 0)
        # An end in column 1 means that the line before was the last one.
        end = item.end_location or start
        last = end.row - 1 if end.column == 1 and end.row > start.row else end.row
        finding = RawFinding(
            path=path,
            rule=code,
            message=item.message,
            severity=severity_of(code),
            line=start.row,
            end_line=last,
            column=start.column,
            help_url=item.url or "",
            sensitive=code in ("S105", "S106", "S107"),
        )
        if item.cell is not None:
            # Rows count within a cell; where that is in the file's JSON, ruff does not say.
            lines = cell_lines(batch.read(path), item.cell)[max(start.row - 1, 0) : last]
            finding = msgspec.structs.replace(
                finding,
                message=f"{item.message} (cell {item.cell}, line {start.row})",
                line=0,
                end_line=0,
                column=0,
                anchor=normalise("\n".join(lines)),
            )
        yield item, finding


class Ruff:
    """Lint findings; syntax errors included."""

    id = "ruff"
    gate: GateId = "lint"
    stage: Stage = "hook"
    scope: ScanScope = "file"
    layout: Layout = "tree"
    tool = RUFF
    size_limited = True
    revision = 1
    startup = 0.02
    rate = 0.05

    def prepare(self, context: Context) -> Prepared | Skipped:
        return prepare_ruff(context)

    def scan(self, batch: Batch) -> Scanned:
        findings: list[RawFinding] = []
        unchecked: list[RawUnchecked] = []
        for _, found in self._check(batch, batch.paths):
            if isinstance(found, RawUnchecked):
                unchecked.append(found)
            else:
                findings.append(found)
        if marked := files_with(batch, _MARKER):
            everything = {
                found: item
                for item, found in self._check(batch, marked, "--ignore-noqa")
                if isinstance(found, RawFinding)
            }
            ignores: dict[tuple[str, int | None], list[Directive]] = {}

            def directive(finding: RawFinding) -> Suppression:
                item = everything[finding]
                place = (finding.path, item.cell)
                if place not in ignores:
                    content = batch.read(finding.path)
                    ignores[place] = directives(
                        text_lines(content) if item.cell is None else cell_lines(content, item.cell)
                    )
                first = item.location.row if item.location else 0
                last = item.end_location.row if item.end_location else first
                rows = (*range(first, last + 1), item.noqa_row or first)
                return suppression_of(finding.rule, rows, ignores[place])

            findings += suppressed(findings, everything, directive)
        return Scanned(findings, unchecked)

    def fix(self, batch: Batch, leave: Collection[str]) -> None:
        # What is no code of a rule, such as a syntax error, ruff would refuse.
        old = ",".join(sorted(filter(_CODE.fullmatch, leave)))
        done = batch.run(
            "check", "--fix-only", "--no-unsafe-fixes", "--no-cache", "--force-exclude",
            *(("--unfixable", old) if old else ()), *batch.prepared.options, "--exit-zero", "--quiet", "--", *batch.paths,
        )  # fmt: skip
        expect_configured(done, batch.cwd)
        expect_status(done, (0,), "ruff")

    def _check(
        self, batch: Batch, paths: Sequence[str], *more: str
    ) -> Iterator[tuple[Diagnostic, RawFinding | RawUnchecked]]:
        for part in told_apart(paths):
            # A file that cannot be read is told by rule E902, and by nothing where it is off.
            done = batch.run(
                "check", "--output-format", "json", "--no-cache", "--force-exclude", "--no-fix",
                *batch.prepared.options, "--exit-zero", "--quiet", "--extend-select", "E902", *more, "--", *part,
            )  # fmt: skip
            expect_configured(done, batch.cwd)
            expect_status(done, (0,), "ruff")
            yield from diagnose(batch, part, decode(done, list[Diagnostic], "ruff"))

"""Ruff's linter, with the project's own ruff configuration."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
from gatekeeper.scanners.output import decode, path_map, relative
from gatekeeper.scanners.ruff_config import prepare_ruff
from gatekeeper.scanners.suppression import directive_in, files_with, suppressed
from gatekeeper.scanners.tools import RUFF

_MARKER = re.compile(rb"noqa|ruff:|flake8:|isort:|yapf:|fmt:", re.IGNORECASE)
_DIRECTIVE = re.compile(
    r"#\s*(?:ruff|flake8)\s*:\s*noqa(?:\s*:\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?"
    r"|#\s*noqa(?:\s*:\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?"
    r"|#\s*ruff\s*:\s*(?:disable|ignore|file-ignore)\s*\[[^\]]*\]",
    re.IGNORECASE,
)


class Position(Struct):
    """A row and a column, from 1."""

    row: int
    column: int


class Diagnostic(Struct):
    """The part of ruff's JSON that is used."""

    filename: str
    message: str
    code: str | None = None
    location: Position | None = None
    end_location: Position | None = None
    url: str | None = None


def _severity(code: str) -> Severity:
    if code == "invalid-syntax" or code.startswith(("E9", "F82", "F7")):
        return "high"
    return "medium" if code.startswith(("F", "B", "S", "PLE", "ASYNC")) else "low"


def diagnose(
    batch: Batch, diagnostics: Sequence[Diagnostic]
) -> tuple[list[RawFinding], list[RawUnchecked]]:
    """Findings and unreadable files from ruff's diagnostics."""
    known = path_map(batch.paths)
    findings: list[RawFinding] = []
    unchecked: list[RawUnchecked] = []
    for item in diagnostics:
        path = known.get(relative(item.filename, batch.cwd))
        if path is None:
            continue
        code = item.code or "invalid-syntax"
        if code in ("E902", "io"):
            unchecked.append(RawUnchecked(path, "undecodable", item.message))
            continue
        start = item.location or Position(0, 0)
        # An end in column 1 means that the line before was the last one.
        end = item.end_location or start
        last = end.row - 1 if end.column == 1 and end.row > start.row else end.row
        findings.append(
            RawFinding(
                path=path,
                rule=code,
                message=item.message,
                severity=_severity(code),
                line=start.row,
                end_line=last,
                column=start.column,
                help_url=item.url or "",
                sensitive=code in ("S105", "S106", "S107"),
            )
        )
    return findings, unchecked


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
        diagnostics = self._check(batch, batch.paths)
        findings, unchecked = diagnose(batch, diagnostics)
        marked = files_with(batch, _MARKER)
        if marked:
            everything, _ = diagnose(batch, self._check(batch, marked, "--ignore-noqa"))
            lines = {
                path: batch.read(path).decode("utf-8", "replace").splitlines() for path in marked
            }

            def directive(finding: RawFinding) -> Suppression:
                return directive_in(
                    lines[finding.path], finding.line, finding.end_line, _DIRECTIVE, "noqa"
                )

            findings += suppressed(findings, everything, directive)
        return Scanned(findings, unchecked)

    def _check(self, batch: Batch, paths: Sequence[str], *more: str) -> list[Diagnostic]:
        done = batch.run(
            "check", "--output-format", "json", "--no-cache", "--force-exclude", "--no-fix",
            "--exit-zero", "--quiet", *more, "--", *paths,
        )  # fmt: skip
        return decode(done, list[Diagnostic], "ruff")

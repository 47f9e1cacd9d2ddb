"""Pyright, with the project's own settings."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from gatekeeper.model.finding import Severity
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.ports.process import Completed
from gatekeeper.scanners.ignores import PYRIGHT_IGNORES, ignored
from gatekeeper.scanners.interface import (
    Batch,
    Context,
    Layout,
    Prepared,
    RawFinding,
    Scanned,
    ScanScope,
)
from gatekeeper.scanners.output import decode, expect_status, path_map, relative
from gatekeeper.scanners.tools import PYRIGHT
from gatekeeper.scanners.typecheck import PYTHON, misconfigured, prepare, problem
from gatekeeper.text.patterns import regex

_SEVERITY: Mapping[str, Severity] = {"error": "medium", "warning": "low", "information": "info"}
# After these it goes on without the setting, or without all of them, and may even exit with 0.
_UNUSABLE = regex(
    r"^(?:Config file .* could not be (?:read|parsed).*"
    r"|Config \"[^\"]*\" (?:entry|field|value) .*"
    r"|invalid \"[^\"]*\" value.*)$",
    re.MULTILINE,
)


class Place(Struct):
    """A line and a column, from 0."""

    line: int
    character: int


class Range(Struct):
    """Where a diagnostic is."""

    start: Place
    end: Place


class Diagnostic(Struct):
    """The part of a diagnostic that is used; syntax errors and notes have no rule."""

    severity: str
    message: str
    file: str = ""
    range: Range | None = None
    rule: str | None = None
    cell: int | None = None


class Summary(Struct, rename="camel"):
    """How much was done."""

    files_analyzed: int


class Report(Struct, rename="camel"):
    """The part of pyright's JSON that is used."""

    general_diagnostics: list[Diagnostic]
    summary: Summary


def findings(batch: Batch, done: Completed, tool: str, help_url: str) -> list[RawFinding]:
    """The findings in the JSON of pyright or one of its kind. Errors: ToolError."""
    before, done = _apart(done)
    if said := _UNUSABLE.search(f"{before}\n{done.stderr}"):
        raise misconfigured(tool, done, said.group())
    if done.status in (3, 4):
        raise misconfigured(tool, done)
    expect_status(done, (0, 1), tool)
    report = decode(done, Report, tool)
    if not report.summary.files_analyzed:
        raise misconfigured(tool, done, "its settings leave no file to check")
    known = path_map(batch.paths)
    return [
        _finding(item, path, batch.cwd, help_url)
        for item in report.general_diagnostics
        if (path := known.get(relative(item.file, batch.cwd)))
    ]


def _apart(done: Completed) -> tuple[str, Completed]:
    """What was printed before the JSON, and the rest: warnings go to standard output too."""
    at = 0 if done.stdout.startswith(b"{") else done.stdout.find(b"\n{") + 1
    before = done.stdout[:at].decode("utf-8", "replace")
    return before, msgspec.structs.replace(done, stdout=done.stdout[at:])


def _finding(item: Diagnostic, path: str, cwd: str, help_url: str) -> RawFinding:
    start, end = (item.range.start, item.range.end) if item.range else (Place(-1, -1),) * 2
    return problem(
        path,
        item.rule or item.severity,
        item.message,
        _SEVERITY.get(item.severity, "medium"),
        cwd=cwd,
        start=(start.line + 1, start.character + 1),
        end=(end.line + 1, end.character + 1),
        cell=None if item.cell is None else item.cell + 1,
        help_url=f"{help_url}#{item.rule}" if item.rule else "",
    )


class Pyright:
    """Type errors as pyright sees them."""

    id = "pyright"
    gate: GateId = "types"
    stage: Stage = "ci"
    scope: ScanScope = "tree"
    layout: Layout = "tree"
    tool = PYRIGHT
    size_limited = True
    revision = 1
    startup = 1.5
    rate = 8.0

    def prepare(self, context: Context) -> Prepared | Skipped:
        return prepare(context, self.id, PYTHON)

    def scan(self, batch: Batch) -> Scanned:
        # Named files would replace the `include` of the settings, so none are.
        done = batch.run("--outputjson", env={"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"})
        url = "https://github.com/microsoft/pyright/blob/main/docs/configuration.md"
        return Scanned(findings(batch, done, self.id, url) + ignored(batch, PYRIGHT_IGNORES))

"""Pyrefly, with the project's own settings."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from gatekeeper.model.finding import Severity
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.scanners.ignores import PYREFLY_IGNORES, ignored
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
from gatekeeper.scanners.output import decode, expect_status, path_map, relative
from gatekeeper.scanners.tools import PYREFLY
from gatekeeper.scanners.typecheck import NOTEBOOKS, misconfigured, prepare, problem

_SEVERITY: Mapping[str, Severity] = {"warn": "low", "info": "info"}


class Problem(Struct):
    """The part of pyrefly's JSON that is used; lines and columns from 1.

    `concise_description` leaves out the folders that were looked at; older versions lack it.
    """

    line: int
    column: int
    path: str
    name: str
    description: str
    stop_line: int = 0
    stop_column: int = 0
    concise_description: str = ""
    severity: str = "error"
    cell: int | None = None

    @property
    def message(self) -> str:
        """What it says, in short."""
        return self.concise_description or self.description


class Report(Struct):
    """All problems."""

    errors: list[Problem]


class Pyrefly:
    """Type errors as pyrefly sees them."""

    id = "pyrefly"
    gate: GateId = "types"
    stage: Stage = "ci"
    scope: ScanScope = "tree"
    layout: Layout = "tree"
    tool = PYREFLY
    size_limited = True
    revision = 1
    startup = 0.3
    rate = 0.5

    def prepare(self, context: Context) -> Prepared | Skipped:
        return prepare(context, self.id, NOTEBOOKS)

    def scan(self, batch: Batch) -> Scanned:
        done = batch.run("check", "--output-format", "json", "--color", "never", "--summary=none")
        # Unusable settings end in status 1 like errors do, but without a report.
        if done.status in (1, 2) and not done.stdout.strip():
            raise misconfigured("pyrefly", done, _trouble(done.stderr))
        expect_status(done, (0, 1), "pyrefly")
        known = path_map(batch.paths)
        findings: list[RawFinding] = []
        unchecked: list[RawUnchecked] = []
        for item in decode(done, Report, "pyrefly").errors:
            path = known.get(relative(item.path, batch.cwd))
            if path is None:
                continue
            if item.description.startswith("Failed to load `"):
                message = item.message.replace(f"{batch.cwd}/", "")
                unchecked.append(RawUnchecked(path, "unreadable", message))
            else:
                findings.append(_finding(item, path, batch.cwd))
        return Scanned(findings + ignored(batch, PYREFLY_IGNORES), unchecked)


def _finding(item: Problem, path: str, cwd: str) -> RawFinding:
    return problem(
        path,
        item.name,
        item.message,
        _SEVERITY.get(item.severity, "medium"),
        cwd=cwd,
        start=(item.line, item.column),
        end=(item.stop_line, item.stop_column),
        cell=item.cell,
        help_url=f"https://pyrefly.org/en/docs/error-kinds/#{item.name}",
    )


def _trouble(stderr: str) -> str:
    """The line that names the trouble; the last one is often a mere "fatal configuration error"."""
    for line in stderr.splitlines():
        text = line.strip()
        if text.startswith(("ERROR ", "Broken")) or "does not exist" in text:
            return text.removeprefix("ERROR ")
    return ""

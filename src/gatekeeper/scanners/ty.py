"""ty, with the project's own settings."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from gatekeeper.model.finding import Severity
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.scanners.ignores import TY_IGNORES, ignored
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
from gatekeeper.scanners.tools import TY
from gatekeeper.scanners.typecheck import NOTEBOOKS, misconfigured, prepare, problem

_SEVERITY: Mapping[str, Severity] = {"minor": "low", "info": "info"}


class Place(Struct):
    """A line and a column, from 1."""

    line: int
    column: int


class Positions(Struct):
    """Where an issue is."""

    begin: Place
    end: Place


class Location(Struct):
    """The file and the place in it."""

    path: str
    positions: Positions


class Issue(Struct):
    """The part of a GitLab code-quality issue that is used."""

    check_name: str
    description: str
    severity: str
    location: Location


class Ty:
    """Type errors as ty sees them."""

    id = "ty"
    gate: GateId = "types"
    stage: Stage = "ci"
    scope: ScanScope = "tree"
    layout: Layout = "tree"
    tool = TY
    size_limited = True
    revision = 1
    startup = 0.1
    rate = 0.5

    def prepare(self, context: Context) -> Prepared | Skipped:
        return prepare(context, self.id, NOTEBOOKS)

    def scan(self, batch: Batch) -> Scanned:
        # GitLab's variable, where it is set, moves the paths of this format to another folder.
        done = batch.run(
            "check", "--output-format", "gitlab", "--color", "never", "--no-progress",
            env={"CI_PROJECT_DIR": batch.cwd},
        )  # fmt: skip
        if done.status == 2 and not done.stdout.strip():
            raise misconfigured("ty", done, _causes(done.stderr))
        issues = decode(done, list[Issue], "ty")
        # Status 2 is also how it ends when it could not read one of the files.
        unread = [issue for issue in issues if issue.check_name == "io"]
        expect_status(done, (0, 1, 2) if unread else (0, 1), "ty")
        if "no python files found" in done.stderr.lower():
            raise misconfigured("ty", done, "its settings leave no file to check")
        known = path_map(batch.paths)
        findings: list[RawFinding] = []
        unchecked: list[RawUnchecked] = []
        for issue in issues:
            path = known.get(relative(issue.location.path, batch.cwd))
            if path is None:
                continue
            if issue.check_name == "io":
                unchecked.append(RawUnchecked(path, "unreadable", _message(issue)))
            else:
                findings.append(_finding(issue, path, batch.cwd))
        return Scanned(findings + ignored(batch, TY_IGNORES), unchecked)


def _finding(issue: Issue, path: str, cwd: str) -> RawFinding:
    begin, end = issue.location.positions.begin, issue.location.positions.end
    return problem(
        path,
        issue.check_name,
        _message(issue),
        _SEVERITY.get(issue.severity, "medium"),
        cwd=cwd,
        start=(begin.line, begin.column),
        end=(end.line, end.column),
        help_url=f"https://ty.dev/rules#{issue.check_name}",
    )


def _message(issue: Issue) -> str:
    return issue.description.removeprefix(f"{issue.check_name}: ")


def _causes(stderr: str) -> str:
    """ty's reasons, which stand above the excerpt of the file that its error ends with."""
    causes = [line.strip() for line in stderr.splitlines() if line.strip().startswith("Cause:")]
    return "; ".join(cause.removeprefix("Cause:").strip() for cause in causes)

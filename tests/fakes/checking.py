"""A whole check without git, tools or a disk cache: versions in dicts, scanners that read lines.

A line with `bad` in it is a problem; a file with `broken` cannot be checked; one with `crash` ends
the scanner. What a scanner finds depends on nothing else, so checks can be made up at random.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import msgspec

from gatekeeper.adapters.no_cache import NoCache
from gatekeeper.adapters.progress import SilentProgress
from gatekeeper.adapters.projectenv import ProjectEnvironment
from gatekeeper.adapters.workspace import TemporaryWorkspaces
from gatekeeper.config.load import Loaded, load
from gatekeeper.model.finding import Measurement
from gatekeeper.model.outcome import Ran, Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.model.shard import Shard
from gatekeeper.model.tool import ToolSpec, ToolStatus
from gatekeeper.model.tree import Delta
from gatekeeper.model.verdict import Report
from gatekeeper.model.waiver import Waiver
from gatekeeper.pipeline.base import Wanted
from gatekeeper.pipeline.check import Check, Request, Services
from gatekeeper.pipeline.run import Means
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.ports.repository import Repository, Snapshot
from gatekeeper.scanners.change_interface import Change, ChangeScanned
from gatekeeper.scanners.interface import (
    Batch,
    Context,
    Prepared,
    RawFinding,
    RawUnchecked,
    Scanned,
    Scanner,
    ScanScope,
)
from tests.fakes.advisories import no_advisories, no_auditors, no_indexes, no_resolver
from tests.fakes.remotes import no_remotes
from tests.fakes.scanning import FakeSnapshot


@dataclass(frozen=True)
class Versions:
    """A repository of two commits: the base, and head."""

    head_files: Mapping[str, bytes]
    base_files: Mapping[str, bytes]

    @property
    def root(self) -> str:
        return "/nowhere"

    def head(self) -> str:
        return "head"

    def resolve(self, name: str) -> str:
        return name

    def merge_base(self, one: str, other: str) -> str:
        return other

    def commit_snapshot(self, commit: str) -> Snapshot:
        files = self.head_files if commit == "head" else self.base_files
        return FakeSnapshot(files, kind="commit", label=commit)

    def deltas(self, base: Snapshot, head: Snapshot) -> list[Delta]:
        old, new = base.entries(), head.entries()
        return [
            Delta(path, old.get(path), new.get(path))
            for path in sorted({*old, *new})
            if old.get(path) != new.get(path)
        ]


TOOL = ToolSpec("reader", "reader", ("bin/reader",))


@dataclass
class Reader:
    """Finds the lines with `bad`; the names decide which files it reads."""

    id: str = "ruff"
    gate: GateId = "lint"
    scope: ScanScope = "file"
    suffix: str = ".py"
    stage: Stage = "ci"
    layout: Any = "tree"
    size_limited: bool = True
    revision: int = 1
    startup: float = 0.0
    rate: float = 1.0
    tool: ToolSpec = TOOL
    seen: list[str] = field(default_factory=list)

    def prepare(self, context: Context) -> Prepared | Skipped:
        return Prepared(selects=lambda path: path.endswith(self.suffix), digest="")

    def scan(self, batch: Batch) -> Scanned:
        findings: list[RawFinding] = []
        unchecked: list[RawUnchecked] = []
        for path in batch.paths:
            self.seen.append(path)
            lines = batch.read(path).decode().split("\n")
            if "crash" in lines:
                raise ToolError("tool-crashed", f"{self.id} does not get on")
            if "broken" in lines:
                unchecked.append(RawUnchecked(path, "parse-error", "makes no sense"))
            findings += [
                RawFinding(path=path, rule="R1", message=line, severity="high", line=number)
                for number, line in enumerate(lines, start=1)
                if "bad" in line
            ]
        return Scanned(findings, unchecked)


@dataclass
class Counter:
    """Judges the change: one finding, and a number."""

    id: str = "size"
    gate: GateId = "size"
    stage: Stage = "ci"
    revision: int = 1

    def prepare(self, change: Change) -> Skipped | None:
        return None if change.deltas else Skipped("nothing-changed", "nothing changed")

    def plan(self, change: Change) -> str:
        return "counts"

    def scan(self, change: Change) -> ChangeScanned:
        found = RawFinding(path="", rule="many", message="many", severity="low", anchor="many")
        number = Measurement(self.id, "size.files", len(change.deltas), "files")
        return ChangeScanned(new=[found], measurements=[number])


class _Toolbox:
    def status(self, spec: ToolSpec) -> ToolStatus:
        return ToolStatus(spec.id, "locked", "1.0", installed=True, path="", digest="digest")

    def digest(self, spec: ToolSpec) -> str:
        return "digest"

    def executable(self, spec: ToolSpec) -> str:
        return "reader"

    def cancel(self) -> None:
        raise AssertionError("nothing to cancel")


class _Processes:
    def run(self, argv: Sequence[str], **more: Any) -> Completed:
        raise AssertionError(f"nothing is started, but {argv}")

    def run_own(self, argv: Sequence[str], **more: Any) -> Completed:
        raise AssertionError(f"nothing is started, but {argv}")

    def cancel(self) -> None:
        raise AssertionError("nothing to cancel")


class _Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def today(self) -> str:
        return "2026-01-02"

    def monotonic(self) -> float:
        self.time += 1.0
        return self.time


@dataclass
class Bench:
    """Checks of one pair of versions. `settings` is the text of gatekeeper.yml."""

    versions: Versions
    scanners: Sequence[Scanner]
    settings: str = "preset: standard\n"
    waivers: Sequence[Waiver] = ()
    wanted: Wanted = field(default_factory=lambda: Wanted(base="base"))

    def check(self, shard: Shard | None = None, **more: Any) -> Check:
        """A check, or one part of it. `more` are fields of Request."""
        head = self.versions.commit_snapshot("head")
        loaded: Loaded = load(
            lambda path: self.settings.encode() if path == "gatekeeper.yml" else None
        )
        means = Means(
            root=self.versions.root,
            settings=head,
            config=loaded.config,
            toolbox=_Toolbox(),
            processes=_Processes(),
            workspaces=TemporaryWorkspaces(),
            environment=ProjectEnvironment(self.versions.root, {}),
            advisories=no_advisories,
            resolver=no_resolver,
            auditors=no_auditors,
            indexes=no_indexes,
            remotes=no_remotes,
            today="2026-01-02",
        )
        services = Services(
            repository=cast(Repository, self.versions),
            means=means,
            cache=NoCache(),
            clock=_Clock(),
            progress=SilentProgress(),
            scanners=tuple(self.scanners),
            change_scanners=(Counter(),),
            environment="",
        )
        request = Request(wanted=self.wanted, shard=shard or Shard(), **more)
        return Check(request, head, 0, loaded, self.waivers, services)

    def with_head(self, files: Mapping[str, bytes]) -> Bench:
        """The same with other files at head."""
        return replace(self, versions=replace(self.versions, head_files=files))


def run(check: Check) -> Report:
    """What the check says; its temporary folders are gone afterwards."""
    try:
        return check.run()
    finally:
        check.services.means.workspaces.close()


def timeless(report: Report) -> Report:
    """The report without how long it took."""
    outcomes = tuple(
        msgspec.structs.replace(
            item,
            outcome=item.outcome
            if isinstance(item.outcome, Skipped)
            else msgspec.structs.replace(item.outcome, seconds=0.0),
        )
        for item in report.outcomes
    )
    return msgspec.structs.replace(report, outcomes=outcomes, seconds=0.0)


def ran(report: Report, scanner: str) -> Ran:
    """A scanner's outcome."""
    outcome = next(item.outcome for item in report.outcomes if item.scanner == scanner)
    assert isinstance(outcome, Ran), outcome
    return outcome

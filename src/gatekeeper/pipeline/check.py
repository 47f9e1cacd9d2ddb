"""The use case behind `gatekeeper check`: scan, compare, judge."""

from __future__ import annotations

import time
from collections.abc import Sequence

from msgspec import Struct

from gatekeeper.config.load import Loaded
from gatekeeper.errors import UsageError
from gatekeeper.model.outcome import Failed, Outcome, Ran, Skipped
from gatekeeper.model.plan import Plan, PlanRow
from gatekeeper.model.policy import GATE_IDS, GateId, Stage
from gatekeeper.model.verdict import Comparison, Report, ScannerOutcome
from gatekeeper.model.waiver import Waiver
from gatekeeper.pipeline.base import Wanted, choose_base
from gatekeeper.pipeline.change import TheChange, run_change_scanner
from gatekeeper.pipeline.gate import overall
from gatekeeper.pipeline.judge import Judge
from gatekeeper.pipeline.run import Means
from gatekeeper.pipeline.scan import ScannerRun, Surroundings, Versions
from gatekeeper.pipeline.schedule import Schedule
from gatekeeper.pipeline.select import Scope, skip_reason
from gatekeeper.pipeline.waive import Waived
from gatekeeper.ports.cache import Cache
from gatekeeper.ports.clock import Clock
from gatekeeper.ports.progress import Progress
from gatekeeper.ports.repository import Repository, Snapshot
from gatekeeper.scanners.interface import ChangeScanner, Context, Scanner
from gatekeeper.text.fingerprint import digest

_OWN_FILES = ("gatekeeper.yml", ".github/gatekeeper.yml")
_OWN_FOLDER = ".gatekeeper/"


class Request(Struct, frozen=True):
    """What was asked for on the command line."""

    wanted: Wanted = Wanted()
    stage: Stage = "ci"
    gates: tuple[GateId, ...] = ()
    paths: tuple[str, ...] = ()
    jobs: int = 1
    sarif_files: tuple[str, ...] = ()
    sarif_base_files: tuple[str, ...] = ()


class Services(Struct, frozen=True):
    """Everything with a side effect."""

    repository: Repository
    means: Means
    cache: Cache
    clock: Clock
    progress: Progress
    scanners: tuple[Scanner, ...]
    change_scanners: tuple[ChangeScanner, ...]
    environment: str


class Check:
    """One check, step by step: `plan` shows the first half, `run` does all of it."""

    def __init__(
        self, request: Request, head: Snapshot, since: int, loaded: Loaded,
        waivers: Sequence[Waiver], services: Services,
    ) -> None:  # fmt: skip
        self._request = request
        self._loaded = loaded
        self._waivers = waivers
        self._services = services
        self.base = choose_base(services.repository, request.wanted)
        snapshot = self.base.snapshot
        deltas = services.repository.deltas(snapshot, head) if snapshot else []
        self.versions = Versions(head, snapshot, tuple(deltas), since)
        everything = request.wanted.everything
        # In the hook only what the change touches is looked at, and with --staged ever more so.
        limited = request.stage == "hook" and not everything and snapshot is not None
        self.scope = Scope(
            prefixes=request.paths,
            exclude=loaded.config.exclude,
            changed=frozenset(it.path for it in deltas if it.new is not None) if limited else None,
        )
        self.gates = self._chosen_gates()
        around = Surroundings(
            self.versions,
            self.scope,
            Context(head, loaded.config, services.repository.root, services.environment),
            services.means,
            services.cache,
            services.progress,
            services.cache.rates(),
            request.jobs,
        )
        self.runs = [
            ScannerRun(scanner, around)
            for scanner in services.scanners
            if scanner.gate in self.gates
        ]

    def _chosen_gates(self) -> tuple[GateId, ...]:
        enabled = {gate for gate, policy in self._loaded.policy.gates.items() if policy.enabled} | {
            it.gate for it in self._loaded.policy.overrides if it.policy.enabled
        }
        asked = self._request.gates
        if off := [gate for gate in asked if gate not in enabled]:
            raise UsageError(
                f"gate {off[0]} is off, so it has no verdict",
                remedy=f"set gates.{off[0]}.enabled: true in gatekeeper.yml",
            )
        return tuple(gate for gate in GATE_IDS if gate in enabled and (not asked or gate in asked))

    def look(self) -> None:
        """Find out, for every scanner, what is known and what is missing."""
        for run in self.runs:
            run.outcome = self._skipped(run.scanner)
            if run.outcome is None:
                run.look()

    def _skipped(self, scanner: Scanner | ChangeScanner) -> Skipped | None:
        return skip_reason(scanner, self._loaded.config, self._loaded.policy, self._request.stage)

    def plan(self) -> Plan:
        """What `run` would do, without starting a tool."""
        base = self.base
        if base.problem:
            rows = [
                PlanRow(item.scanner, item.gate, f"{_PLANNED[type(item.outcome)]}: {_said(item)}")
                for item in self._without_base()
            ]
            return Plan(f"nothing ({base.problem})", self._request.stage, tuple(rows))
        self.look()
        against = f" against {base.name}" if base.name else ""
        rows = [plan_row(run, self._services.means) for run in self.runs]
        for scanner in self._services.change_scanners:
            if scanner.gate in self.gates:
                skipped = self._skipped(scanner) or scanner.prepare(self._change())
                what = f"skip: {skipped.message}" if skipped else "run: judges the change itself"
                rows.append(PlanRow(scanner.id, scanner.gate, what))
        return Plan(
            f"{self.versions.head.label}{against} ({base.why})",
            self._request.stage,
            tuple(rows),
        )

    def run(self) -> Report:
        """Scan, compare and judge."""
        started = self._services.clock.monotonic()
        if self.base.problem:
            outcomes = self._without_base()
        else:
            self.look()
            schedule = Schedule(self._request.jobs)
            for run in self.runs:
                run.start(schedule)
            schedule.run(self._stop)
            outcomes = [
                ScannerOutcome(run.scanner.id, run.scanner.gate, self._outcome_of(run))
                for run in self.runs
            ]
            outcomes += self._judge_change()
        return self._report(outcomes, self._services.clock.monotonic() - started)

    def _stop(self) -> None:
        """Installations first: their workers would go on to start the tool."""
        self._services.means.toolbox.cancel()
        self._services.means.processes.cancel()

    @staticmethod
    def _outcome_of(run: ScannerRun) -> Outcome:
        return run.outcome or Failed("tool-crashed", "the scanner ended without an answer")

    def _without_base(self) -> list[ScannerOutcome]:
        """With no base, nothing can be called new: nothing is scanned, nothing passes."""
        scanners: list[Scanner | ChangeScanner] = [
            *self._services.scanners,
            *self._services.change_scanners,
        ]
        return [
            ScannerOutcome(
                scanner.id,
                scanner.gate,
                self._skipped(scanner)
                or Failed("base-unavailable", self.base.problem, self.base.remedy),
            )
            for scanner in scanners
            if scanner.gate in self.gates
        ]

    def _judge_change(self) -> list[ScannerOutcome]:
        change = self._change()
        return [
            ScannerOutcome(
                scanner.id,
                scanner.gate,
                self._skipped(scanner) or run_change_scanner(scanner, change),
            )
            for scanner in self._services.change_scanners
            if scanner.gate in self.gates
        ]

    def _change(self) -> TheChange:
        return TheChange(
            self._services.repository,
            self.versions,
            self.base,
            self._loaded.config,
            self._request.sarif_files,
            self._request.sarif_base_files,
        )

    def _report(self, outcomes: list[ScannerOutcome], seconds: float) -> Report:
        services = self._services
        judge = Judge(
            policy=self._loaded.policy,
            gates=self.gates,
            deltas=self.versions.deltas if self.versions.base else None,
            scopes={run.scanner.id: run.scanner.scope for run in self.runs},
            prefixes=self._request.paths,
        )
        waived = Waived(self._waivers, services.clock.today())
        judged = judge.judge(outcomes, waived)
        tools = (
            f"{run.scanner.id} {services.means.toolbox.digest(run.scanner.tool)}"
            for run in self.runs
        )
        complete = self._request.stage != "hook" and not (
            self._request.paths
            or self._request.gates
            or any(isinstance(item.outcome, Failed) for item in outcomes)
        )
        return Report(
            verdict=overall(judged.gates),
            gates=judged.gates,
            outcomes=tuple(outcomes),
            findings=judged.findings,
            unchecked=judged.unchecked,
            waivers=waived.notes(self._loaded.config.waivers.max_findings, complete),
            waivers_used=waived.used(),
            comparison=Comparison(
                head=self.versions.head.label,
                base=self.base.name,
                why=self.base.why,
                changed_files=len(self.versions.deltas),
                tree_digest=self.versions.head.digest,
                base_digest=self.versions.base.digest if self.versions.base else "",
            ),
            stage=self._request.stage,
            policy_digest=digest(self._loaded.digest, *(repr(waiver) for waiver in self._waivers)),
            tools_digest=digest(*tools),
            notes=(*services.cache.notes, *self._own_changes()),
            seconds=seconds,
        )

    def _own_changes(self) -> list[str]:
        """A change that edits the rules it is judged by says so."""
        own = {*self._loaded.sources, *_OWN_FILES}
        edited = [
            delta.path
            for delta in self.versions.deltas
            if delta.path in own or delta.path.startswith(_OWN_FOLDER)
        ]
        return [f"this change edits what it is judged by: {path}" for path in edited]


_PLANNED: dict[type[Outcome], str] = {Skipped: "skip", Failed: "fail"}


def _said(item: ScannerOutcome) -> str:
    return "" if isinstance(item.outcome, Ran) else item.outcome.message


def plan_row(run: ScannerRun, means: Means) -> PlanRow:
    """One scanner's line of the plan."""
    scanner = run.scanner
    if isinstance(run.outcome, Skipped):
        return PlanRow(scanner.id, scanner.gate, f"skip: {run.outcome.message}")
    if isinstance(run.outcome, Failed):
        return PlanRow(scanner.id, scanner.gate, f"fail: {run.outcome.message}")
    missing = tuple(run.head.missing) if run.head else ()
    known = run.files - len(missing)
    what = f"{'run' if missing else 'recall'}: {run.files:,} files, {known:,} cached"
    status = means.toolbox.status(scanner.tool)
    ready = "installed" if status.installed else "not installed yet"
    tool = f"{status.id} {status.version} ({status.source}, {ready})".replace("  ", " ")
    return PlanRow(scanner.id, scanner.gate, what, missing, tool)


def now() -> int:
    """When a snapshot is about to be taken, in nanoseconds, as file times count them."""
    return time.time_ns()

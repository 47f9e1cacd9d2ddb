"""The use case behind `gatekeeper check`: scan, compare, judge."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from msgspec import Struct

from gatekeeper.config.load import Loaded
from gatekeeper.model.given import Given
from gatekeeper.model.outcome import Failed, Outcome, Ran, Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.model.shard import Shard
from gatekeeper.model.verdict import Comparison, Report, ScannerOutcome
from gatekeeper.model.waiver import Waiver
from gatekeeper.pipeline.base import Wanted, choose_base
from gatekeeper.pipeline.change import TheChange, run_change_scanner
from gatekeeper.pipeline.gate import overall
from gatekeeper.pipeline.judge import Judge
from gatekeeper.pipeline.run import Means
from gatekeeper.pipeline.scan import ScannerRun, Surroundings, Versions
from gatekeeper.pipeline.schedule import Schedule
from gatekeeper.pipeline.select import Scope, chosen_gates, skip_reason
from gatekeeper.pipeline.waive import Waived
from gatekeeper.ports.cache import Cache
from gatekeeper.ports.clock import Clock
from gatekeeper.ports.progress import Progress
from gatekeeper.ports.repository import Repository, Snapshot
from gatekeeper.scanners.change_interface import ChangeScanner
from gatekeeper.scanners.interface import Context, Scanner
from gatekeeper.text.fingerprint import digest

_OWN_FILES = ("gatekeeper.yml", ".github/gatekeeper.yml")
_OWN_FOLDER = ".gatekeeper/"


class Request(Struct, frozen=True):
    """What was asked for on the command line.

    `insisted` gates were asked for without leaving out others: what they need has to be there.
    """

    wanted: Wanted = Wanted()
    stage: Stage = "ci"
    gates: tuple[GateId, ...] = ()
    paths: tuple[str, ...] = ()
    jobs: int = 1
    given: Given = Given()
    shard: Shard = Shard()
    insisted: tuple[GateId, ...] = ()

    @property
    def question(self) -> str:
        """What was asked, in words that are the same for all parts of one check."""
        wanted = self.wanted
        asked = (wanted.everything, wanted.staged, self.stage, self.gates, self.paths)
        return repr((*asked, self.given))


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
    """One check, step by step: planning.py shows the first half, `run` does all of it."""

    def __init__(
        self, request: Request, head: Snapshot, since: int, loaded: Loaded,
        waivers: Sequence[Waiver], services: Services,
    ) -> None:  # fmt: skip
        self.request = request
        self._loaded = loaded
        self.policy = loaded.policy
        self._waivers = waivers
        self.services = services
        self.base = choose_base(services.repository, request.wanted)
        snapshot = self.base.snapshot
        deltas = services.repository.deltas(snapshot, head) if snapshot else []
        for parent in self.base.merged:
            # As git shows a merge: what is as it was on either side was judged there.
            differing = {delta.path for delta in services.repository.deltas(parent, head)}
            deltas = [delta for delta in deltas if delta.path in differing]
        self.versions = Versions(head, snapshot, tuple(deltas), since)
        everything = request.wanted.everything
        # In the hook only what the change touches is looked at, and with --staged ever more so.
        limited = request.stage == "hook" and not everything and snapshot is not None
        self.scope = Scope(
            prefixes=request.paths,
            exclude=loaded.config.exclude,
            changed=frozenset(it.path for it in deltas if it.new is not None) if limited else None,
            shard=request.shard,
        )
        self.gates = chosen_gates(loaded, request.gates)
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
        self.runs = [ScannerRun(scanner, around) for scanner in self.scanners(request.shard)]

    def scanners(self, shard: Shard) -> list[Scanner]:
        """The scanners of the gates in question that look at files in this part of the check."""
        trees = [it.id for it in self.services.scanners if it.scope == "tree"]
        return [
            scanner
            for scanner in self.services.scanners
            if scanner.gate in self.gates
            and (scanner.scope == "file" or shard.has_tree(trees.index(scanner.id)))
        ]

    def change_scanners(self, shard: Shard) -> list[ChangeScanner]:
        """The scanners of the gates in question that judge the change in this part of the check."""
        return [
            scanner
            for scanner in self.services.change_scanners
            if scanner.gate in self.gates and shard.has_change
        ]

    def look(self) -> None:
        """Find out, for every scanner, what is known and what is missing."""
        for run in self.runs:
            run.outcome = self.skipped(run.scanner)
            if run.outcome is None:
                run.look()

    def skipped(self, scanner: Scanner | ChangeScanner) -> Skipped | None:
        """Why a scanner does not run, as far as policy and stage are concerned."""
        return skip_reason(scanner, self._loaded.config, self._loaded.policy, self.request.stage)

    def run(self) -> Report:
        """Scan, compare and judge."""
        started = self.services.clock.monotonic()
        outcomes = self.outcomes()
        tools = {run.scanner.id: self.tool_digest(run.scanner) for run in self.runs}
        notes = self.services.cache.notes
        return self.report(outcomes, tools, notes, self.services.clock.monotonic() - started)

    def outcomes(self) -> list[ScannerOutcome]:
        """Scan, without judging."""
        if self.base.problem:
            return self.without_base()
        self.look()
        schedule = Schedule(self.request.jobs)
        for run in self.runs:
            run.start(schedule)
        schedule.run(self._stop)
        outcomes = [
            ScannerOutcome(run.scanner.id, run.scanner.gate, self._outcome_of(run))
            for run in self.runs
        ]
        return outcomes + self._judge_change()

    def tool_digest(self, scanner: Scanner) -> str:
        """Identity of the tool a scanner starts."""
        return self.services.means.toolbox.digest(scanner.tool)

    def _stop(self) -> None:
        """Installations first: their workers would go on to start the tool."""
        self.services.means.toolbox.cancel()
        self.services.means.processes.cancel()

    @staticmethod
    def _outcome_of(run: ScannerRun) -> Outcome:
        return run.outcome or Failed("tool-crashed", "the scanner ended without an answer")

    def without_base(self) -> list[ScannerOutcome]:
        """With no base, nothing can be called new: nothing is scanned, nothing passes."""
        shard = self.request.shard
        scanners: list[Scanner | ChangeScanner] = [
            *self.scanners(shard),
            *self.change_scanners(shard),
        ]
        return [
            ScannerOutcome(
                scanner.id,
                scanner.gate,
                self.skipped(scanner)
                or Failed("base-unavailable", self.base.problem, self.base.remedy),
            )
            for scanner in scanners
        ]

    def _judge_change(self) -> list[ScannerOutcome]:
        change = self.change()
        progress = self.services.progress
        return [
            ScannerOutcome(
                scanner.id,
                scanner.gate,
                self.skipped(scanner) or run_change_scanner(scanner, change, progress),
            )
            for scanner in self.change_scanners(self.request.shard)
        ]

    def change(self) -> TheChange:
        """The change, for scanners that judge it."""
        return TheChange(
            self.services.repository,
            self.versions,
            self.base,
            self.services.means,
            self.services.cache,
            self.request.given,
            (*self.request.gates, *self.request.insisted),
        )

    def policy_digest(self) -> str:
        """Identity of the configuration and the waivers."""
        return digest(self._loaded.digest, *(repr(waiver) for waiver in self._waivers))

    def report(
        self, outcomes: list[ScannerOutcome], tools: Mapping[str, str], notes: Sequence[str],
        seconds: float,
    ) -> Report:  # fmt: skip
        """Judge what scanners said, with the identity of the tools they used."""
        services = self.services
        judge = Judge(
            policy=self._loaded.policy,
            gates=self.gates,
            deltas=self.versions.deltas if self.versions.base else None,
            scopes={run.scanner.id: run.scanner.scope for run in self.runs},
            prefixes=self.request.paths,
        )
        waived = Waived(self._waivers, services.clock.today())
        judged = judge.judge(outcomes, waived)
        complete = self.request.stage != "hook" and not (
            self.request.paths
            or self.request.gates
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
            stage=self.request.stage,
            policy_digest=self.policy_digest(),
            tools_digest=digest(*(f"{name} {tools[name]}" for name in tools)),
            notes=(*notes, *self._own_changes(), *_notes(outcomes)),
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


def _notes(outcomes: Sequence[ScannerOutcome]) -> list[str]:
    """What scanners have to say besides their findings."""
    notes: list[str] = []
    for item in outcomes:
        if isinstance(item.outcome, Ran):
            notes += item.outcome.notes
        elif isinstance(item.outcome, Skipped) and item.outcome.hint:
            notes.append(f"{item.scanner}: {item.outcome.hint}")
    return notes


def now() -> int:
    """When a snapshot is about to be taken, in nanoseconds, as file times count them."""
    return time.time_ns()

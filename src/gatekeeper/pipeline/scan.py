"""One scanner's way through a check: remember, run what is missing, look at the base if needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct

from gatekeeper.model.outcome import Failed, Outcome, Ran, Skipped
from gatekeeper.model.tree import Delta
from gatekeeper.pipeline.chunks import chunks
from gatekeeper.pipeline.memory import FileMemory, Side, TreeMemory
from gatekeeper.pipeline.run import BatchAnswer, Means, run_batch
from gatekeeper.pipeline.schedule import Schedule
from gatekeeper.pipeline.select import Scope, files_for
from gatekeeper.ports.cache import Cache
from gatekeeper.ports.process import ToolError
from gatekeeper.ports.progress import Progress
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.interface import Context, Prepared, Scanner
from gatekeeper.text.names import plural
from gatekeeper.text.redact import redact


class Versions(Struct, frozen=True):
    """Head and base. `since` is when head was looked at, in ns. `base` None: no comparison."""

    head: Snapshot
    base: Snapshot | None
    deltas: tuple[Delta, ...]
    since: int


class Surroundings(Struct, frozen=True):
    """What all scanners of a check share."""

    versions: Versions
    scope: Scope
    context: Context
    means: Means
    cache: Cache
    progress: Progress
    rates: dict[str, float]
    workers: int


class ScannerRun:
    """Call `look`, then `start`; once the schedule has run, `outcome` is set."""

    def __init__(self, scanner: Scanner, around: Surroundings) -> None:
        self.scanner = scanner
        self.outcome: Outcome | None = None
        self.head: Side | None = None
        self.files = 0
        self.recalled = False
        self.base_failed: Failed | None = None
        self._split = scanner.scope == "file" and around.scope.shard.count > 1
        self._around = around
        self._prepared: Prepared | None = None
        self._memory: FileMemory | None = None
        self._seconds = 0.0
        self._open_chunks = 0
        self._touched = frozenset(delta.path for delta in around.versions.deltas)
        means = around.means
        self._identity = (
            scanner.id,
            str(scanner.revision),
            means.toolbox.digest(scanner.tool),
            str(means.config.limits.max_file_mb),
            around.context.environment if not scanner.tool.locked else "",
        )
        settings = (means.config.scanners, around.scope.exclude, around.scope.prefixes)
        part = (str(around.scope.shard),) if self._split else ()
        self._tree_memory = TreeMemory(
            around.cache,
            *self._identity,
            *part,
            msgspec.json.encode(settings, order="sorted").decode("utf-8", "surrogateescape"),
            around.versions.head.digest,
        )

    def look(self) -> None:
        """Find out what is known already and what is missing; starts nothing."""
        try:
            # With only changed files in question, the whole tree's answer would be too much.
            remembered = self._tree_memory.recall() if self._around.scope.changed is None else None
            if isinstance(remembered, Skipped):
                self.outcome = remembered
            elif remembered is not None:
                self.head = Side(self._around.versions.head, ())
                self.head.adopt(remembered)
                self.files = remembered.cached_files + remembered.scanned_files
                self.recalled = True
            else:
                self._look_at_files()
        except ToolError as error:
            self._fail(error)

    def start(self, schedule: Schedule) -> None:
        """Queue the first step."""
        if self.outcome is not None or self.head is None:
            return
        if self.head.missing:
            self._queue(schedule, self.head, lambda: self._after_head(schedule))
        else:
            self._after_head(schedule)

    def prepared(self) -> Prepared | Skipped:
        """What the scanner says about this tree; asked once."""
        if self._prepared is None:
            prepared = self.scanner.prepare(self._around.context)
            if isinstance(prepared, Skipped):
                return prepared
            self._prepared = prepared
            self._memory = FileMemory(self._around.cache, self.scanner, prepared, self._identity)
        return self._prepared

    def _look_at_files(self) -> None:
        prepared = self.prepared()
        around = self._around
        if isinstance(prepared, Skipped):
            self.outcome = prepared
            if around.scope.changed is None:
                self._tree_memory.store(prepared)
            return
        head = around.versions.head
        paths = files_for(self.scanner, prepared, head.entries(), around.scope)
        touches = around.scope.changed is None or any(map(prepared.selects, around.scope.changed))
        if not paths or not touches:
            limited = around.scope.changed is not None or around.scope.prefixes
            self.outcome = Skipped(
                "no-matching-files", f"no {'changed ' * bool(limited)}files of its kind"
            )
            return
        if self._split:
            paths = list(filter(around.scope.shard.has, paths))
        self.files = len(paths)
        self.head = Side(head, paths)
        self._recall(self.head)

    def _recall(self, side: Side) -> None:
        if self._memory is not None:
            self._memory.recall(side)

    def _after_head(self, schedule: Schedule) -> None:
        """Head is complete: compare with the base where that can matter."""
        head = self.head
        if head is None or not self._base_matters(head):
            self._finish(None)
            return
        try:
            base = self._base_side()
            if base is not None:
                self._recall(base)
        except ToolError as error:
            self._fail_at_base(error)
            return
        if base is not None and base.missing:
            self._queue(schedule, base, lambda: self._finish(base))
        else:
            self._finish(base)

    def _base_matters(self, head: Side) -> bool:
        """Only when something was found, or left open, that the change may have brought in."""
        if self._around.versions.base is None or not self._touched:
            return False
        if self._split:
            return True  # what another part finds may have been moved from a file of this one
        tree = self.scanner.scope == "tree"
        return any(
            (answer.findings or answer.unchecked) and (tree or path in self._touched)
            for path, answer in head.answers.items()
        )

    def _base_side(self) -> Side | None:
        around = self._around
        base = around.versions.base
        prepared = self.prepared()
        if base is None or isinstance(prepared, Skipped):
            return None
        if self.scanner.scope == "tree":
            return Side(base, files_for(self.scanner, prepared, base.entries(), around.scope))
        exclude_only = Scope(exclude=around.scope.exclude)
        shard = around.scope.shard
        return Side(
            base,
            [
                delta.path
                for delta in around.versions.deltas
                if delta.old is not None
                and delta.old.regular
                and prepared.selects(delta.path)
                and exclude_only.covers(delta.path)
                and shard.has(delta.path)
            ],
        )

    def _queue(self, schedule: Schedule, side: Side, then: Callable[[], None]) -> None:
        around = self._around
        prepared = self.prepared()
        if isinstance(prepared, Skipped):
            raise TypeError("a scanner that is skipped has nothing to queue")
        chunks = self._chunks(side)
        self._open_chunks = len(chunks)
        where = "" if side is self.head else " at the base"
        for paths, expected in chunks:

            def work(paths: Sequence[str] = paths) -> BatchAnswer:
                around.progress.started(self.scanner.id, plural(len(paths), "file") + where)
                return run_batch(
                    self.scanner,
                    prepared,
                    side.snapshot,
                    paths,
                    around.means,
                    around.versions.since,
                )

            schedule.add(expected, work, lambda result: self._take(side, result, then))

    def expected(self) -> float:
        """How many seconds of one processor head is expected to take beyond starting the tool."""
        if self.outcome is not None or self.head is None:
            return 0.0
        rate = self._around.rates.get(self.scanner.id, self.scanner.rate)
        return rate * sum(self.head.snapshot.sizes(self.head.missing).values()) / (1 << 20)

    def _chunks(self, side: Side) -> list[tuple[Sequence[str], float]]:
        around = self._around
        rate = around.rates.get(self.scanner.id, self.scanner.rate)
        return chunks(self.scanner, side.missing, rate, around.workers)

    def _take(self, side: Side, result: object, then: Callable[[], None]) -> None:
        """A chunk is done. Runs in the main thread, like everything that touches the cache."""
        self._open_chunks -= 1
        if self.outcome is not None:
            return
        if isinstance(result, ToolError):
            if side is self.head:
                self._fail(result)
            else:
                self._fail_at_base(result)
            return
        if not isinstance(result, BatchAnswer):
            raise result if isinstance(result, BaseException) else TypeError(result)
        self._seconds += result.seconds
        if self._memory is not None:
            self._memory.store(side, result)
        side.answers.update(result.files)
        side.measurements += result.measurements
        side.uncertain = side.uncertain or bool(result.uncertain)
        if result.bytes > 1 << 20 and self.scanner.scope == "file":
            net = max(result.seconds - self.scanner.startup, 0.01)
            self._around.cache.remember_rate(self.scanner.id, net / (result.bytes / (1 << 20)))
        if self._open_chunks == 0:
            then()

    def _finish(self, base: Side | None) -> None:
        head = self.head
        if head is None:
            raise TypeError("finished before it started")
        around = self._around
        ran = Ran(
            findings=head.findings(),
            unchecked=head.unchecked(),
            measurements=tuple(head.measurements),
            cached_files=self.files - len(head.missing),
            scanned_files=len(head.missing),
        )
        if not self.recalled and around.scope.changed is None and not head.uncertain:
            self._tree_memory.store(ran)
        self.outcome = msgspec.structs.replace(
            ran,
            base=base.findings() if base else None,
            base_unchecked=base.unchecked() if base else (),
            seconds=self._seconds,
            tool_version=around.means.toolbox.status(self.scanner.tool).version,
        )
        around.progress.finished(self.scanner.id, "")

    def _fail_at_base(self, error: ToolError) -> None:
        """Whether the base matters is not known here when only a part of head is."""
        if self._split:
            self.base_failed = self._failure(error)
            self._finish(None)
        else:
            self._fail(error)

    def _fail(self, error: ToolError) -> None:
        self.outcome = self._failure(error)
        self._around.progress.finished(self.scanner.id, self.outcome.message)

    def _failure(self, error: ToolError) -> Failed:
        return Failed(error.reason, redact(error.message), error.remedy, self._seconds)

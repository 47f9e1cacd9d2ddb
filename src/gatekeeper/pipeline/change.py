"""Running the scanners that judge the change itself."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from gatekeeper.errors import RepositoryError
from gatekeeper.model.finding import Finding, Unchecked
from gatekeeper.model.given import Given
from gatekeeper.model.outcome import Failed, Outcome, Ran, Skipped
from gatekeeper.model.policy import GateId
from gatekeeper.model.tree import Commit, Delta, Hunk, LineCount, changed_ranges
from gatekeeper.pipeline.base import Base
from gatekeeper.pipeline.project import TheProject
from gatekeeper.pipeline.run import Means, identify
from gatekeeper.pipeline.scan import Versions
from gatekeeper.ports.advisories import Advisories, AdvisoriesError
from gatekeeper.ports.auditors import Auditors
from gatekeeper.ports.cache import Cache
from gatekeeper.ports.package_index import PackageIndexes
from gatekeeper.ports.process import ToolError
from gatekeeper.ports.progress import Progress
from gatekeeper.ports.remotes import Remotes
from gatekeeper.ports.repository import Repository, Snapshot
from gatekeeper.ports.resolver import Resolver
from gatekeeper.scanners.change_interface import ChangeScanner
from gatekeeper.scanners.interface import RawFinding, RawUnchecked
from gatekeeper.scanners.project import Measured
from gatekeeper.text.fingerprint import digest
from gatekeeper.text.globs import matches
from gatekeeper.text.redact import redact

# Grows whenever what is remembered of a version would be read differently.
MEASURED = "measured 1"
REPORT_LIMIT = 64 * 1024 * 1024


class TheChange:
    """The change under check; see the Change protocol of the scanners."""

    def __init__(
        self, repository: Repository, versions: Versions, base: Base, means: Means, cache: Cache,
        given: Given, asked: Sequence[GateId] = (),
    ) -> None:  # fmt: skip
        self._repository = repository
        self._versions = versions
        self._base = base
        self._cache = cache
        self.config = means.config
        self.given = given
        self.head = versions.head
        self.base = versions.base
        self.project = TheProject(means, repository)
        self.measured: Measured | None = None
        self._means = means
        self.asked = tuple(asked)

    @property
    def today(self) -> str:
        return self._means.today

    def advisories(self) -> Advisories:
        return self._means.advisories()

    def resolver(self) -> Resolver:
        return self._means.resolver()

    def auditors(self) -> Auditors:
        return self._means.auditors()

    def indexes(self) -> PackageIndexes:
        return self._means.indexes()

    def remotes(self) -> Remotes:
        return self._means.remotes()

    @property
    def deltas(self) -> Sequence[Delta]:
        return self._versions.deltas

    @cached_property
    def _commits(self) -> Sequence[Commit]:
        if self._versions.head.kind == "index" or self._versions.base is None:
            return ()
        head = self._base.head
        return self._repository.commits(self._base.commit, head) if head else ()

    def commits(self) -> Sequence[Commit]:
        return self._commits

    @cached_property
    def _line_counts(self) -> Sequence[LineCount]:
        if self._versions.base is None:
            return ()
        counts = self._repository.line_counts(self._versions.base, self._versions.head)
        return [count for count in counts if not matches(self.config.exclude, count.path)]

    def line_counts(self) -> Sequence[LineCount]:
        return self._line_counts

    @cached_property
    def _changed_lines(self) -> Mapping[str, Sequence[tuple[int, int]]] | None:
        return None if self._versions.base is None else changed_ranges(self._hunks)

    def changed_lines(self) -> Mapping[str, Sequence[tuple[int, int]]] | None:
        return self._changed_lines

    @cached_property
    def _hunks(self) -> Sequence[Hunk]:
        if self._versions.base is None:
            return ()
        return self._repository.hunks(self._versions.base, self._versions.head)

    def hunks(self) -> Sequence[Hunk]:
        return self._hunks

    def uncommitted(self) -> frozenset[str]:
        commit = self._repository.head()
        if not commit:
            return frozenset(self.head.entries())
        last = self._repository.commit_snapshot(commit)
        return frozenset(it.path for it in self._repository.deltas(last, self.head) if it.new)

    def recall_tree(self, snapshot: Snapshot, *about: str) -> bytes | None:
        key = self._tree_key(snapshot, about)
        return self._cache.get_many([key]).get(key)

    def remember_tree(
        self, make: Callable[[], bytes | None], snapshot: Snapshot, *about: str
    ) -> None:
        if not self._cache.keeps or (snapshot.kind == "worktree" and self.changed_meanwhile()):
            return
        if (value := make()) is not None:
            self._cache.put_many({self._tree_key(snapshot, about): value})

    def recall_content(self, *about: str) -> bytes | None:
        key = bytes.fromhex(digest(MEASURED, "content", *about))
        return self._cache.get_many([key]).get(key)

    def remember_content(self, value: bytes, *about: str) -> None:
        self._cache.put_many({bytes.fromhex(digest(MEASURED, "content", *about)): value})

    @staticmethod
    def _tree_key(snapshot: Snapshot, about: Sequence[str]) -> bytes:
        return bytes.fromhex(digest(MEASURED, "tree", snapshot.digest, *about))

    def recall(self, snapshot: Snapshot, *about: str) -> bytes | None:
        key = self._key(snapshot, about)
        return self._cache.get_many([key]).get(key)

    def remember(self, value: bytes, snapshot: Snapshot, *about: str) -> None:
        self._cache.put_many({self._key(snapshot, about): value})

    def _key(self, snapshot: Snapshot, about: Sequence[str]) -> bytes:
        """A version is its files, whichever way they were looked at: head today is base tomorrow.

        Reports lie about in the tree where they were made and are no part of it.
        """
        from fnmatch import fnmatch

        root = os.path.realpath(self.project.root)
        reports = {
            os.path.relpath(os.path.realpath(path), root)
            for kind in self.given.__struct_fields__
            for path in getattr(self.given, kind)
        }
        left_behind = (*self.config.scanners.coverage.reports, *self.config.scanners.tests.junit)
        tree = digest(
            *(
                f"{path}\0{entry}"
                for path, entry in sorted(snapshot.entries().items())
                if path not in reports and not any(fnmatch(path, name) for name in left_behind)
            )
        )
        return bytes.fromhex(digest(MEASURED, tree, *about))

    def changed_meanwhile(self) -> Sequence[str]:
        if self.head.kind != "worktree":
            return ()
        then, now = self.head.entries(), self._repository.worktree(again=True).entries()
        return sorted(path for path, entry in then.items() if now.get(path) != entry)

    def read_report(self, path: str) -> bytes:
        try:
            if os.path.getsize(path) > REPORT_LIMIT:
                raise ToolError("input-invalid", f"{path} is larger than {REPORT_LIMIT >> 20} MiB")
            with open(path, "rb") as file:
                return file.read()
        except OSError as error:
            raise ToolError(
                "input-invalid",
                f"{path} cannot be read: {error.strerror or error}",
                "the tool that should have written it may have failed: look at its step",
            ) from None

    def read_file(self, path: str) -> bytes:
        """A file's content at head; KeyError or OSError when there is none to read."""
        return self._versions.head.read(path)

    def has_file(self, path: str) -> bool:
        entry = self._versions.head.entries().get(path)
        return entry is not None and entry.regular


def run_change_scanner(scanner: ChangeScanner, change: TheChange, progress: Progress) -> Outcome:
    """The outcome, with existing findings as those of the base."""
    started = time.monotonic()
    try:
        skipped = scanner.prepare(change)
        if skipped is not None:
            return skipped
        progress.started(scanner.id, scanner.plan(change))
        scanned = scanner.scan(change)
        progress.finished(scanner.id, "")
        if isinstance(scanned, Skipped):
            return scanned
    except ToolError as error:
        return Failed(error.reason, redact(error.message), error.remedy, time.monotonic() - started)
    except AdvisoriesError as error:
        seconds = time.monotonic() - started
        return Failed("advisories-unavailable", redact(error.message), error.remedy, seconds)
    except RepositoryError as error:
        return Failed("base-unavailable", error.message, error.remedy, time.monotonic() - started)
    change.measured = scanned.measured or change.measured
    existing = _identified(scanner.id, scanned.existing, change)
    return Ran(
        findings=(*_identified(scanner.id, scanned.new, change), *existing),
        unchecked=_left_open(scanner.id, scanned.unchecked),
        base_unchecked=_left_open(scanner.id, scanned.base_unchecked),
        accounts=tuple(scanned.accounts),
        measurements=tuple(scanned.measurements),
        base=existing,
        seconds=time.monotonic() - started,
        summary=redact(scanned.summary),
        notes=tuple(f"{scanner.id}: {redact(note)}" for note in scanned.notes),
    )


def _left_open(scanner: str, items: Sequence[RawUnchecked]) -> tuple[Unchecked, ...]:
    return tuple(
        Unchecked(scanner, it.path, it.reason, redact(it.message), it.subject, it.line)
        for it in items
    )


def _identified(scanner: str, raw: Sequence[RawFinding], change: TheChange) -> tuple[Finding, ...]:
    by_path: dict[str, list[RawFinding]] = {}
    for finding in raw:
        # An environment mostly lies where nobody wants files to be judged.
        if change.given.environments or not matches(change.config.exclude, finding.path):
            by_path.setdefault(finding.path, []).append(finding)
    found: list[Finding] = []
    for path in sorted(by_path):
        lines: list[str] = []
        if path:
            try:
                lines = change.read_file(path).decode("utf-8", "replace").split("\n")
            except (KeyError, OSError):
                lines = []
        found += identify(scanner, path, by_path[path], lines)
    return tuple(found)

"""Running the scanners that judge the change itself."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from functools import cached_property

from gatekeeper.config.schema import Config
from gatekeeper.errors import RepositoryError
from gatekeeper.model.finding import Finding, Unchecked
from gatekeeper.model.outcome import Failed, Outcome, Ran
from gatekeeper.model.tree import Commit, Delta, LineCount
from gatekeeper.pipeline.base import Base
from gatekeeper.pipeline.run import identify
from gatekeeper.pipeline.scan import Versions
from gatekeeper.ports.process import ToolError
from gatekeeper.ports.repository import Repository
from gatekeeper.scanners.interface import ChangeScanner, RawFinding
from gatekeeper.text.globs import matches
from gatekeeper.text.redact import redact

REPORT_LIMIT = 64 * 1024 * 1024


class TheChange:
    """The change under check; see the Change protocol of the scanners."""

    def __init__(
        self, repository: Repository, versions: Versions, base: Base, config: Config,
        sarif_files: Sequence[str], sarif_base_files: Sequence[str],
    ) -> None:  # fmt: skip
        self._repository = repository
        self._versions = versions
        self._base = base
        self.config = config
        self.sarif_files = sarif_files
        self.sarif_base_files = sarif_base_files

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
        if self._versions.base is None:
            return None
        return self._repository.changed_lines(self._versions.base, self._versions.head)

    def changed_lines(self) -> Mapping[str, Sequence[tuple[int, int]]] | None:
        return self._changed_lines

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


def run_change_scanner(scanner: ChangeScanner, change: TheChange) -> Outcome:
    """The outcome, with existing findings as those of the base."""
    started = time.monotonic()
    try:
        skipped = scanner.prepare(change)
        if skipped is not None:
            return skipped
        scanned = scanner.scan(change)
    except ToolError as error:
        return Failed(error.reason, redact(error.message), error.remedy, time.monotonic() - started)
    except RepositoryError as error:
        return Failed("base-unavailable", error.message, error.remedy, time.monotonic() - started)
    existing = _identified(scanner.id, scanned.existing, change)
    return Ran(
        findings=(*_identified(scanner.id, scanned.new, change), *existing),
        unchecked=tuple(
            Unchecked(scanner.id, item.path, item.reason, redact(item.message))
            for item in scanned.unchecked
        ),
        measurements=tuple(scanned.measurements),
        base=existing,
        seconds=time.monotonic() - started,
    )


def _identified(scanner: str, raw: Sequence[RawFinding], change: TheChange) -> tuple[Finding, ...]:
    by_path: dict[str, list[RawFinding]] = {}
    for finding in raw:
        if not matches(change.config.exclude, finding.path):
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

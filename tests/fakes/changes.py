"""A change as change scanners see it, told by the test instead of by git."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gatekeeper.config.schema import Config
from gatekeeper.model.tree import Commit, Delta, LineCount


@dataclass(frozen=True)
class FakeChange:
    """Holds the answers; `files` are the repository's paths, `reports` the files of --sarif-in."""

    config: Config = field(default_factory=Config)
    sarif_files: Sequence[str] = ()
    sarif_base_files: Sequence[str] = ()
    deltas: Sequence[Delta] = ()
    history: Sequence[Commit] = ()
    counts: Sequence[LineCount] = ()
    lines: Mapping[str, Sequence[tuple[int, int]]] | None = None
    reports: Mapping[str, bytes] = field(default_factory=dict)
    files: frozenset[str] = frozenset()

    def commits(self) -> Sequence[Commit]:
        return self.history

    def line_counts(self) -> Sequence[LineCount]:
        return self.counts

    def changed_lines(self) -> Mapping[str, Sequence[tuple[int, int]]] | None:
        return self.lines

    def read_report(self, path: str) -> bytes:
        return self.reports[path]

    def has_file(self, path: str) -> bool:
        return path in self.files

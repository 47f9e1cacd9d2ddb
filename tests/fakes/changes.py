"""A change as change scanners see it, told by the test instead of by git."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from gatekeeper.config.schema import Config
from gatekeeper.model.dependency import Inventory
from gatekeeper.model.given import Given
from gatekeeper.model.policy import GateId
from gatekeeper.model.tool import ToolSpec
from gatekeeper.model.tree import Commit, Delta, Hunk, LineCount
from gatekeeper.ports.advisories import Advisories
from gatekeeper.ports.auditors import Auditors
from gatekeeper.ports.package_index import PackageIndexes
from gatekeeper.ports.process import ToolError
from gatekeeper.ports.remotes import Remotes
from gatekeeper.ports.repository import Snapshot
from gatekeeper.ports.resolver import Resolver
from gatekeeper.scanners.change_interface import ChangeScanned, ChangeScanner
from gatekeeper.scanners.project import Measured, OwnRun
from tests.fakes.advisories import no_advisories, no_auditors, no_indexes, no_resolver
from tests.fakes.remotes import no_remotes
from tests.fakes.scanning import CWD, FakeSnapshot


@dataclass
class FakeProject:
    """Holds the answers; each run takes the next of `answers`, which may write files."""

    root: str = CWD
    python: str = ""
    having: frozenset[str] = frozenset()
    answers: list[Callable[[Sequence[str], Mapping[str, str]], OwnRun]] = field(
        default_factory=list
    )
    runs: list[tuple[str, ...]] = field(default_factory=list)
    fresh: Sequence[str] = ()
    lying_about: Sequence[str] = ()
    times: Mapping[str, int] = field(default_factory=dict)
    declared: Mapping[tuple[str, str], str] = field(default_factory=dict)
    brought: Mapping[str, frozenset[str]] = field(default_factory=dict)
    environments: Mapping[str, Inventory] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return name in self.having

    def licenses(self) -> Mapping[tuple[str, str], str]:
        return self.declared

    def identity(self) -> str:
        return repr(self.brought)

    def modules(self, names: Collection[str]) -> Mapping[str, frozenset[str]]:
        return {name: it for name, it in self.brought.items() if name in names}

    def installed(self, folder: str) -> Inventory:
        return self.environments[folder]

    def uv(self) -> str:
        return "uv"

    def variable(self, name: str) -> str:
        return ""

    def tool(self, spec: ToolSpec) -> str:
        raise ToolError("tool-not-installed", f"{spec.id} could not be installed", "go online")

    def find(self, patterns: Sequence[str]) -> list[str]:
        return [path for path in self.lying_about if os.path.basename(path) in patterns]

    def modified(self, path: str) -> int:
        return self.times.get(path, 1)

    def folder(self, snapshot: Snapshot) -> str:
        return self.root if snapshot.kind == "worktree" else f"{self.root}-{snapshot.label}"

    def scratch(self, files: Mapping[str, bytes]) -> str:
        folder = tempfile.mkdtemp()
        for name, content in files.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        return folder

    def run(
        self, argv: Sequence[str], *, cwd: str, deadline: float, env: Mapping[str, str],
        pass_env: Sequence[str] = (),
    ) -> OwnRun:  # fmt: skip
        assert self.answers, f"unexpected run: {argv}"
        self.runs.append(tuple(argv))
        return self.answers.pop(0)(argv, env)

    def written(self, run: OwnRun, patterns: Sequence[str]) -> list[str]:
        return [path for path in self.fresh if os.path.basename(path) in patterns]


@dataclass(frozen=True)
class FakeChange:
    """Holds the answers; `files` are the repository's paths, `reports` what files hold."""

    config: Config = field(default_factory=Config)
    given: Given = field(default_factory=Given)
    head: Snapshot = field(default_factory=lambda: FakeSnapshot({}))
    base: Snapshot | None = None
    project: FakeProject = field(default_factory=FakeProject)
    measured: Measured | None = None
    deltas: Sequence[Delta] = ()
    history: Sequence[Commit] = ()
    counts: Sequence[LineCount] = ()
    lines: Mapping[str, Sequence[tuple[int, int]]] | None = None
    reports: Mapping[str, bytes] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    memory: dict[tuple[str, ...], bytes] = field(default_factory=dict)
    meanwhile: Sequence[str] = ()
    differences: Sequence[Hunk] = ()
    open: frozenset[str] = frozenset()
    today: str = "2026-11-27"
    asked: Sequence[GateId] = ()
    resolving: Resolver | None = None
    other_auditors: Auditors | None = None
    indexed: PackageIndexes | None = None
    asking: Remotes | None = None

    def advisories(self) -> Advisories:
        return no_advisories()

    def resolver(self) -> Resolver:
        return self.resolving or no_resolver()

    def auditors(self) -> Auditors:
        return self.other_auditors or no_auditors()

    def indexes(self) -> PackageIndexes:
        return self.indexed or no_indexes()

    def remotes(self) -> Remotes:
        return self.asking or no_remotes()

    def recall_tree(self, snapshot: Snapshot, *about: str) -> bytes | None:
        return self.memory.get((snapshot.digest, *about))

    def remember_tree(
        self, make: Callable[[], bytes | None], snapshot: Snapshot, *about: str
    ) -> None:
        if not self.meanwhile and (value := make()) is not None:
            self.memory[snapshot.digest, *about] = value

    def recall_content(self, *about: str) -> bytes | None:
        assert threading.current_thread() is threading.main_thread(), "the cache is for one thread"
        return self.memory.get(about)

    def remember_content(self, value: bytes, *about: str) -> None:
        assert threading.current_thread() is threading.main_thread(), "the cache is for one thread"
        self.memory[about] = value

    def recall(self, snapshot: Snapshot, *about: str) -> bytes | None:
        return self.memory.get((snapshot.digest, *about))

    def remember(self, value: bytes, snapshot: Snapshot, *about: str) -> None:
        self.memory[snapshot.digest, *about] = value

    def changed_meanwhile(self) -> Sequence[str]:
        return self.meanwhile

    def commits(self) -> Sequence[Commit]:
        return self.history

    def line_counts(self) -> Sequence[LineCount]:
        return self.counts

    def changed_lines(self) -> Mapping[str, Sequence[tuple[int, int]]] | None:
        return self.lines

    def hunks(self) -> Sequence[Hunk]:
        return self.differences

    def uncommitted(self) -> frozenset[str]:
        return self.open

    def read_report(self, path: str) -> bytes:
        if path not in self.reports:
            raise ToolError("input-invalid", f"{path} cannot be read: no such file")
        return self.reports[path]

    def has_file(self, path: str) -> bool:
        return path in self.files


def scanned(scanner: ChangeScanner, change: FakeChange) -> ChangeScanned:
    """What the scanner found, as it has to have looked."""
    found = scanner.scan(change)
    assert isinstance(found, ChangeScanned), found
    return found

"""Running the project's own commands for the scanners that judge the change."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping, Sequence

from gatekeeper.model.dependency import Inventory
from gatekeeper.model.tool import ToolSpec
from gatekeeper.pipeline.run import Means, environment_links
from gatekeeper.ports.repository import Repository, Snapshot
from gatekeeper.ports.workspace import Beside
from gatekeeper.scanners.project import OwnRun


class TheProject:
    """See the Project protocol of the scanners."""

    def __init__(self, means: Means, repository: Repository) -> None:
        self._means = means
        self._repository = repository
        self._folders: dict[str, str] = {}

    @property
    def root(self) -> str:
        return self._means.root

    @property
    def python(self) -> str:
        return self._means.environment.python

    def has(self, name: str) -> bool:
        return self._means.environment.has(name)

    def licenses(self) -> Mapping[tuple[str, str], str]:
        return self._means.environment.licenses()

    def identity(self) -> str:
        return self._means.environment.identity()

    def modules(self, names: Collection[str]) -> Mapping[str, frozenset[str]]:
        return self._means.environment.modules(names)

    def installed(self, folder: str) -> Inventory:
        return self._means.environment.installed(folder)

    def uv(self) -> str:
        return self._means.environment.uv()

    def variable(self, name: str) -> str:
        return self._means.environment.inherited(name)

    def tool(self, spec: ToolSpec) -> str:
        return self._means.toolbox.executable(spec)

    def folder(self, snapshot: Snapshot) -> str:
        if snapshot.kind == "worktree":
            return self._means.root
        # What is about to be pushed mostly lies there as well, with all that git ignores.
        if snapshot.entries() == self._repository.worktree().entries():
            return self._means.root
        if snapshot.digest not in self._folders:
            links = environment_links(self._means.root)
            self._folders[snapshot.digest] = self._means.workspaces.checkout(
                snapshot, snapshot.entries(), Beside(snapshot, links=links)
            )
        return self._folders[snapshot.digest]

    def scratch(self, files: Mapping[str, bytes]) -> str:
        return self._means.workspaces.scratch(files)

    def run(
        self, argv: Sequence[str], *, cwd: str, deadline: float, env: Mapping[str, str],
        pass_env: Sequence[str] = (),
    ) -> OwnRun:  # fmt: skip
        import tempfile

        # The clock of the file system is coarser than the other one: its own times compare.
        with tempfile.NamedTemporaryFile(prefix="gatekeeper-") as marker:
            since = os.fstat(marker.fileno()).st_mtime_ns
        started = time.monotonic()
        done = self._means.processes.run_own(
            argv,
            cwd=cwd,
            deadline=deadline,
            env={**self._means.environment.variables(), **env},
            pass_env=pass_env,
        )
        return OwnRun(
            cwd, done.status, done.late, done.stdout.decode("utf-8", "replace"), done.stderr,
            since, time.monotonic() - started,
        )  # fmt: skip

    def find(self, patterns: Sequence[str]) -> list[str]:
        return _matching(self.root, patterns)

    def modified(self, path: str) -> int:
        return _mtime(path)

    def written(self, run: OwnRun, patterns: Sequence[str]) -> list[str]:
        return [path for path in _matching(run.cwd, patterns) if _mtime(path) >= run.since]


def _matching(folder: str, patterns: Sequence[str]) -> list[str]:
    import glob

    found: list[str] = []
    for pattern in patterns:
        # `*` stands for names below the folder; the folder's own name is taken as it is.
        full = os.path.join(glob.escape(folder), pattern)
        found += sorted(path for path in glob.glob(full, recursive=True) if path not in found)
    return [path for path in found if os.path.isfile(path)]


def _mtime(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0

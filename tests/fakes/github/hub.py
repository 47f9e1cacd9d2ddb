"""A fake GitHub with a repository, a working copy of it, and pull requests to play with."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.github.server import FakeGitHub
from tests.fakes.github.state import State
from tests.fakes.repo import Repo


@dataclass(frozen=True)
class Hub:
    """`repo` is somebody's working copy; nothing of it is on GitHub before it is pushed."""

    fake: FakeGitHub
    repo: Repo

    @classmethod
    def create(cls, descriptions: Path, folder: Path, *, prefix: str = "") -> Hub:
        bare = folder / "hub.git"
        bare.mkdir(parents=True)
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
        hub = cls(FakeGitHub(descriptions, bare, prefix=prefix), Repo.create(folder / "work"))
        hub.repo.commit("begin", **{"README.md": "# App\n"})
        hub.state.push(hub.repo, "main")
        return hub

    @property
    def state(self) -> State:
        return self.fake.state

    def pull(self, files: dict[str, str], *, branch: str = "feature", base: str = "main") -> int:
        """A pull request that changes these files; its number."""
        if self.repo.git("branch", "--show-current") != branch:
            self.repo.git("checkout", "-q", "-B", branch)
        self.repo.commit("change", **files)
        self.state.push(self.repo, branch)
        return self.state.open_pull(branch, base)

    def push(self, files: dict[str, str], *, branch: str = "feature", force: bool = False) -> str:
        """Another commit on the branch; its id."""
        self.repo.commit("more", **files)
        return self.state.push(self.repo, branch, force=force)

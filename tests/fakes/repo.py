"""A real git repository, driven the way a person would, and gatekeeper run in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes import forked


@dataclass(frozen=True)
class Result:
    """What a run of gatekeeper ended in."""

    status: int
    stdout: str
    stderr: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON report on standard output."""
        assert self.stdout, f"no report; status {self.status}: {self.stderr}"
        loaded: dict[str, Any] = json.loads(self.stdout)
        return loaded

    def findings(self, *states: str) -> list[dict[str, Any]]:
        """Findings in these states; all when none is named."""
        found: list[dict[str, Any]] = self.report["findings"]
        return [item for item in found if not states or item["state"] in states]


@dataclass(frozen=True)
class Repo:
    """`root` is the top of the working tree."""

    root: Path

    @classmethod
    def create(cls, root: Path) -> Repo:
        root.mkdir(parents=True)
        repo = cls(root)
        repo.git("init", "-q", "-b", "main")
        return repo

    def git(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, check=False)
        assert not check or done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, path: str, content: str | bytes) -> Path:
        full = self.root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(content.encode() if isinstance(content, str) else content)
        return full

    def commit(self, message: str = "change", **files: str | bytes) -> str:
        """Write files (`a__b_py` is not a path: use `write`), stage everything, commit."""
        for path, content in files.items():
            self.write(path, content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str = "feature") -> None:
        self.git("checkout", "-q", "-b", name)

    def gatekeeper(self, *arguments: str, env: dict[str, str] | None = None) -> Result:
        """Run the command as a user does, in a process of its own."""
        told = {**os.environ, **(env or {})}
        done = forked.run(arguments, self.root, told) or self._start(arguments, told)
        status, out, err = done
        return Result(status, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    def _start(self, arguments: tuple[str, ...], env: dict[str, str]) -> tuple[int, bytes, bytes]:
        done = subprocess.run(
            [sys.executable, "-m", "gatekeeper", *arguments],
            cwd=self.root,
            env=env,
            capture_output=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def check(self, *arguments: str, env: dict[str, str] | None = None) -> Result:
        """`gatekeeper check --format json`."""
        return self.gatekeeper("check", "--format", "json", *arguments, env=env)

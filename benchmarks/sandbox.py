"""Temporary folders that benchmarks run in: nothing of the user's is read or changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cached_property
from pathlib import Path

from benchmarks.measure import Command
from gatekeeper.adapters.toolenv import ToolEnvironments
from gatekeeper.scanners.tools import TOOLS

WHO = {
    f"GIT_{role}_{field}": value
    for role in ("AUTHOR", "COMMITTER")
    for field, value in (
        ("NAME", "Benchmark"), ("EMAIL", "benchmark@example.org"), ("DATE", "2026-01-02T03:04:05Z")
    )
}  # fmt: skip


class Sandbox:
    """Everything below `root`.

    gatekeeper's tools and the yardstick's are two installations of the same locks, so that what
    one leaves behind (bytecode, compiled rules) does not speed up the other.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cache = root / "cache"
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name in ("PATH", "LANG", "TMPDIR") or name.startswith("LC_")
        } | {
            "HOME": str(root / "home"),
            "XDG_CACHE_HOME": str(root / "home" / "cache"),
            "GATEKEEPER_CACHE_DIR": str(self.cache),
            "PRE_COMMIT_HOME": str(root / "pre-commit"),
            "PREK_HOME": str(root / "prek"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "NO_COLOR": "1",
            **WHO,
        }
        (root / "home" / "cache").mkdir(parents=True)

    def git(self, repository: Path, *arguments: str) -> str:
        """Run git; its standard output."""
        return subprocess.run(
            ["git", *arguments], cwd=repository, env=self.environment, check=True,
            stdout=subprocess.PIPE, text=True, errors="surrogateescape",
        ).stdout  # fmt: skip

    @cached_property
    def gatekeeper_program(self) -> list[str]:
        """The command as it is installed beside this Python."""
        script = Path(sys.executable).with_name("gatekeeper")
        return [str(script)] if script.exists() else [sys.executable, "-m", "gatekeeper"]

    def check(self, repository: Path, *arguments: str) -> Command:
        """`gatekeeper check` with the tools already installed."""
        _install(self.cache)
        argv = [*self.gatekeeper_program, "check", "--offline", *arguments]
        return Command(argv, repository, self.environment)

    def forget_results(self) -> None:
        """Empty the result cache; tools stay installed."""
        for path in self.cache.glob("results-*"):
            path.unlink()

    @cached_property
    def tools(self) -> dict[str, str]:
        """The yardstick's programs, by the id of the tool."""
        return _install(self.root / "yardstick")

    def program(self, name: str) -> str:
        """A runner of hooks beside this Python or on PATH; empty when there is none."""
        beside = Path(sys.executable).with_name(name)
        return str(beside) if beside.exists() else shutil.which(name) or ""


def _install(folder: Path) -> dict[str, str]:
    box = ToolEnvironments(str(folder), str(folder), {}, {}, offline=False)
    return {
        spec.id: box.executable(spec)
        for spec in TOOLS.values()
        if spec.locked and not spec.optional
    }

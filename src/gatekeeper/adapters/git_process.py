"""Starting git. Little is imported here: git can look around while Python still reads modules."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from time import time_ns
from typing import IO, NamedTuple

from gatekeeper.adapters.later import Later
from gatekeeper.errors import RepositoryError

LIST = ("ls-files", "--stage", "-v", "-z")
STATUS = ("status", "--porcelain=v2", "-z", "--untracked-files=all", "--no-renames",
          "--ignore-submodules=all", "--no-show-stash")  # fmt: skip
WHERE = ("rev-parse", "--show-toplevel", "--absolute-git-dir", "--is-shallow-repository",
         "--show-object-format")  # fmt: skip
_DEADLINE = 600
_LOCATION = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
             "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_CEILING_DIRECTORIES")  # fmt: skip
_AUTH = ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_CONFIG_COUNT", "GIT_SSL_CAINFO",
         "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_PARAMETERS")  # fmt: skip


def git_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment with git made predictable.

    A hook runs with GIT_INDEX_FILE and GIT_DIR set (`git commit -a` uses an index of its own), so
    what says where the repository is stays; everything else that changes output goes.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith("GIT_")
        or name in _LOCATION
        or name in _AUTH
        or name.startswith(("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"))
    }
    return kept | {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }


def run_git(
    arguments: Sequence[str], folder: str, environ: Mapping[str, str], data: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run one git command, however it ends. Raises RepositoryError when it cannot be run at all."""
    try:
        return subprocess.run(
            ["git", "-c", "core.quotepath=off", "-c", "core.fsmonitor=false", *arguments],
            cwd=folder,
            env=environ,
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True,
            check=False,
            timeout=_DEADLINE,
        )
    except FileNotFoundError:
        raise RepositoryError("git is not installed", remedy="install git 2.31 or newer") from None
    except subprocess.TimeoutExpired:
        raise RepositoryError(f"git {arguments[0]} gave no answer in {_DEADLINE} s") from None


def start_git(
    arguments: Sequence[str],
    folder: str,
    environ: Mapping[str, str],
    source: IO[bytes],
    said: IO[bytes],
) -> subprocess.Popen[bytes]:
    """Start one git command that reads `source`. Raises RepositoryError when it cannot be started."""
    try:
        return subprocess.Popen(
            ["git", "-c", "core.quotepath=off", "-c", "core.fsmonitor=false", *arguments],
            cwd=folder,
            env=environ,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=said,
        )
    except FileNotFoundError:
        raise RepositoryError("git is not installed", remedy="install git 2.31 or newer") from None


class Where(NamedTuple):
    """What git says to WHERE."""

    root: str
    git_dir: str
    shallow: bool
    object_format: str

    @classmethod
    def read(cls, shown: bytes, folder: str) -> Where:
        """Raises RepositoryError for anything that is no answer."""
        lines = shown.decode("utf-8", "surrogateescape").rstrip("\n").rsplit("\n", 3)
        if len(lines) != 4:
            raise RepositoryError("git did not say where the repository is", where=folder)
        return cls(lines[0], lines[1], lines[2] == "true", lines[3])

    def environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """The environment at the top: what `rev-parse` was told is relative to where it ran."""
        own = {"GIT_DIR": self.git_dir, "GIT_WORK_TREE": self.root}
        return {**environ, **{name: own[name] for name in own if name in environ}}


class EarlyLook:
    """git begins to look at the working tree around a folder; `since` is when.

    `where`, `listing` and `status` are what git says to WHERE, LIST and STATUS, however it ends.
    """

    def __init__(self, folder: str, environ: Mapping[str, str] = os.environ) -> None:
        self.since = time_ns()
        self.folder = folder
        self.environ = git_environment(environ)
        self.where = Later(lambda: run_git(WHERE, folder, self.environ))
        self.listing = Later(lambda: self._at_top(LIST))
        self.status = Later(lambda: self._at_top(STATUS))

    def _at_top(self, arguments: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
        where = Where.read(self.where.value().stdout, self.folder)
        return run_git(arguments, where.root, where.environment(self.environ))

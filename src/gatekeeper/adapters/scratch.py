"""A repository of its own for files that nobody trusts: two versions of them, and no history.

It has no hooks, no filters and no settings of git but what is said here.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.git_process import git_environment, run_git
from gatekeeper.errors import RepositoryError

_AUTHOR = ("-c", "user.name=gatekeeper", "-c", "user.email=gatekeeper@localhost",
           "-c", "commit.gpgSign=false", "-c", "core.autocrlf=false", "-c", "core.hooksPath=/dev/null")  # fmt: skip


@contextmanager
def scratch(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[GitRepository]:
    """HEAD holds `before`, the working tree `after`. Both are gone afterwards.

    Paths are relative, with `/`, and plain: see `bot.fix.plain_path`. Raises RepositoryError.
    """
    kept = {name: it for name, it in os.environ.items() if not name.startswith("GIT_")}
    environ = git_environment(kept) | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    with tempfile.TemporaryDirectory(prefix="gatekeeper-") as folder:

        def git(*arguments: str) -> None:
            done = run_git([*_AUTHOR, *arguments], folder, environ)
            if done.returncode:
                said = done.stderr.decode("utf-8", "replace").strip()
                raise RepositoryError(f"git {arguments[0]} failed: {said}")

        git("init", "-q", "--template=", "-b", "main")
        _write(folder, before)
        git("add", "--force", "--all")
        git("commit", "-q", "--no-verify", "--allow-empty", "-m", "before")
        for path in before.keys() - after.keys():
            os.unlink(os.path.join(folder, path))
        _write(folder, after)
        yield GitRepository(folder, environ)


def _write(folder: str, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        full = os.path.join(folder, path)
        try:
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "wb") as file:
                file.write(content)
        except OSError as error:
            raise RepositoryError(
                f"a file cannot be written: {error.strerror or error}", where=path
            ) from None

"""git through its plumbing commands: NUL-separated, unquoted, without locks or prompts."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import IO

from gatekeeper.adapters.git_compare import compare
from gatekeeper.adapters.git_parse import parse_hunks, parse_log, parse_numstat
from gatekeeper.adapters.git_process import (
    LIST,
    STATUS,
    WHERE,
    EarlyLook,
    Where,
    git_environment,
    run_git,
    start_git,
)
from gatekeeper.adapters.git_snapshot import CommitSnapshot, EmptySnapshot, IndexSnapshot
from gatekeeper.adapters.git_worktree import WorktreeSnapshot
from gatekeeper.errors import RepositoryError
from gatekeeper.model.tree import Commit, Delta, Hunk, LineCount, changed_ranges
from gatekeeper.ports.repository import Snapshot
from gatekeeper.text.names import printable


class GitRepository:
    """The repository around a folder. Raises RepositoryError when there is none."""

    def __init__(
        self, folder: str, environ: Mapping[str, str] = os.environ, early: EarlyLook | None = None
    ) -> None:
        """With an early look at the same folder, the working tree is what was seen there."""
        self._environ = early.environ if early else git_environment(environ)
        self._folder = folder
        self._early = early
        self._worktree: WorktreeSnapshot | None = None
        shown = self._output("rev-parse", early.where.value()) if early else self.git(*WHERE)
        where = Where.read(shown, folder)
        self.root, self.git_dir, self._shallow, self.object_format = where
        # `rev-parse` answers relative to where it is asked; everything else runs at the top.
        self._environ = where.environment(self._environ)
        self._folder = self.root

    def git(
        self, *arguments: str, data: bytes | None = None, status: Sequence[int] = (0,)
    ) -> bytes:
        """Run one git command at the top of the working tree; its standard output."""
        return self._output(arguments[0], self._git(arguments, data), status)

    def _git(
        self, arguments: Sequence[str], data: bytes | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        return run_git(arguments, self._folder, self._environ, data)

    def start(
        self, arguments: Sequence[str], source: IO[bytes], said: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        """A git command whose standard output is read while it runs; `said` gets its errors."""
        return start_git(arguments, self._folder, self._environ, source, said)

    def _output(
        self, command: str, done: subprocess.CompletedProcess[bytes], status: Sequence[int] = (0,)
    ) -> bytes:
        if done.returncode not in status:
            raise self._refused(command, done.stderr)
        return done.stdout

    def _refused(self, command: str, stderr: bytes) -> RepositoryError:
        said = [printable(line) for line in stderr.decode("utf-8", "replace").splitlines()]
        text = next(
            (line for line in said if line.startswith(("fatal:", "error:"))), "no reason given"
        )
        remedy = ""
        if "not a git repository" in text:
            remedy = "run gatekeeper inside a git repository; `git init` makes one"
        elif "dubious ownership" in text:
            remedy = "the folder belongs to another user: git config --global --add safe.directory FOLDER"
        elif "must be run in a work tree" in text:
            remedy = "a bare repository has no files to check: run in a clone of it"
        return RepositoryError(f"git {command}: {text}", where=self._folder, remedy=remedy)

    def worktree(self, *, again: bool = False) -> WorktreeSnapshot:
        if again:
            return self._look()
        if self._worktree is None:
            self._worktree = self._look(self._early)
        return self._worktree

    def _look(self, early: EarlyLook | None = None) -> WorktreeSnapshot:
        if early is None:
            return WorktreeSnapshot(self, lambda: self.git(*LIST), lambda: self.git(*STATUS))
        return WorktreeSnapshot(
            self,
            lambda: self._output("ls-files", early.listing.value()),
            lambda: self._output("status", early.status.value()),
        )

    def index(self) -> IndexSnapshot:
        return IndexSnapshot(self)

    def commit_snapshot(self, commit: str) -> CommitSnapshot:
        return CommitSnapshot(self, commit)

    def empty_snapshot(self) -> EmptySnapshot:
        return EmptySnapshot(self.object_format)

    def deltas(self, base: Snapshot, head: Snapshot) -> list[Delta]:
        return compare(self, base, head)

    def resolve(self, name: str) -> str:
        if name.startswith("-"):
            return ""
        done = self._git(
            ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        )
        return done.stdout.decode().strip() if done.returncode == 0 else ""

    def head(self) -> str:
        return self.resolve("HEAD")

    def commit_time(self, commit: str) -> int:
        """When a commit was made, in seconds since 1970; 0 without one."""
        if not commit:
            return 0
        said = self.git("show", "--no-patch", "--format=%ct", "--end-of-options", commit)
        return int(said.split()[-1])

    def branch(self) -> str:
        done = self._git(("symbolic-ref", "--quiet", "--short", "HEAD"))
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def index_file(self) -> str:
        """Where the index lies: the caller may have named one of its own."""
        shown = self.git("rev-parse", "--git-path", "index").decode("utf-8", "surrogateescape")
        return os.path.join(self.root, shown.rstrip("\n"))

    def merging(self) -> list[str]:
        try:
            with open(os.path.join(self.git_dir, "MERGE_HEAD"), encoding="ascii") as file:
                return file.read().split()
        except (OSError, UnicodeDecodeError):
            return []

    def parents(self, commit: str) -> list[str]:
        # `cat-file` shows what the commit says, also where a shallow clone cut its history off.
        header = self.git("cat-file", "commit", commit).partition(b"\n\n")[0]
        return [line[7:].decode() for line in header.split(b"\n") if line.startswith(b"parent ")]

    def is_clean(self) -> bool:
        return self.worktree().clean

    def default_branch(self) -> str:
        """The branch others merge into: what the remote says, else the usual names."""
        done = self._git(("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"))
        if done.returncode == 0:
            return done.stdout.decode("utf-8", "surrogateescape").strip()
        configured = self._git(("config", "--get", "init.defaultBranch")).stdout.decode().strip()
        local = [name for name in (configured, "main", "master", "trunk", "develop") if name]
        for name in [f"refs/remotes/origin/{name}" for name in local] + [
            f"refs/heads/{name}" for name in local
        ]:
            if self.resolve(name):
                return name
        return ""

    def remote(self, name: str = "origin") -> str:
        """The address of a remote; empty when there is none of this name."""
        done = self._git(("config", "--get", f"remote.{name}.url"))
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def merge_base(self, one: str, other: str) -> str:
        done = self._git(("merge-base", one, other))
        return done.stdout.decode().split("\n")[0] if done.returncode == 0 else ""

    def is_shallow(self) -> bool:
        return self._shallow

    def fetch(self, name: str, *, depth: int) -> bool:
        """Fetch a commit or branch from `origin`; `depth` 0 fetches all history."""
        if name.startswith("-") or not self._git(("remote", "get-url", "origin")).stdout:
            return False
        how = (f"--depth={depth}",) if depth else ("--unshallow",) if self._shallow else ()
        arguments = (
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-recurse-submodules",
            *how,
            "origin",
            "--",
            name,
        )
        return self._git(arguments).returncode == 0

    def commits(self, base: str, head: str) -> list[Commit]:
        span = f"{base}..{head}" if base else head
        shown = self.git("log", "-z", "--format=%H%n%P%n%B", "--encoding=UTF-8",
                         "--no-show-signature", "--end-of-options", span, "--")  # fmt: skip
        return parse_log(shown)

    def line_counts(self, base: Snapshot, head: Snapshot) -> list[LineCount]:
        counts = parse_numstat(self._diff("--numstat", "-z", "--text", base=base, head=head))
        if isinstance(head, WorktreeSnapshot):
            counts += [_count_new(path, head) for path in head.untracked()]
        return counts

    def changed_lines(self, base: Snapshot, head: Snapshot) -> dict[str, list[tuple[int, int]]]:
        return changed_ranges(self.hunks(base, head))

    def hunks(self, base: Snapshot, head: Snapshot) -> list[Hunk]:
        # --text: an attribute in the repository must not turn changed lines into "binary".
        found = parse_hunks(
            self._diff("--unified=0", "--inter-hunk-context=0", "--text", "--src-prefix=a/",
                       "--dst-prefix=b/", base=base, head=head)
        )  # fmt: skip
        untracked = head.untracked() if isinstance(head, WorktreeSnapshot) else ()
        return [*found, *(Hunk(path, 1, 1 << 30, "", 0, 0) for path in untracked)]

    def _diff(self, *options: str, base: Snapshot, head: Snapshot) -> bytes:
        sides = [base.tree] if isinstance(base, CommitSnapshot | EmptySnapshot) else []
        if isinstance(head, IndexSnapshot):
            sides.insert(0, "--cached")
        elif isinstance(head, CommitSnapshot):
            sides.append(head.tree)
        return self.git("diff", "--no-ext-diff", "--no-textconv", "--no-color", "--find-renames",
                        "--ignore-submodules=all", *options, *sides, "--")  # fmt: skip


def _count_new(path: str, head: WorktreeSnapshot) -> LineCount:
    """Lines of a file git does not know yet, counted as git counts an added one."""
    entry = head.entries().get(path)
    try:
        content = head.read(path) if entry is not None and entry.regular else b""
    except OSError:
        content = b""
    if b"\0" in content[:8000]:
        return LineCount(path, -1, -1)
    return LineCount(path, content.count(b"\n") + bool(content and not content.endswith(b"\n")), 0)

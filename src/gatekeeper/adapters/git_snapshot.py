"""Versions of the repository's files: working tree, index, commit, nothing."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from hashlib import blake2b, new
from typing import TYPE_CHECKING, Literal, NamedTuple

from gatekeeper.adapters.git_parse import (
    find_stage,
    parse_hidden,
    parse_raw_diff,
    parse_stage,
    parse_status,
    parse_tree,
)
from gatekeeper.adapters.git_process import LIST
from gatekeeper.adapters.later import Later
from gatekeeper.errors import RepositoryError, UsageError
from gatekeeper.model.tree import Delta, Entry
from gatekeeper.text.fingerprint import digest

if TYPE_CHECKING:
    from gatekeeper.adapters.git import GitRepository
    from gatekeeper.ports.repository import Snapshot

_READ_AT_ONCE = 256
EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}


class _Stored:
    """Reading content out of git's object database."""

    def __init__(self, repository: GitRepository) -> None:
        self._repository = repository

    def entries(self) -> dict[str, Entry]:
        raise KeyError

    def read(self, path: str) -> bytes:
        """One file's content; KeyError when it is not there."""
        entry = self.entries()[path]
        return self._repository.git("cat-file", "blob", entry.blob)

    def sizes(self, paths: Iterable[str]) -> dict[str, int]:
        """How large files are, without reading them."""
        entries = self.entries()
        wanted = [path for path in paths if path in entries]
        request = "".join(f"{entries[path].blob}\n" for path in wanted).encode()
        answer = self._repository.git(
            "cat-file", "--batch-check=%(objecttype) %(objectsize)", data=request
        )
        return {
            path: int(size)
            for path, line in zip(wanted, answer.decode().splitlines(), strict=True)
            if (size := line.rpartition(" ")[2]).isdigit()
        }

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Many files' contents, in order, through one git process."""
        entries = self.entries()
        wanted = [path for path in paths if path in entries]
        for start in range(0, len(wanted), _READ_AT_ONCE):
            yield from self._read_some(wanted[start : start + _READ_AT_ONCE], entries)

    def _read_some(
        self, wanted: list[str], entries: dict[str, Entry]
    ) -> Iterator[tuple[str, bytes]]:
        request = "".join(f"{entries[path].blob}\n" for path in wanted).encode()
        answer = memoryview(self._repository.git("cat-file", "--batch", data=request))
        at = 0
        for path in wanted:
            end = bytes(answer[at : at + 200]).index(b"\n") + at
            parts = bytes(answer[at:end]).split(b" ")
            if len(parts) != 3:
                raise RepositoryError(f"git has no content for {path!r} ({parts[-1].decode()})")
            size = int(parts[2])
            yield path, bytes(answer[end + 1 : end + 1 + size])
            at = end + 1 + size + 1


class CommitSnapshot(_Stored):
    """The files of a commit."""

    kind: Literal["commit"] = "commit"

    def __init__(self, repository: GitRepository, commit: str) -> None:
        super().__init__(repository)
        self.commit = commit
        self.label = commit[:12]

    @cached_property
    def tree(self) -> str:
        """The id of the commit's tree."""
        return (
            self._repository.git("rev-parse", "--verify", f"{self.commit}^{{tree}}")
            .decode()
            .strip()
        )

    @property
    def digest(self) -> str:
        return digest("tree", self.tree)

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        return parse_tree(self._repository.git("ls-tree", "-r", "-z", "--full-tree", self.tree))

    def entries(self) -> dict[str, Entry]:
        return self._entries


class EmptySnapshot:
    """No files at all: what the first commit is compared with."""

    kind: Literal["commit"] = "commit"
    label = "the empty tree"

    def __init__(self, object_format: str) -> None:
        self.tree = EMPTY_TREES[object_format]
        self.digest = digest("tree", self.tree)

    def entries(self) -> dict[str, Entry]:
        return {}

    def read(self, path: str) -> bytes:
        raise KeyError(path)

    def sizes(self, paths: Iterable[str]) -> dict[str, int]:
        return {}

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return iter(())


class IndexSnapshot(_Stored):
    """What is staged."""

    kind: Literal["index"] = "index"
    label = "staged changes"

    def __init__(self, repository: GitRepository) -> None:
        super().__init__(repository)
        self._raw = repository.git(*LIST)
        if repository.git("ls-files", "--unmerged", "-z"):
            raise UsageError(
                "the index has unmerged paths, so nothing definite is staged",
                remedy="resolve the conflicts and `git add` the files",
            )

    @cached_property
    def digest(self) -> str:
        return blake2b(b"index" + self._raw, digest_size=16).hexdigest()

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        return parse_stage(self._raw)

    def entries(self) -> dict[str, Entry]:
        return self._entries


class _Looked(NamedTuple):
    clean: bool
    untracked: list[str]
    overlay: dict[str, Entry | None]


class WorktreeSnapshot:
    """What lies in the working tree: tracked files as they are now, and untracked ones.

    Unchanged files are taken from the index without being opened.
    """

    kind: Literal["worktree"] = "worktree"
    label = "the working tree"

    def __init__(
        self, repository: GitRepository, listing: Callable[[], bytes], status: Callable[[], bytes]
    ) -> None:
        """Returns while git is still looking; whoever needs what it sees waits, and gets its errors.

        `listing` and `status` give what git says to LIST and STATUS. Properties and methods raise
        RepositoryError and OSError.
        """
        self._repository = repository
        # Two at once: the index is listed while git looks for what changed.
        self._listing = Later(listing)
        self._looking = Later(lambda: self._look(status()))

    def _look(self, status: bytes) -> _Looked:
        changed, untracked = parse_status(status)
        changed += filter(self._is_there, parse_hidden(self._raw))
        overlay = {path: self._hash(path) for path in [*changed, *untracked]}
        return _Looked(not status, untracked, overlay)

    @property
    def _raw(self) -> bytes:
        return self._listing.value()

    @property
    def clean(self) -> bool:
        """Whether git says that nothing differs from the last commit."""
        return self._looking.value().clean

    @property
    def overlay(self) -> dict[str, Entry | None]:
        """Entries of all paths that are not as the index says."""
        return self._looking.value().overlay

    def indexed(self) -> dict[str, Entry]:
        """What the index says, whatever lies in the working tree."""
        return parse_stage(self._raw)

    def untracked(self) -> list[str]:
        """Files git does not know yet and does not ignore."""
        return list(self._looking.value().untracked)

    @cached_property
    def digest(self) -> str:
        state = blake2b(b"index" + self._raw, digest_size=16)
        for path, entry in sorted(self.overlay.items()):
            state.update(repr((path, entry)).encode("utf-8", "surrogatepass"))
        return state.hexdigest()

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        entries = parse_stage(self._raw)
        for path, entry in self.overlay.items():
            if entry is None:
                entries.pop(path, None)
            else:
                entries[path] = entry
        return entries

    def entries(self) -> dict[str, Entry]:
        return self._entries

    def _entry_of(self, path: str) -> Entry | None:
        """One path's entry, for which the list of a large index is not taken apart."""
        if "_entries" in self.__dict__:
            return self._entries.get(path)
        return self.overlay[path] if path in self.overlay else find_stage(self._raw, path)

    def read(self, path: str) -> bytes:
        """One regular file's content; KeyError when it is not there, OSError when unreadable."""
        entry = self._entry_of(path)
        if entry is None:
            raise KeyError(path)
        full = os.path.join(self._repository.root, path)
        try:
            # O_NOFOLLOW: what was a file a moment ago may be a link out of the tree by now.
            with open(os.open(full, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
                return file.read()
        except FileNotFoundError:
            # Not checked out (sparse checkout): git has it.
            return self._repository.git("cat-file", "blob", entry.blob)

    def sizes(self, paths: Iterable[str]) -> dict[str, int]:
        """How large files are now."""
        found: dict[str, int] = {}
        for path in paths:
            with contextlib.suppress(OSError):
                found[path] = os.lstat(os.path.join(self._repository.root, path)).st_size
        return found

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        for path in paths:
            if path in self._entries:
                yield path, self.read(path)

    def _is_there(self, path: str) -> bool:
        return os.path.lexists(os.path.join(self._repository.root, path))

    def _hash(self, path: str) -> Entry | None:
        """The entry a path would have in the index; None when it is gone."""
        full = os.path.join(self._repository.root, path)
        try:
            return self._entry_at(full, os.lstat(full))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            # Unreadable now; it stays in the tree, so that it is reported when it is to be read.
            return Entry("100644", f"unreadable-{error.errno}-{_stamp(full)}")

    def _entry_at(self, full: str, status: os.stat_result) -> Entry | None:
        if stat.S_ISLNK(status.st_mode):
            return Entry("120000", self._blob(os.fsencode(os.readlink(full))))
        if stat.S_ISREG(status.st_mode):
            mode = "100755" if status.st_mode & stat.S_IXUSR else "100644"
            return Entry(mode, self._blob_of_file(full, status.st_size))
        # A folder here is a repository inside the repository; anything else is no file.
        return Entry("160000", "0" * 40) if stat.S_ISDIR(status.st_mode) else None

    def _blob(self, content: bytes) -> str:
        state = new(self._repository.object_format, usedforsecurity=False)
        state.update(b"blob %d\0" % len(content) + content)
        return state.hexdigest()

    def _blob_of_file(self, full: str, size: int) -> str:
        state = new(self._repository.object_format, usedforsecurity=False)
        state.update(b"blob %d\0" % size)
        with open(full, "rb") as file:
            while chunk := file.read(1 << 20):
                state.update(chunk)
        return state.hexdigest()


def compare(repository: GitRepository, base: Snapshot, head: Snapshot) -> list[Delta]:
    """Paths whose content differs between a commit (or nothing) and any head, in path order."""
    if not isinstance(base, CommitSnapshot | EmptySnapshot):
        raise RepositoryError("only a commit can be a base")
    options = ("-r", "-z", "--raw", "--no-renames", "--ignore-submodules=all", "--no-abbrev")
    if isinstance(head, CommitSnapshot | EmptySnapshot):
        raw = repository.git("diff-tree", *options, base.tree, head.tree)
    else:
        # What `git add --intent-to-add` notes down is not staged, so no commit will have it.
        staged = ("--ita-invisible-in-index",) if isinstance(head, IndexSnapshot) else ()
        raw = repository.git("diff-index", "--cached", *staged, *options, base.tree)
    found = {delta.path: delta for delta in parse_raw_diff(raw)}
    if isinstance(head, WorktreeSnapshot) and head.overlay:
        index = head.indexed()
        for path, entry in head.overlay.items():
            old = found[path].old if path in found else index.get(path)
            found.pop(path, None)
            if old != entry:
                found[path] = Delta(path, old, entry)
    return [found[path] for path in sorted(found)]


def _stamp(full: str) -> str:
    try:
        status = os.lstat(full)
    except OSError:
        return ""
    return f"{status.st_size}-{status.st_mtime_ns}"

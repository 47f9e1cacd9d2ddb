"""What lies in the working tree, looked at while something else goes on."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from hashlib import blake2b, new
from typing import TYPE_CHECKING, Literal, NamedTuple

from gatekeeper.adapters.git_parse import find_stage, parse_hidden, parse_stage, parse_status
from gatekeeper.adapters.later import Later
from gatekeeper.model.tree import Entry

if TYPE_CHECKING:
    from gatekeeper.adapters.git import GitRepository


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


def _stamp(full: str) -> str:
    try:
        status = os.lstat(full)
    except OSError:
        return ""
    return f"{status.st_size}-{status.st_mtime_ns}"

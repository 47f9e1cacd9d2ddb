"""A version of the repository's files, and the difference between two."""

from __future__ import annotations

from typing import Literal, NamedTuple

REGULAR = ("100644", "100755")


class Entry(NamedTuple):
    """One path's content: git's mode (six octal digits) and blob id."""

    mode: str
    blob: str

    @property
    def regular(self) -> bool:
        """A plain file: no symlink (never followed) and no submodule (another repository)."""
        return self.mode in REGULAR


class Delta(NamedTuple):
    """A path whose content differs; None on a side where it is absent."""

    path: str
    old: Entry | None
    new: Entry | None


class Commit(NamedTuple):
    """A commit of the change: full id, number of parents, and the whole message."""

    id: str
    parents: int
    message: str


class LineCount(NamedTuple):
    """Lines a change adds to and deletes from a file; -1 for binary content."""

    path: str
    added: int
    deleted: int


HeadKind = Literal["worktree", "index", "commit"]

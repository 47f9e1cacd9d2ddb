"""A version of the repository's files, and the difference between two."""

from __future__ import annotations

from collections.abc import Iterable
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


class Hunk(NamedTuple):
    """Lines in a row that a change replaces: those at head, and those of the base.

    Lines count from 1. A length of 0 means that lines are only added, or only deleted; the path is
    empty on a side where the file is absent.
    """

    path: str
    start: int
    length: int
    old_path: str
    old_start: int
    old_length: int


HeadKind = Literal["worktree", "index", "commit"]


def changed_ranges(hunks: Iterable[Hunk]) -> dict[str, list[tuple[int, int]]]:
    """Per path, the line ranges that are new at head; empty where lines are only deleted."""
    changed: dict[str, list[tuple[int, int]]] = {}
    for hunk in hunks:
        if hunk.path:
            ranges = changed.setdefault(hunk.path, [])
            if hunk.length:
                ranges.append((hunk.start, hunk.start + hunk.length - 1))
    return changed

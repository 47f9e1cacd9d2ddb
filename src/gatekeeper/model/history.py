"""What git's history holds, and when it came in."""

from __future__ import annotations

from msgspec import Struct


class Blob(Struct, frozen=True, array_like=True):
    """The content of a file at some time. `path` is one it had; `size` -1: git has lost it."""

    id: str
    size: int
    path: str


class Origin(Struct, frozen=True):
    """Where a blob first appeared: a commit, its author's date (ISO 8601), the path there.

    `age` grows towards the past. The commit is empty for what is in none, such as a tagged blob.
    """

    commit: str
    date: str
    path: str
    age: int

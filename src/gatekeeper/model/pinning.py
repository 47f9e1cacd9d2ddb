"""What became of the references in a file when they were to be pinned."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

TroubleKind = Literal["wrong", "unpinned", "open"]


class Repinned(Struct, frozen=True):
    """A reference that leads to a commit now. `name` is what its comment calls it."""

    line: int
    what: str
    before: str
    commit: str
    name: str


class Trouble(Struct, frozen=True):
    """A reference, or a file, that is not in order. `what` is empty when it is about the file.

    `wrong` is for people to correct; `unpinned` could not be pinned; `open` could not be told.
    """

    line: int
    what: str
    kind: TroubleKind
    message: str
    remedy: str = ""


class PinnedFile(Struct, frozen=True):
    """A file before and after; they are the same when there is any trouble with it.

    `settled` counts references that were in order, `images` containers that nobody pins here.
    """

    path: str
    before: bytes
    after: bytes
    repinned: tuple[Repinned, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    settled: int = 0
    images: int = 0

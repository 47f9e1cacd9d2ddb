"""Blobs one after the other, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper.model.history import Blob


def once(again: Iterable[Blob], walked: Iterable[Blob]) -> Iterator[Blob]:
    """Both, without naming anything of the first twice."""
    seen: set[str] = set()
    for blob in again:
        seen.add(blob.id)
        yield blob
    yield from (blob for blob in walked if blob.id not in seen)


def parts_of(blobs: Iterable[Blob], most: int) -> Iterator[list[Blob]]:
    """The same in lists of at most so many."""
    part: list[Blob] = []
    for blob in blobs:
        part.append(blob)
        if len(part) >= most:
            yield part
            part = []
    if part:
        yield part

"""One of several parts of a check that run on machines of their own."""

from __future__ import annotations

from hashlib import blake2b

from msgspec import Struct

MOST_SHARDS = 256


class Shard(Struct, frozen=True):
    """Part `index` of `count`, from 1. `Shard()` is all of it.

    Every file belongs to exactly one part, by a hash of its path, so that all parts agree without
    talking to each other and adding a file moves no other.
    """

    index: int = 1
    count: int = 1

    def has(self, path: str) -> bool:
        """Whether scanners that look at files one by one look at this one here."""
        if self.count == 1:
            return True
        hashed = blake2b(path.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(hashed, "big") % self.count == self.index - 1

    def has_tree(self, position: int) -> bool:
        """Whether the scanner of whole trees at this position of the registry runs here."""
        return position % self.count == self.index - 1

    @property
    def has_change(self) -> bool:
        """Whether the change itself is judged here: one after another, on one machine."""
        return self.index == self.count

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"

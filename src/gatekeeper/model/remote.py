"""What another repository says of itself."""

from __future__ import annotations

from msgspec import Struct


class Refs(Struct, frozen=True):
    """The commits that branches and tags stand for, by name without `refs/heads/` or `refs/tags/`.

    `objects` leads from an annotated tag's own id to its commit: people take the one for the other.
    """

    branches: dict[str, str] = {}
    tags: dict[str, str] = {}
    objects: dict[str, str] = {}

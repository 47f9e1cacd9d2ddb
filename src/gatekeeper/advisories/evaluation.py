"""OSV's evaluation: whether a version is affected."""

from __future__ import annotations

from collections.abc import Iterable

from gatekeeper.advisories.versions import Key
from gatekeeper.model.advisory import Bound, Entry


def affects(entry: Entry, version: str, key: Key | None) -> bool:
    """Whether an advisory says that a version of its package is affected.

    A version without a key matches by name only; the caller has to say that it was not ordered.
    """
    if version in entry.literal:
        return True
    if key is None:
        return False
    return (
        key.public in entry.versions or key.full in entry.versions or in_ranges(entry.ranges, key)
    )


def may_affect(entry: Entry, key: Key | None) -> bool:
    """Whether a version lies where an advisory says too little to tell."""
    return key is not None and in_ranges(entry.unsure, key)


def in_ranges(ranges: Iterable[tuple[Bound, ...]], key: Key) -> bool:
    """Whether any of the ranges, each in the order of versions, holds the version."""
    return any(_in_range(bounds, key) for bounds in ranges)


def _in_range(bounds: tuple[Bound, ...], key: Key) -> bool:
    affected = False
    limited = below = False
    for bound in bounds:
        # PEP 440: a local version counts only when it is compared with another one.
        own = key.full if bound.local else key.public
        if bound.kind == "introduced":
            affected = affected or own >= bound.key
        elif bound.kind == "fixed":
            affected = affected and own < bound.key
        elif bound.kind == "last_affected":
            affected = affected and own <= bound.key
        else:
            limited = True
            below = below or own < bound.key
    return affected and (below or not limited)

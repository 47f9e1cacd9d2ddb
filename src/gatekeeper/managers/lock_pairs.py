"""Each lock with the manifests that it was made for, and where they differ."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from gatekeeper.managers.lock_check import Mismatch, mismatches, not_asked
from gatekeeper.managers.names import PEER, base_name, beside
from gatekeeper.model.dependency import Dependency, Inventory

# The manifest of each lock, and the tool whose tables of it count.
_MANIFESTS: Mapping[str, tuple[str, str]] = {
    "uv-lock": ("pyproject.toml", "uv"),
    "poetry-lock": ("pyproject.toml", "poetry"),
    "pdm-lock": ("pyproject.toml", "pdm"),
    "pylock": ("pyproject.toml", ""),
    "pipfile-lock": ("Pipfile", ""),
    "package-lock": ("package.json", ""),
    "pnpm-lock": ("package.json", ""),
    "yarn-lock": ("package.json", ""),
}


LOCKS = frozenset(_MANIFESTS)


class Pair(Struct, frozen=True):
    """A lock and its manifests. `whole`: these are all of them, and each could be read."""

    lock: Inventory
    manifests: tuple[Inventory, ...]
    whole: bool


def pairs(found: Sequence[Inventory]) -> Iterator[Pair]:
    """Every lock that can be read, and has a manifest."""
    by_path: dict[str, list[Inventory]] = {}
    for it in found:
        by_path.setdefault(it.path, []).append(it)
    for lock in found:
        if lock.problems:
            continue
        wanted = _manifests_of(lock)
        there = [one for path in wanted for one in by_path.get(path, ()) if _is_manifest(one, lock)]
        if there:
            whole = len(there) == len(wanted) and not any(it.problems for it in there)
            yield Pair(lock, tuple(there), whole)


def differences(pair: Pair) -> list[Mismatch]:
    """What the manifests ask for and the lock does not hold like that, and the other way about."""
    lock = pair.lock
    own = {it.tie.name for it in pair.manifests}
    overridden = [text.lower() for it in (*pair.manifests, lock) for text in it.tie.overridden]
    found: list[Mismatch] = []
    for manifest in pair.manifests:
        locked = tuple(it for it in manifest.dependencies if _is_locked(it, lock))
        for it in mismatches(msgspec.structs.replace(manifest, dependencies=locked), lock):
            name = it.dependency.name
            # A member of a workspace is no dependency; all of them have to be known to tell.
            member = it.kind == "missing" and (name in own or not _all_members(pair))
            if not member and not any(name in text for text in overridden):
                found.append(it)
    # Other locks do not say themselves what the project asks for.
    if pair.whole and (lock.tie.projects or lock.manager == "uv-lock"):
        found += not_asked(pair.manifests, lock)
    return found


def stale(pair: Pair) -> list[str]:
    """Which manifests have changed since the lock was made, by what the lock states itself.

    Poetry, pdm and pipenv state a digest, uv the demands.
    """
    stated = pair.lock.tie.stated
    tool = stated.partition(":")[0] + ":"
    found: list[str] = []
    for it in pair.manifests:
        known = [one for one in it.tie.digests if one.startswith(tool)]
        if (stated and known and stated not in known) or _other_demands(it, pair.lock):
            found.append(it.path)
    return found


def _manifests_of(lock: Inventory) -> list[str]:
    """The paths of the manifests that a lock is made for; none that lie outside the repository."""
    if lock.manager == "requirements":
        stem, dot, _ = lock.path.rpartition(".")
        return [f"{stem}.in"] if dot and lock.complete and lock.path.endswith(".txt") else []
    if lock.manager not in _MANIFESTS:
        return []
    if base_name(lock.path).endswith(".py.lock"):
        return [lock.path.removesuffix(".lock")]
    name = _MANIFESTS[lock.manager][0]
    folders = lock.tie.projects or (".",)
    return [beside(lock.path, posixpath.join(it, name)) for it in folders]


def _is_manifest(one: Inventory, lock: Inventory) -> bool:
    return one is not lock and not (one.complete and one.manager != "requirements")


def _is_locked(it: Dependency, lock: Inventory) -> bool:
    """Whether that tool has what stands in such a table of the manifest in its lock."""
    tool = _MANIFESTS.get(lock.manager, ("", ""))[1]
    if it.tool not in ("", tool) or it.marker == PEER:
        return False
    if lock.manager == "pylock":
        # It may hold any choice of groups and extras.
        return it.scope == "runtime"
    if lock.manager == "poetry-lock" and not it.tool and it.scope == "dev":
        # Poetry reads the groups of the standard since 2.2.
        return False
    groups = lock.tie.groups
    return not groups or not it.groups or not set(it.groups).isdisjoint(groups)


def _all_members(pair: Pair) -> bool:
    return pair.whole or len(pair.lock.tie.projects) <= 1


def _other_demands(manifest: Inventory, lock: Inventory) -> bool:
    """Whether uv's lock was made for other version specifiers than those of the manifest."""
    if lock.manager != "uv-lock" or len(lock.tie.projects) != 1:
        return False
    asked = [it for it in manifest.dependencies if it.scope != "build" and it.tool in ("", "uv")]
    counts = Counter(it.name for it in asked)
    made_for = {it.name: it.requirement for it in lock.dependencies if it.direct}
    return any(
        counts[it.name] == 1
        and it.origin == "index"
        and it.name in made_for
        and not _same_specifier(it.requirement, made_for[it.name])
        for it in asked
    )


def _same_specifier(one: str, other: str) -> bool:
    if one == other:
        return True
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(one) == SpecifierSet(other)
    except InvalidSpecifier:
        return True

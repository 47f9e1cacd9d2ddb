"""Whether a lock holds what its manifest asks for, once, and with hashes."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from gatekeeper.managers.names import base_name, beside
from gatekeeper.managers.versions import allows
from gatekeeper.model.dependency import Dependency, Inventory, Scope
from gatekeeper.text.patterns import regex

MismatchKind = Literal["missing", "not-satisfied", "other-origin", "not-asked"]
_LOCKS: Mapping[str, Sequence[str]] = {
    "pyproject.toml": ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"),
    "Pipfile": ("Pipfile.lock",),
    "package.json": ("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock"),
}
# Which locks carry the hash of every file.
_HASHED = frozenset(
    {"uv-lock", "poetry-lock", "pdm-lock", "pylock", "pipfile-lock", "package-lock", "pnpm-lock",
     "yarn-lock"}
)  # fmt: skip
_ALIAS = regex(r"npm:(?:@[^/@]+/)?[^/@]+@")


class Mismatch(Struct, frozen=True):
    """Where manifest and lock differ: `missing` in the lock; there in a version, or from a place,
    that is `not-satisfied` or `other-origin`; or `not-asked` for by any manifest.

    `dependency` is the manifest's, but for `not-asked`, where it is the lock's.
    """

    kind: MismatchKind
    dependency: Dependency
    locked: tuple[str, ...] = ()


def locks_of(path: str, paths: Collection[str]) -> list[str]:
    """The locks among `paths` that belong to a manifest, which lies beside them."""
    name = base_name(path)
    wanted = list(_LOCKS.get(name, ()))
    if name.endswith(".py"):
        wanted.append(f"{name}.lock")
    if name.endswith(".in"):
        wanted.append(f"{name.removesuffix('.in')}.txt")
    return [there for it in wanted if (there := beside(path, it)) in paths]


def workspace_lock_of(path: str, paths: Collection[str]) -> str:
    """The nearest lock in a folder around a manifest that has none of its own; empty if none."""
    names = _LOCKS.get(base_name(path), ())
    folder = posixpath.dirname(path)
    while folder:
        folder = posixpath.dirname(folder)
        for name in names:
            if (there := posixpath.join(folder, name)) in paths:
                return there
    return ""


def mismatches(
    manifest: Inventory, lock: Inventory, scopes: Collection[Scope] | None = None
) -> list[Mismatch]:
    """What the manifest asks for, in `scopes` if given, and the lock does not hold like that.

    What is asked for under a condition may be missing: a lock leaves out what can never apply. So
    may paths: they are parts of the project.
    """
    by_name: dict[tuple[str, str], list[Dependency]] = {}
    for it in lock.dependencies:
        by_name.setdefault((it.ecosystem, it.name), []).append(it)
    found = (
        _mismatch(it, by_name.get((it.ecosystem, it.name), ()))
        for it in manifest.dependencies
        if it.scope != "build" and (scopes is None or it.scope in scopes) and it.origin != "path"
    )
    return [it for it in found if it]


def not_asked(manifests: Sequence[Inventory], lock: Inventory) -> list[Mismatch]:
    """What a lock holds as direct, and no manifest asks for: `manifests` are all of its project."""
    asked = {(it.ecosystem, it.name) for one in manifests for it in one.dependencies}
    return [
        Mismatch("not-asked", it, (it.version,))
        for it in lock.dependencies
        if it.direct and it.origin != "path" and (it.ecosystem, it.name) not in asked
    ]


def _mismatch(wanted: Dependency, locked: Sequence[Dependency]) -> Mismatch | None:
    versions = tuple(it.version or it.url for it in locked)
    if not locked:
        peer = wanted.ecosystem == "npm" and wanted.scope == "optional"
        return None if wanted.marker or peer else Mismatch("missing", wanted)
    same = [it for it in locked if it.origin == wanted.origin]
    if not same:
        return Mismatch("other-origin", wanted, versions)
    if wanted.origin != "index" or any(_satisfied(wanted, it) for it in same):
        return None
    return Mismatch("not-satisfied", wanted, versions)


def _satisfied(wanted: Dependency, locked: Dependency) -> bool:
    if wanted.ecosystem == "npm":
        # The lock repeats what it was made for; where it does not, nothing contradicts.
        made_for = _ALIAS.sub("", locked.requirement)
        return not locked.requirement or made_for in (wanted.requirement, "*", wanted.version)
    if not wanted.requirement or not locked.version:
        return True
    if wanted.requirement == f"=={locked.version}":
        return True
    # What nobody can compare is no contradiction.
    return allows(wanted.requirement, locked.version) is not False


def duplicates(inventory: Inventory) -> list[tuple[Dependency, ...]]:
    """Packages that are there more than once without conditions that keep them apart.

    In a manifest these are entries that contradict or repeat each other; in a lock of Python,
    versions of which only one can be installed. Locks of npm hold several by nature.
    """
    by_name: dict[tuple[str, str, tuple[str, ...]], list[Dependency]] = {}
    for it in inventory.dependencies:
        if it.ecosystem == "pypi" and it.origin != "path":
            groups = it.groups if not inventory.complete else ()
            by_name.setdefault((it.ecosystem, it.name, groups), []).append(it)
    return [
        tuple(same)
        for same in by_name.values()
        if len(same) > 1 and len({it.marker for it in same}) < len(same)
    ]


def missing_hashes(inventory: Inventory) -> Iterator[Dependency]:
    """What a lock, or a requirements file that has hashes at all, lists without one."""
    hashed = inventory.manager in _HASHED or (
        inventory.manager == "requirements" and any(it.hashes for it in inventory.dependencies)
    )
    if hashed:
        yield from without_hash(inventory)


def without_hash(inventory: Inventory) -> Iterator[Dependency]:
    """What is pinned and comes from the network, and nothing says what its files have to be.

    Locks of npm have none for what comes inside another package, and for what no machine of the
    project has ever installed; both say so in the marker.
    """
    for it in inventory.dependencies:
        remote = it.origin == "index" or (it.origin == "url" and it.ecosystem == "pypi")
        if not it.hashes and remote and it.version and not (it.ecosystem == "npm" and it.marker):
            yield it

"""Who asks for whom within a lock, and what follows from it: direct or not, scope, groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from gatekeeper.model.dependency import Dependency, Inventory, Place, Scope

_STRENGTH: tuple[Scope, ...] = ("runtime", "optional", "dev", "build", "unknown")


class Graph:
    """Edges between keys of dependencies, and what the project itself asks for.

    `rooted` says whether all that the project asks for is known: without it, a dependency that
    others ask for may be direct as well.
    """

    def __init__(self) -> None:
        self.rooted = False
        self._children: dict[str, dict[str, None]] = {}
        self._parents: dict[str, dict[str, None]] = {}
        self._roots: dict[tuple[Scope, str], dict[str, None]] = {}
        self._direct: dict[str, str] = {}
        self._markers: dict[str, dict[str, None]] = {}
        self._demands: dict[tuple[str, str], str] = {}

    def edge(self, parent: str, child: str, marker: str = "", demand: str = "") -> None:
        """`parent` asks for `child`, under a condition or always; `demand` as in a Dependency."""
        if parent != child:
            # One that asks in several ways may mean any of them.
            known = self._demands.setdefault((parent, child), demand)
            self._demands[parent, child] = demand if known == demand else ""
            self._markers.setdefault(child, {})[marker] = None
            self._children.setdefault(parent, {})[child] = None
            self._parents.setdefault(child, {})[parent] = None

    def root(
        self, key: str, scope: Scope, group: str = "", requirement: str = "", marker: str = ""
    ) -> None:
        """The project asks for `key`, in that scope; `group` names a group or an extra."""
        self.rooted = True
        self._markers.setdefault(key, {})[marker] = None
        self._roots.setdefault((scope, group), {})[key] = None
        self._direct[key] = self._direct.get(key) or requirement

    def settle(self, dependencies: Iterable[Dependency]) -> tuple[Dependency, ...]:
        """The dependencies with parents, and with what else the graph knows."""
        scopes: dict[str, Scope] = {}
        groups: dict[str, list[str]] = {}
        for (scope, group), keys in sorted(
            self._roots.items(), key=lambda it: (_STRENGTH.index(it[0][0]), it[0][1])
        ):
            for key in self._reached(keys):
                # Who does not know what it is for says nothing about it.
                if scope != "unknown":
                    scopes.setdefault(key, scope)
                if group:
                    groups.setdefault(key, []).append(group)
        return tuple(self._settled(it, scopes, groups) for it in dependencies)

    def _settled(
        self, it: Dependency, scopes: Mapping[str, Scope], groups: Mapping[str, list[str]]
    ) -> Dependency:
        key = it.key
        parents = tuple(self._parents.get(key, ()))
        demands = tuple(self._demands[parent, key] for parent in parents)
        direct: bool | None = key in self._direct
        if not self.rooted:
            direct = None if parents else True
        return msgspec.structs.replace(
            it,
            parents=parents,
            demands=demands if any(demands) else (),
            direct=direct,
            # Without a version, the requirement is part of the key.
            requirement=it.requirement or (self._direct.get(key, "") if it.version else ""),
            scope=scopes.get(key, it.scope),
            groups=tuple(groups.get(key, it.groups)),
            marker=it.marker or _either(self._markers.get(key, {"": None})),
        )

    def _reached(self, keys: Iterable[str]) -> dict[str, None]:
        seen = dict.fromkeys(keys)
        queue = list(seen)
        while queue:
            for child in self._children.get(queue.pop(), ()):
                if child not in seen:
                    seen[child] = None
                    queue.append(child)
        return seen


def _either(markers: Iterable[str]) -> str:
    """A marker that holds when any of these does; empty when one of them always does."""
    each = sorted(set(markers))
    if "" in each:
        return ""
    return each[0] if len(each) == 1 else " or ".join(f"({it})" for it in each)


def merged(dependencies: Iterable[Dependency]) -> list[Dependency]:
    """One for each key, at the first of its places, with all that was said of it."""
    found: dict[str, Dependency] = {}
    for it in dependencies:
        key = it.key
        first = found.get(key)
        found[key] = it if first is None else _union(first, it)
    return list(found.values())


def merged_in_place(dependencies: Iterable[Dependency]) -> list[Dependency]:
    """One for each key and place: what stands in one line and counts for several groups."""
    found: dict[tuple[str, Place], Dependency] = {}
    for it in dependencies:
        first = found.get((it.key, it.place))
        found[it.key, it.place] = it if first is None else _union(first, it)
    return list(found.values())


def _union(first: Dependency, other: Dependency) -> Dependency:
    asked = {
        **dict(zip(other.parents, other.demands, strict=False)),
        **dict(zip(first.parents, first.demands, strict=False)),
    }
    parents = tuple(dict.fromkeys((*first.parents, *other.parents)))
    return msgspec.structs.replace(
        first,
        hashes=tuple(dict.fromkeys((*first.hashes, *other.hashes))),
        groups=tuple(dict.fromkeys((*first.groups, *other.groups))),
        extras=tuple(sorted({*first.extras, *other.extras})),
        scope=min(first.scope, other.scope, key=_STRENGTH.index),
        parents=parents,
        demands=tuple(asked.get(it, "") for it in parents) if asked else (),
        direct=first.direct or other.direct,
        marker=_either((first.marker, other.marker)),
    )


class Paths:
    """The shortest way from something direct to each dependency of an inventory."""

    def __init__(self, inventory: Inventory) -> None:
        known = {it.key: it for it in inventory.dependencies}
        children: dict[str, list[str]] = {}
        for key, it in known.items():
            for parent in it.parents:
                children.setdefault(parent, []).append(key)
        starts = [key for key, it in known.items() if it.direct]
        starts = starts or [key for key, it in known.items() if not it.parents]
        self._known = known
        self._before: dict[str, str] = dict.fromkeys(starts, "")
        layer = starts
        while layer:
            following: list[str] = []
            for key in layer:
                for child in children.get(key, ()):
                    if child not in self._before:
                        self._before[child] = key
                        following.append(child)
            layer = following

    def to(self, key: str) -> tuple[Dependency, ...]:
        """From the direct dependency down to the one with that key.

        Only that one itself, when nothing tells how it comes here; nothing for an unknown key.
        """
        if key not in self._known:
            return ()
        path = [key]
        while before := self._before.get(path[-1], ""):
            path.append(before)
        return tuple(self._known[it] for it in reversed(path))

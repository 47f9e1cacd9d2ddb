"""Which advisories are one vulnerability: aliases are symmetric and transitive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

# Names for people, best first.
_ORDER = ("CVE", "GHSA", "PYSEC", "OSV")


class Aliases:
    """Union-find over names. Every name is a vulnerability of its own until joined."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def join(self, names: Iterable[str]) -> None:
        """All of them are one."""
        first = ""
        for name in names:
            root = self.find(name)
            if first:
                # The lower name becomes the root, so that the order of joining shows nowhere.
                low, high = sorted((first, root))
                self._parent[high] = low
                first = low
            else:
                first = root

    def find(self, name: str) -> str:
        """The name that stands for all of its aliases."""
        parent = self._parent
        root = name
        while (above := parent.setdefault(root, root)) != root:
            root = above
        while (above := parent[name]) != root:
            parent[name], name = root, above
        return root

    def groups(self) -> dict[str, list[str]]:
        """All names by the one that stands for them, each list sorted."""
        groups: dict[str, list[str]] = {}
        for name in sorted(self._parent):
            groups.setdefault(self.find(name), []).append(name)
        return groups


def for_people(names: Iterable[str], *, malicious: bool = False) -> str:
    """The name to use: a CVE or GHSA before others; MAL- of what is malicious."""
    order = ("MAL", *_ORDER) if malicious else _ORDER

    def rank(name: str) -> tuple[int, str]:
        kind = name.partition("-")[0].upper()
        return (order.index(kind) if kind in order else len(order), name)

    return min(names, key=rank)


def all_upstream(
    start: Iterable[str], upstream: Mapping[str, Sequence[str]], aliases: Aliases
) -> list[str]:
    """Every vulnerability upstream of `start`, by the name that stands for it.

    `upstream` has what is directly upstream, by standing name. It is transitive and not symmetric,
    so what is downstream of one of them is not among them.
    """
    seen: set[str] = set()
    pending = list(start)
    while pending:
        for name in upstream.get(pending.pop(), ()):
            root = aliases.find(name)
            if root not in seen:
                seen.add(root)
                pending.append(root)
    return sorted(seen)

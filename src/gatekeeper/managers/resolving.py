"""What a manifest leaves open, closed by a resolver."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import msgspec

from gatekeeper.managers.graph import Graph, Paths
from gatekeeper.managers.reading import Found
from gatekeeper.managers.requirements import requirements_in
from gatekeeper.model.dependency import Dependency, Inventory, PackageIndex, Place
from gatekeeper.text.patterns import regex

INPUT = "wanted.in"
_PLAIN = regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_VERSION = regex(r"[A-Za-z0-9._!+-]*")
_SAFE = regex(r"[A-Za-z0-9 ._!+<>=~*,()'\"-]*")

Compile = Callable[[str, Sequence[PackageIndex], str], str]


def needs_resolving(inventory: Inventory) -> bool:
    """Whether something of an index has no exact version, or a manifest says nothing of what its
    dependencies need in turn."""
    return not inventory.complete and any(askable(it) for it in inventory.dependencies)


def resolved(inventory: Inventory, compile_: Compile, python: str = "") -> Inventory:
    """The inventory with exact versions and with what they bring in, at the lines that ask.

    The resolver is handed names, specifiers and markers in our own words, so that a file of a
    stranger cannot lead it anywhere. What comes from version control, addresses and paths stays as
    it is. `compile_` is Resolver.compile; its errors are for the caller.
    """
    asked = [it for it in inventory.dependencies if askable(it)]
    others = [it for it in inventory.dependencies if not askable(it)]
    if not asked:
        return inventory
    text = compile_(
        "\n".join(dict.fromkeys(map(line_of, asked))) + "\n", usable(inventory.indexes), python
    )
    found = Found(inventory.manager, inventory.path)
    found.problems += inventory.problems
    chosen = requirements_in(INPUT, {INPUT: text.encode()}, found)
    dependencies = (*_placed(chosen, asked, inventory.path), *others)
    missing = {it.name for it in asked if not it.marker} - {it.name for it in chosen}
    for it in asked:
        if it.name in missing:
            found.problem(
                f"{it.name} was asked for, and the resolver chose no version",
                it.place.line,
                "lock the project, for example with `uv lock`",
                it.place.path,
            )
    return msgspec.structs.replace(
        inventory, dependencies=dependencies, problems=tuple(found.problems), complete=True
    )


def askable(it: Dependency) -> bool:
    """Whether it can be put into one line that says nothing but what is meant."""
    return (
        it.ecosystem == "pypi"
        and it.origin == "index"
        and it.scope != "build"
        and bool(_SAFE.fullmatch(it.requirement) and _SAFE.fullmatch(it.marker))
        and bool(_PLAIN.fullmatch(it.name) and _VERSION.fullmatch(it.version))
        and all(_PLAIN.fullmatch(extra) for extra in it.extras)
        and "||" not in it.requirement
    )


def line_of(it: Dependency) -> str:
    """What a manifest asks for, in one line that says nothing else."""
    extras = f"[{','.join(it.extras)}]" if it.extras else ""
    wanted = f"=={it.version}" if it.version and "=" not in it.requirement else it.requirement
    marker = f" ; {it.marker}" if it.marker else ""
    return f"{it.name}{extras}{wanted}{marker}"


def usable(indexes: Iterable[PackageIndex]) -> list[PackageIndex]:
    """Indexes on the network. A folder of the machine is no business of a file."""
    return [it for it in indexes if re.match(r"https?://", it.url) and not it.explicit]


def _placed(
    chosen: Sequence[Dependency], asked: Sequence[Dependency], path: str
) -> tuple[Dependency, ...]:
    """What was chosen, at the line that asked for it or for what brought it in."""
    by_name: dict[str, list[Dependency]] = {}
    for it in asked:
        by_name.setdefault(it.name, []).append(it)
    graph = Graph()
    graph.rooted = True
    for it in chosen:
        for parent in it.parents:
            graph.edge(parent, it.key)
        for root in by_name.get(it.name, ()) if it.direct is not False else ():
            for group in root.groups or ("",):
                graph.root(it.key, root.scope, group, root.requirement, root.marker)
    bare = (msgspec.structs.replace(it, requirement="", scope="unknown") for it in chosen)
    settled = graph.settle(bare)
    paths = Paths(Inventory(manager="", path=path, dependencies=settled))
    return tuple(
        msgspec.structs.replace(it, place=_place(paths.to(it.key), by_name, path)) for it in settled
    )


def _place(way: Sequence[Dependency], by_name: dict[str, list[Dependency]], path: str) -> Place:
    roots = by_name.get(way[0].name) if way else None
    return roots[0].place if roots else Place(path)

"""An installed environment, as its metadata says it.

It is no file of a repository, so it is in no registry: an adapter collects the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message
from email.parser import HeaderParser

from msgspec import Struct

from gatekeeper.managers.graph import Graph
from gatekeeper.managers.json_document import read_json
from gatekeeper.managers.names import pypi_name, without_password
from gatekeeper.managers.pep508 import Demand, parse_demand
from gatekeeper.managers.reading import Found, UnreadableError, check_size
from gatekeeper.model.dependency import Dependency, Inventory, Origin, Place
from gatekeeper.text.patterns import regex

MANAGER = "installed"
_EXTRA = regex(r"\bextra\s*==\s*['\"]([^'\"]+)['\"]")


class _Installed(Struct):
    dependency: Dependency
    demands: list[Demand]


def read_environment(path: str, files: Mapping[str, bytes]) -> Inventory:
    """What is installed at `path`.

    `files` are `<folder>.dist-info/METADATA`, and `direct_url.json` and `REQUESTED` beside it
    where they exist, or `<name>.egg-info/PKG-INFO`. Nothing is imported.
    """
    found = Found(MANAGER, path)
    packages: list[_Installed] = []
    for name in sorted(files):
        if name.endswith((".dist-info/METADATA", "/PKG-INFO", ".egg-info")):
            with found.entry(name):
                packages.append(_package(name, files))
    by_name: dict[str, list[Dependency]] = {}
    for it in packages:
        by_name.setdefault(it.dependency.name, []).append(it.dependency)
    for same in by_name.values():
        if len(same) > 1:
            found.problem(
                f"{same[0].name} is installed {len(same)} times: only one of them is imported",
                remedy="make the environment anew",
                path=same[1].place.path,
            )
    graph = Graph()
    asked = [it for it in packages if it.dependency.direct]
    # Some installers mark everything as asked for, which tells nothing.
    if 0 < len(asked) < len(packages):
        for it in asked:
            graph.root(it.dependency.key, "unknown")
    _add_edges(packages, by_name, graph)
    return found.inventory(graph.settle(it.dependency for it in packages), complete=True)


def _package(name: str, files: Mapping[str, bytes]) -> _Installed:
    check_size(files[name])
    message = HeaderParser().parsestr(files[name].decode("utf-8", "replace"))
    display, version = _one(message, "Name"), _one(message, "Version")
    if not display or not version:
        raise UnreadableError(
            "the metadata has no name or no version", 1, "install the package again"
        )
    folder = name.rpartition("/")[0]
    origin, url = _origin(files.get(f"{folder}/direct_url.json"))
    dependency = Dependency(
        ecosystem="pypi",
        name=pypi_name(display),
        display=display,
        version=version,
        place=Place(name),
        origin=origin,
        url=url,
        direct=f"{folder}/REQUESTED" in files,
        license=_one(message, "License-Expression"),
    )
    demands = [parse_demand(it) for it in message.get_all("Requires-Dist") or ()]
    return _Installed(dependency, demands)


def _one(message: Message, key: str) -> str:
    return str(message.get(key) or "").strip()


def _origin(content: bytes | None) -> tuple[Origin, str]:
    """What direct_url.json says, as PEP 610 describes it."""
    if content is None:
        return "index", ""
    document = read_json(content)
    document.expect(dict)
    url = without_password(document.text("url"))
    if document.has("vcs_info"):
        vcs = document.table("vcs_info")
        return "vcs", f"{vcs.text('vcs')}+{url}@{vcs.text('commit_id')}"
    if document.has("dir_info") or url.startswith("file:"):
        return "path", url
    return "url", url


def _add_edges(
    packages: list[_Installed], by_name: Mapping[str, list[Dependency]], graph: Graph
) -> None:
    """Who needs whom; what belongs to an extra only where somebody asks for that extra."""
    extras: dict[str, set[str]] = {}
    for it in packages:
        for demand in it.demands:
            extras.setdefault(demand.name, set()).update(demand.extras)
    for it in packages:
        for demand in it.demands:
            needed = {pypi_name(extra) for extra in _EXTRA.findall(demand.marker)}
            if needed and not needed & extras.get(it.dependency.name, set()):
                continue
            for child in by_name.get(demand.name, ()):
                graph.edge(it.dependency.key, child.key)

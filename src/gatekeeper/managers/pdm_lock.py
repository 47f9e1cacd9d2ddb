"""pdm.lock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gatekeeper.managers.graph import Graph, merged
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.names import pypi_name, without_password
from gatekeeper.managers.pep508 import file_version, parse_demand
from gatekeeper.managers.python_roots import asked_beside, manifest_of, only_source, plant
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.toml_document import read_toml
from gatekeeper.managers.versions import allows
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Origin, Place, Tie

_REMEDY = "run `pdm lock`"


class PdmLock:
    """All packages; the entries of a package with and without extras are one.

    What is direct stands in the pyproject.toml beside the lock.
    """

    id = "pdm-lock"
    kind: Kind = "lock"
    ecosystem: Ecosystem | None = "pypi"

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        return (manifest_of(path),)

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        graph = Graph()
        packages: list[tuple[View, Dependency]] = []
        with found.entry():
            document = read_toml(files[path], _REMEDY)
            _check_version(document)
            hashes = _old_hashes(document)
            found.tie = _tie(document.table("metadata"))
            for table in document.items("package"):
                with found.entry():
                    packages.append((table, _package(path, table, hashes)))
            by_name: dict[str, list[Dependency]] = {}
            for it in merged(it for _, it in packages):
                by_name.setdefault(it.name, []).append(it)
            for table, dependency in packages:
                with found.entry():
                    _add_edges(table, dependency, by_name, graph)
            plant(graph, asked_beside(path, files, found), by_name)
        return found.inventory(graph.settle(merged(it for _, it in packages)), complete=True)


def _check_version(document: View) -> None:
    metadata = document.table("metadata")
    version = metadata.value.get("lock_version", "")
    if not re.fullmatch(r"[34](?:\.\d+)*", str(version)):
        raise UnreadableError(
            f"version {version!r} of pdm.lock is not known here: nothing in it was checked",
            metadata.at("lock_version").line,
            "a newer gatekeeper may know it; or lock with the pdm that you had before",
        )


def _tie(metadata: View) -> Tie:
    stated = metadata.text("content_hash").removeprefix("sha256:")
    groups = tuple(pypi_name(it) for it in metadata.texts("groups"))
    return Tie(stated=f"pdm:{stated}" if stated else "", groups=groups)


def _old_hashes(document: View) -> dict[tuple[str, str], tuple[str, ...]]:
    """Hashes by name and version, of locks that keep them at their end."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for key, below in document.table("metadata").table("files").entries():
        name, _, version = key.partition(" ")
        found[pypi_name(name.partition("[")[0]), version] = _hashes(below)
    return found


def _hashes(files: View) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for file in files.items():
        file.expect(dict)
        found[file.required("hash")] = None
    return tuple(found)


def _package(path: str, table: View, old: Mapping[tuple[str, str], tuple[str, ...]]) -> Dependency:
    table.expect(dict)
    display = table.required("name")
    name = pypi_name(display)
    origin, url = _source(table)
    version = table.text("version") or file_version(url, name)
    groups = table.texts("groups")
    if not version and origin == "index":
        raise UnreadableError(f"{name} has no version", table.line, _REMEDY)
    return Dependency(
        ecosystem="pypi",
        name=name,
        display=display,
        version=version,
        place=Place(path, table.line),
        origin=origin,
        url=without_password(url),
        # A group may be an extra or one for development: only the manifest tells.
        scope="runtime" if "default" in groups else "unknown",
        groups=tuple(it for it in groups if it != "default"),
        extras=tuple(sorted(pypi_name(it) for it in table.texts("extras"))),
        marker=table.text("marker") or table.text("markers"),
        hashes=_hashes(table.at("files")) or old.get((name, version), ()),
        install_code=only_source(table.items("files")) if origin == "index" else None,
    )


def _source(table: View) -> tuple[Origin, str]:
    for vcs in ("git", "hg", "svn", "bzr"):
        if table.has(vcs):
            reference = table.text("revision") or table.text("ref")
            return "vcs", f"{vcs}+{table.text(vcs)}@{reference}"
    if table.has("path"):
        return "path", table.text("path")
    if table.has("url"):
        return "url", table.text("url")
    return "index", ""


def _add_edges(
    table: View, parent: Dependency, by_name: Mapping[str, Sequence[Dependency]], graph: Graph
) -> None:
    for item in table.items("dependencies"):
        demand = parse_demand(item.expect(str), table.line)
        candidates = by_name.get(demand.name, ())
        if len(candidates) > 1:
            fitting = [it for it in candidates if allows(demand.specifier, it.version)]
            candidates = fitting or candidates
        for child in candidates:
            graph.edge(parent.key, child.key, demand.marker, demand.specifier or "*")

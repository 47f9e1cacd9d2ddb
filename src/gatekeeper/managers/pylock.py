"""pylock.toml, the lock file of PEP 751."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.managers.graph import Graph
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.names import pypi_name, without_password
from gatekeeper.managers.pep508 import file_version
from gatekeeper.managers.python_roots import asked_beside, manifest_of, plant
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.toml_document import read_toml
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Origin, Place, Scope
from gatekeeper.text.patterns import regex

_REMEDY = "make it anew with the tool that wrote it, for example `uv export --format pylock.toml`"
_MEMBER = regex(r"""['"]([^'"]+)['"]\s+in\s+(extras|dependency_groups)""")


class Pylock:
    """All packages. What is direct stands in the pyproject.toml beside the lock."""

    id = "pylock"
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
            for table in document.items("packages"):
                with found.entry():
                    packages.append((table, _package(path, table)))
            by_name: dict[str, list[Dependency]] = {}
            for _, it in packages:
                by_name.setdefault(it.name, []).append(it)
            for table, dependency in packages:
                with found.entry():
                    _add_edges(table, dependency, by_name, graph)
            plant(graph, asked_beside(path, files, found), by_name)
        return found.inventory(graph.settle(it for _, it in packages), complete=True)


def _check_version(document: View) -> None:
    version = document.text("lock-version")
    if not re.fullmatch(r"1(?:\.\d+)*", version):
        raise UnreadableError(
            f"version {version!r} of pylock.toml is not known here: nothing in it was checked",
            document.at("lock-version").line,
            "a newer gatekeeper may know it",
        )
    if not document.has("packages"):
        raise UnreadableError("the lock has no `packages`", remedy=_REMEDY)


def _package(path: str, table: View) -> Dependency:
    table.expect(dict)
    display = table.required("name")
    name = pypi_name(display)
    origin, url = _source(table)
    version = table.text("version") or file_version(url, name)
    if not version and origin == "index":
        raise UnreadableError(f"{name} has no version", table.line, _REMEDY)
    marker = table.text("marker")
    scope, groups = _membership(marker)
    return Dependency(
        ecosystem="pypi",
        name=name,
        display=display,
        version=version,
        place=Place(path, table.line),
        origin=origin,
        url=without_password(url),
        scope=scope,
        groups=groups,
        marker=marker,
        hashes=_hashes(table),
        install_code=not table.at("wheels").value if origin == "index" else None,
    )


def _membership(marker: str) -> tuple[Scope, tuple[str, ...]]:
    """What a marker of the lock says about extras and groups."""
    found = _MEMBER.findall(marker)
    if not found:
        return "unknown", ()
    kinds = {kind for _, kind in found}
    return "optional" if "extras" in kinds else "dev", tuple(sorted({name for name, _ in found}))


def _source(table: View) -> tuple[Origin, str]:
    if table.has("vcs"):
        vcs = table.table("vcs")
        where = vcs.text("url") or vcs.text("path")
        return "vcs", f"{vcs.required('type')}+{where}@{vcs.required('commit-id')}"
    if table.has("directory"):
        return "path", table.table("directory").required("path")
    if table.has("archive"):
        archive = table.table("archive")
        return (
            ("url", archive.text("url")) if archive.has("url") else ("path", archive.text("path"))
        )
    if not table.has("sdist") and not table.has("wheels"):
        raise UnreadableError(
            f"{table.required('name')} has no vcs, directory, archive, sdist or wheels",
            table.line,
            _REMEDY,
        )
    return "index", table.text("index")


def _hashes(table: View) -> tuple[str, ...]:
    files: Iterator[View] = (table.table(key) for key in ("archive", "sdist"))
    found: dict[str, None] = {}
    for file in (*files, *table.items("wheels")):
        file.expect(dict)
        for algorithm, value in file.table("hashes").entries():
            found[f"{algorithm}:{value.expect(str)}"] = None
    return tuple(found)


def _add_edges(
    table: View, parent: Dependency, by_name: Mapping[str, Sequence[Dependency]], graph: Graph
) -> None:
    for wanted in table.items("dependencies"):
        wanted.expect(dict)
        name = pypi_name(wanted.required("name"))
        version = wanted.text("version")
        for child in by_name.get(name, ()):
            if not version or child.version == version:
                graph.edge(parent.key, child.key)

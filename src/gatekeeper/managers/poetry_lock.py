"""poetry.lock, from poetry 1.0 to 2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.managers.graph import Graph
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.names import pypi_name, without_password
from gatekeeper.managers.pep508 import file_version
from gatekeeper.managers.poetry_edges import Edges, without_extra
from gatekeeper.managers.python_roots import asked_beside, manifest_of, only_source, plant
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.toml_document import read_toml
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Origin, Place, Scope, Tie

_REMEDY = "run `poetry lock`"
_ORIGINS: dict[str, Origin] = {
    "git": "vcs",
    "hg": "vcs",
    "url": "url",
    "file": "path",
    "directory": "path",
    "legacy": "index",
}
# Before poetry 1.5 a package said in its own entry what it is for.
_CATEGORIES: dict[str, Scope] = {"main": "runtime", "dev": "dev"}


class PoetryLock:
    """All packages. What is direct stands in the pyproject.toml beside the lock."""

    id = "poetry-lock"
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
            if stated := document.table("metadata").text("content-hash"):
                found.tie = Tie(stated=f"poetry:{stated}")
            for table in document.items("package"):
                with found.entry():
                    packages.append((table, _package(path, table, hashes)))
            by_name: dict[str, list[Dependency]] = {}
            for _, it in packages:
                by_name.setdefault(it.name, []).append(it)
            asked = asked_beside(path, files, found)
            Edges(found, by_name, asked or ()).add(packages, graph)
            plant(graph, asked, by_name)
        return found.inventory(graph.settle(it for _, it in packages), complete=True)


def _check_version(document: View) -> None:
    metadata = document.table("metadata")
    if not document.has("metadata"):
        raise UnreadableError(
            "the lock has no [metadata], so its end is missing: nothing in it was checked",
            remedy=_REMEDY,
        )
    # Before 1.0 of poetry there was none.
    version = metadata.text("lock-version", "1.0")
    if not re.fullmatch(r"[12]\.\d+", version):
        raise UnreadableError(
            f"version {version!r} of poetry.lock is not known here: nothing in it was checked",
            metadata.at("lock-version").line,
            "a newer gatekeeper may know it; or lock with the poetry that you had before",
        )


def _old_hashes(document: View) -> dict[str, tuple[str, ...]]:
    """Hashes by name, of locks that keep them at their end."""
    found: dict[str, tuple[str, ...]] = {}
    metadata = document.table("metadata")
    for name, below in metadata.table("files").entries():
        found[pypi_name(name)] = tuple(it.required("hash") for it in _tables(below))
    for name, below in metadata.table("hashes").entries():
        found[pypi_name(name)] = tuple(f"sha256:{it}" for it in below.own_texts())
    return found


def _tables(below: View) -> Iterator[View]:
    for item in below.items():
        item.expect(dict)
        yield item


def _package(path: str, table: View, old: Mapping[str, tuple[str, ...]]) -> Dependency:
    table.expect(dict)
    display = table.required("name")
    name = pypi_name(display)
    source = table.table("source")
    kind = source.text("type")
    if kind and kind not in _ORIGINS:
        raise UnreadableError(
            f"{name} comes from a source of type {kind!r}, which is not known here",
            table.line,
            _REMEDY,
        )
    origin = _ORIGINS.get(kind, "index")
    url = source.text("url")
    if origin == "vcs":
        url = f"{kind}+{url}@{source.text('resolved_reference') or source.text('reference')}"
    files = list(_tables(table.at("files")))
    hashes = tuple(it.required("hash") for it in files)
    groups = table.texts("groups")
    scope = _CATEGORIES.get(table.text("category"), "unknown")
    if groups or table.flag("optional"):
        scope = "optional" if table.flag("optional") else "runtime" if "main" in groups else "dev"
    return Dependency(
        ecosystem="pypi",
        name=name,
        display=display,
        version=table.required("version") or file_version(url, name),
        place=Place(path, table.line),
        origin=origin,
        url=without_password(url),
        scope=scope,
        groups=tuple(it for it in groups if it != "main"),
        marker=without_extra(_marker(table)),
        hashes=hashes or old.get(name, ()),
        install_code=only_source(files) if origin == "index" else None,
    )


def _marker(table: View) -> str:
    """One marker, or from 2.1 on one for each group; before, `marker`."""
    value = table.at("markers")
    if isinstance(value.value, dict):
        each = [it.expect(str) for _, it in value.entries()]
        return each[0] if len(set(each)) == 1 else ""
    return table.text("markers") or table.text("marker")

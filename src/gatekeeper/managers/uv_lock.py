"""uv.lock, and the locks that uv writes beside scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.managers.graph import Graph
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.names import pypi_name, without_password
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.toml_document import read_toml
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import (
    Dependency,
    Ecosystem,
    Inventory,
    Origin,
    PackageIndex,
    Place,
    Scope,
    Tie,
)

_REMEDY = "run `uv lock`"
_ASKING = frozenset(("dependencies", "optional-dependencies"))
_ORIGINS: dict[str, Origin] = {
    "registry": "index",
    "git": "vcs",
    "url": "url",
    "path": "path",
    "directory": "path",
    "editable": "path",
    "virtual": "path",
}


class UvLock:
    """All packages of the lock; members of the workspace are the project itself."""

    id = "uv-lock"
    kind: Kind = "lock"
    ecosystem: Ecosystem | None = "pypi"

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        return ()

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        lock = _Lock(found)
        with found.entry():
            lock.read(files[path])
        return found.inventory(lock.dependencies(), complete=True)


class _Package:
    """A `[[package]]`: what it is, and its table for what it asks for."""

    __slots__ = ("dependency", "name", "source", "table", "version")

    def __init__(self, path: str, table: View) -> None:
        table.expect(dict)
        self.table = table
        self.name = pypi_name(table.required("name"))
        self.version = table.text("version")
        self.source = table.table("source")
        kind = next((it for it in _ORIGINS if it in self.source.value), "")
        if not kind:
            raise UnreadableError(
                f"{self.name} comes from a source that is not known here", table.line, _REMEDY
            )
        self.dependency = Dependency(
            ecosystem="pypi",
            name=self.name,
            display=table.text("name"),
            version=self.version,
            place=Place(path, table.line),
            origin=_ORIGINS[kind],
            url=without_password(self.source.text(kind)),
            hashes=_hashes(table),
            install_code=not table.at("wheels").value if kind == "registry" else None,
        )

    def is_root(self, members: set[str]) -> bool:
        """Whether it is the project, or a member of its workspace, and no dependency."""
        kinds = ("editable", "virtual", "directory")
        if not any(it in self.source.value for it in kinds):
            return False
        local = {self.source.text(it) for it in kinds}
        return self.name in members or (not members and "." in local)


def _hashes(table: View) -> tuple[str, ...]:
    if not ("sdist" in table.value or "wheels" in table.value):
        return ()
    # Most of a lock are its files: they are looked at without a view each, unless one is odd.
    found: dict[str, None] = {}
    for position, file in enumerate((table.table("sdist").value, *table.at("wheels").elements())):
        value = file.get("hash", "") if isinstance(file, dict) else None
        if not isinstance(value, str):
            where = table.at("wheels").at(position - 1) if position else table.at("sdist")
            where.expect(dict)
            where.text("hash")
            continue
        if value:
            found[value] = None
    return tuple(found)


class _Lock:
    def __init__(self, found: Found) -> None:
        self._found = found
        self._graph = Graph()
        self._packages: dict[str, list[_Package]] = {}
        self._roots: list[_Package] = []

    def dependencies(self) -> Iterator[Dependency]:
        roots = {id(it) for it in self._roots}
        packages = [it for same in self._packages.values() for it in same if id(it) not in roots]
        yield from self._graph.settle(it.dependency for it in packages)

    def read(self, content: bytes) -> None:
        document = read_toml(content, _REMEDY)
        version = document.value.get("version")
        if version != 1 or isinstance(version, bool):
            raise UnreadableError(
                f"version {version!r} of uv.lock is not known here: nothing in it was checked",
                document.at("version").line,
                "a newer gatekeeper may know it; or lock with the uv that you had before",
            )
        manifest = document.table("manifest")
        members = {pypi_name(it) for it in manifest.texts("members")}
        for table in document.items("package"):
            with self._found.entry():
                package = _Package(self._found.path, table)
                self._packages.setdefault(package.name, []).append(package)
                if package.is_root(members):
                    self._roots.append(package)
        projects = {it.dependency.url for it in self._roots}
        self._found.tie = Tie(projects=tuple(sorted(projects)))
        self._add_indexes()
        self._graph.rooted = True
        self._add_manifest(manifest)
        roots = {id(it) for it in self._roots}
        for package in [it for same in self._packages.values() for it in same]:
            root = id(package) in roots
            # Most packages ask for nothing.
            if root or not _ASKING.isdisjoint(package.table.value):
                with self._found.entry():
                    self._add_edges(package, root=root)

    def _add_indexes(self) -> None:
        seen: dict[str, int] = {}
        for same in self._packages.values():
            for it in same:
                if it.source.has("registry"):
                    seen.setdefault(it.dependency.url, it.dependency.place.line)
        for url, line in seen.items():
            self._found.indexes.append(PackageIndex(url=url, place=Place(self._found.path, line)))

    def _add_manifest(self, manifest: View) -> None:
        """Scripts and workspaces without a project have what they ask for in here."""
        for wanted in manifest.items("requirements"):
            self._ask(None, wanted, "runtime", "")
        for group, below in manifest.table("dependency-groups").entries():
            for wanted in below.items():
                self._ask(None, wanted, "dev", group)

    def _add_edges(self, package: _Package, *, root: bool) -> None:
        parent = None if root else package
        # What the project demands is told; what a package demands of another is not.
        wants = _demands(package.table) if root else None
        for wanted in package.table.items("dependencies"):
            self._ask(parent, wanted, "runtime", "", wants)
        for extra, below in package.table.table("optional-dependencies").entries():
            for wanted in below.items():
                self._ask(parent, wanted, "optional", extra, wants)
        # Of packages that are no part of the project, uv does not lock the groups.
        if root:
            for group, below in package.table.table("dev-dependencies").entries():
                for wanted in below.items():
                    self._ask(parent, wanted, "dev", group, wants)

    def _ask(
        self,
        parent: _Package | None,
        wanted: View,
        scope: Scope,
        group: str,
        wants: Mapping[str, str] | None = None,
    ) -> None:
        wanted.expect(dict)
        name = pypi_name(wanted.required("name"))
        version = wanted.text("version")
        candidates = [
            it for it in self._packages.get(name, ()) if not version or it.version == version
        ]
        if not candidates:
            by = parent.name if parent else "the project"
            raise UnreadableError(
                f"{by} asks for {name}{version and ' ' + version}, which the lock does not have",
                wanted.line,
                f"the lock is not whole: {_REMEDY}",
            )
        marker = wanted.text("marker")
        for it in candidates:
            if parent:
                self._graph.edge(parent.dependency.key, it.dependency.key, marker)
            else:
                requirement = (wants or {}).get(name, "") or wanted.text("specifier")
                self._graph.root(it.dependency.key, scope, group, requirement, marker)


def _demands(table: View) -> dict[str, str]:
    """The specifiers that the project's own metadata has for each name."""
    metadata = table.table("metadata")
    lists = [metadata.items("requires-dist")]
    lists += [below.items() for _, below in metadata.table("requires-dev").entries()]
    found: dict[str, str] = {}
    for wanted in (it for below in lists for it in below):
        wanted.expect(dict)
        found.setdefault(pypi_name(wanted.required("name")), wanted.text("specifier"))
    return found

"""pnpm-lock.yaml, versions 5, 6 and 9."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.managers.graph import Graph, merged
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.names import without_password
from gatekeeper.managers.npm_spec import integrity_hashes
from gatekeeper.managers.pnpm_paths import Paths
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.view import View
from gatekeeper.managers.yaml_document import read_documents
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Origin, Place, Scope, Tie

_REMEDY = "run `pnpm install --lockfile-only`"
_TABLES: tuple[tuple[str, Scope], ...] = (
    ("dependencies", "runtime"),
    ("optionalDependencies", "optional"),
    ("devDependencies", "dev"),
)


class PnpmLock:
    """Every version once, whichever peers it was installed with."""

    id = "pnpm-lock"
    kind: Kind = "lock"
    ecosystem: Ecosystem | None = "npm"

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        return ()

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        dependencies: list[Dependency] = []
        with found.entry():
            documents = read_documents(files[path], _REMEDY)
            if not documents:
                raise UnreadableError("the lock is empty", 0, _REMEDY)
            # From version 11 on, pnpm keeps what itself is configured with in a document before.
            for document in documents:
                with found.entry():
                    dependencies += _Lock(document, found).read()
        return found.inventory(merged(dependencies), complete=True)


class _Lock:
    def __init__(self, document: View, found: Found) -> None:
        document.expect(dict)
        version = document.text("lockfileVersion")
        if version.partition(".")[0] not in ("5", "6", "9"):
            raise UnreadableError(
                f"version {version!r} of pnpm-lock.yaml is not known here: "
                "nothing in it was checked",
                document.at("lockfileVersion").line,
                "a newer gatekeeper may know it; or lock with the pnpm that you had before",
            )
        self._document = document
        self._found = found
        self._paths = Paths(version)
        self._graph = Graph()
        self._graph.rooted = True
        # By the path of a package, with its peers.
        self._packages: dict[str, Dependency] = {}

    def read(self) -> Iterator[Dependency]:
        snapshots = self._document.table("snapshots" if self._paths.split else "packages")
        packages = self._document.table("packages")
        for path, table in snapshots.entries():
            with self._found.entry():
                body = packages.at(self._paths.bare(path)) if self._paths.split else table
                if body.value is None:
                    raise UnreadableError(
                        f"{path} is not among the `packages`", table.line, f"not whole: {_REMEDY}"
                    )
                self._packages[path] = self._package(path, body)
        for path, table in snapshots.entries():
            with self._found.entry():
                if path in self._packages and table.value is not None:
                    self._ask(self._packages[path], table)
        importers = self._document.table("importers")
        overridden = (name for name, _ in self._document.table("overrides").entries())
        self._found.tie = Tie(
            projects=tuple(it for it, _ in importers.entries()), overridden=tuple(overridden)
        )
        for table in [it for _, it in importers.entries()] or [self._document]:
            with self._found.entry():
                self._ask(None, table)
        return iter(self._graph.settle(merged(self._packages.values())))

    def _package(self, path: str, table: View) -> Dependency:
        table.expect(dict)
        resolution = table.table("resolution")
        name, version = self._paths.name_and_version(path)
        origin, url = _source(resolution)
        name = table.text("name") or name
        if not name or not (version or table.text("version") or url):
            raise UnreadableError(f"{path!r} names no package", table.line, _REMEDY)
        return Dependency(
            ecosystem="npm",
            name=name,
            display=name,
            version=table.text("version") or version,
            place=Place(self._found.path, table.line),
            origin=origin,
            url=url,
            scope="dev" if table.flag("dev") else "unknown",
            hashes=integrity_hashes(resolution.text("integrity")),
            install_code=None if self._paths.split else table.flag("requiresBuild"),
        )

    def _ask(self, parent: Dependency | None, table: View) -> None:
        table.expect(dict)
        for key, scope in _TABLES:
            for name, value in table.table(key).entries():
                # A table tells what was asked for and what was chosen; before, only the latter.
                chosen = value.text("version") if isinstance(value.value, dict) else None
                reference = chosen if chosen is not None else str(value.expect(str))
                if reference.startswith("link:"):
                    continue
                child = self._find(name, reference)
                if child is None:
                    who = parent.name if parent else "the project"
                    raise UnreadableError(
                        f"{who} asks for {name} {reference}, which the lock does not have",
                        value.line,
                        f"the lock is not whole: {_REMEDY}",
                    )
                if parent:
                    self._graph.edge(parent.key, child.key)
                else:
                    self._graph.root(child.key, scope, "", self._wanted(table, name, value))

    def _find(self, name: str, reference: str) -> Dependency | None:
        paths = self._paths.candidates(name, reference)
        return next((self._packages[it] for it in paths if it in self._packages), None)

    @staticmethod
    def _wanted(table: View, name: str, value: View) -> str:
        if isinstance(value.value, dict):
            return value.text("specifier")
        return table.table("specifiers").text(name)


def _source(resolution: View) -> tuple[Origin, str]:
    if resolution.text("type") == "git" or resolution.has("repo"):
        where = f"git+{resolution.text('repo')}#{resolution.text('commit')}"
        return "vcs", without_password(where)
    if resolution.has("directory"):
        return "path", resolution.text("directory")
    tarball = resolution.text("tarball")
    if not tarball or "/-/" in tarball:
        return "index", ""
    if tarball.startswith("file:"):
        return "path", tarball.removeprefix("file:")
    return "url", without_password(tarball)

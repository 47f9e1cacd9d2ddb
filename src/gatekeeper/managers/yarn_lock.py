"""yarn.lock, of yarn 1 and of the versions since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gatekeeper.managers.graph import Graph, merged
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.npm_roots import asked_beside, package_of
from gatekeeper.managers.npm_spec import demanded, integrity_hashes, npm_spec, resolved_origin
from gatekeeper.managers.reading import Found, UnreadableError, decode
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.yarn_berry import BerryLock, workspace_packages
from gatekeeper.managers.yarn_v1 import Entry, pattern_parts, read_entries
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Place

_REMEDY = "run `yarn install`"
_BERRY = b"__metadata:"


class YarnLock:
    """Every version once. What is direct stands in the package.json of each workspace."""

    id = "yarn-lock"
    kind: Kind = "lock"
    ecosystem: Ecosystem | None = "npm"

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        if not self.selects(path):
            return ()
        return workspace_packages(path, content) if _BERRY in content else (package_of(path),)

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        dependencies: Sequence[Dependency] = ()
        with found.entry():
            if _BERRY in files[path]:
                dependencies = BerryLock(path, files, found).read()
            else:
                dependencies = _Classic(path, files, found).read()
        return found.inventory(dependencies, complete=True)


class _Classic:
    def __init__(self, path: str, files: Mapping[str, bytes], found: Found) -> None:
        self._path = path
        self._files = files
        self._found = found
        self._graph = Graph()
        self._by_pattern: dict[str, Dependency] = {}
        self._by_name: dict[str, list[Dependency]] = {}

    def read(self) -> Sequence[Dependency]:
        text = decode(self._files[self._path])
        if "# yarn lockfile v1" not in text[:400]:
            raise UnreadableError(
                "neither `# yarn lockfile v1` nor `__metadata` is in it: nothing was checked",
                1,
                _REMEDY,
            )
        entries: list[tuple[Entry, Dependency]] = []
        for entry in read_entries(text):
            with self._found.entry():
                dependency = self._dependency(entry)
                entries.append((entry, dependency))
                for pattern in entry.patterns:
                    self._by_pattern[pattern] = dependency
                    self._by_name.setdefault(pattern_parts(pattern)[0], []).append(dependency)
        for entry, dependency in entries:
            with self._found.entry():
                self._add_edges(entry, dependency)
        self._plant()
        return self._graph.settle(merged(it for _, it in entries))

    def _dependency(self, entry: Entry) -> Dependency:
        name, wanted = pattern_parts(entry.patterns[0])
        spec = npm_spec(name, wanted)
        origin, url = resolved_origin(entry.fields.get("resolved", ""))
        if spec.origin in ("path", "vcs"):
            origin = spec.origin
        version = entry.fields.get("version", "")
        if not version or (origin == "index" and "resolved" not in entry.fields):
            raise UnreadableError(
                f"{name} has no {'address' if version else 'version'}", entry.line, _REMEDY
            )
        hashes = integrity_hashes(entry.fields.get("integrity", ""))
        _, _, old = entry.fields.get("resolved", "").partition("#")
        if not hashes and len(old) == 40:
            hashes = (f"sha1:{old}",)
        return Dependency(
            ecosystem="npm",
            name=spec.name,
            display=name,
            version=version,
            place=Place(self._path, entry.line),
            origin=origin,
            url=url or spec.url,
            hashes=hashes,
        )

    def _add_edges(self, entry: Entry, dependency: Dependency) -> None:
        for table in entry.tables.values():
            for name, wanted in table.items():
                children = self._children(name, wanted)
                for child in children:
                    self._graph.edge(dependency.key, child.key, demand=demanded(wanted))
                if not children:
                    raise UnreadableError(
                        f"{dependency.name} asks for {name}, which the lock does not have",
                        entry.line,
                        f"the lock is not whole: {_REMEDY}",
                    )

    def _children(self, name: str, wanted: str) -> Sequence[Dependency]:
        """What answers a demand; with `resolutions`, whatever there is of that name."""
        exact = self._by_pattern.get(f"{name}@{wanted}")
        return (exact,) if exact else self._by_name.get(name, ())

    def _locked_for(self, name: str, wanted: str) -> str:
        """The demand that the lock has an answer to; another one when it is not this."""
        if f"{name}@{wanted}" in self._by_pattern:
            return wanted
        patterns = (pattern_parts(it) for it in self._by_pattern)
        return next((demand for known, demand in patterns if known == name), wanted)

    def _plant(self) -> None:
        asked = asked_beside(package_of(self._path), self._files, self._found)
        if asked is None:
            return
        self._graph.rooted = True
        for it in asked:
            wanted = it.requirement
            children = self._children(it.key, wanted)
            for child in children:
                self._graph.root(child.key, it.scope, "", self._locked_for(it.key, wanted))
            if not children and not it.peer and it.spec.origin == "index":
                self._found.problem(
                    f"the project asks for {it.key}, which the lock does not have",
                    it.line,
                    f"the lock is not whole: {_REMEDY}",
                    package_of(self._path),
                )

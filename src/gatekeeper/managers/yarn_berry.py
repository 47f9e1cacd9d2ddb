"""yarn.lock since version 2 of yarn, which is YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from gatekeeper.managers.graph import Graph, merged
from gatekeeper.managers.names import beside, without_password
from gatekeeper.managers.npm_roots import asked_in
from gatekeeper.managers.npm_spec import demanded
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.view import View
from gatekeeper.managers.yaml_document import read_yaml
from gatekeeper.managers.yarn_v1 import pattern_parts
from gatekeeper.model.dependency import Dependency, Origin, Place, Scope, Tie
from gatekeeper.text.patterns import regex

_REMEDY = "run `yarn install --mode=update-lockfile`"
_WORKSPACE = regex(rb'^\s+resolution: "?.+@workspace:([^"\r\n]+)"?\s*$', re.MULTILINE)
_ALIAS = regex(r"npm:(?:@[^/@]+/)?[^/@]+@")
_TABLES = ("dependencies", "peerDependencies")


def workspace_packages(path: str, content: bytes) -> list[str]:
    """The package.json of every workspace."""
    places = [it.decode("utf-8", "replace") for it in _WORKSPACE.findall(content)]
    return [found for it in places if (found := beside(path, f"{it}/package.json"))]


class BerryLock:
    """Reads the entries; those of kind `workspace` are the project itself."""

    def __init__(self, path: str, files: Mapping[str, bytes], found: Found) -> None:
        self._path = path
        self._files = files
        self._found = found
        self._graph = Graph()
        self._by_descriptor: dict[str, Dependency | None] = {}
        self._by_name: dict[str, list[Dependency]] = {}

    def read(self) -> Sequence[Dependency]:
        document = read_yaml(self._files[self._path], _REMEDY)
        document.expect(dict)
        _check_version(document)
        entries: list[tuple[str, View, Dependency | None]] = []
        for key, table in document.entries():
            if key == "__metadata":
                continue
            with self._found.entry():
                table.expect(dict)
                place, dependency = self._entry(table)
                entries.append((place, table, dependency))
                for descriptor in key.split(", "):
                    self._by_descriptor[descriptor] = dependency
                    if dependency:
                        name, _ = pattern_parts(descriptor)
                        self._by_name.setdefault(name, []).append(dependency)
        self._graph.rooted = True
        self._found.tie = Tie(projects=tuple(place for place, _, it in entries if not it))
        for place, table, dependency in entries:
            with self._found.entry():
                self._ask(place, table, dependency)
        return self._graph.settle(merged(it for _, _, it in entries if it))

    def _entry(self, table: View) -> tuple[str, Dependency | None]:
        """Where a workspace is, or the dependency."""
        name, reference = pattern_parts(table.required("resolution"))
        kind, _, rest = reference.partition(":")
        if kind == "workspace":
            return rest, None
        origin, url = _source(kind, rest, reference)
        return "", Dependency(
            ecosystem="npm",
            name=name,
            display=name,
            version=table.required("version"),
            place=Place(self._path, table.line),
            origin=origin,
            url=without_password(url),
            hashes=tuple(f"yarn:{it}" for it in [table.text("checksum")] if it),
            # What no machine of the project has installed has no checksum.
            marker=table.text("conditions"),
        )

    def _ask(self, place: str, table: View, parent: Dependency | None) -> None:
        scopes = {} if parent else self._scopes(place)
        for key in _TABLES:
            for name, value in table.table(key).entries():
                wanted = str(value.expect(str))
                found, known = self._children(name, wanted)
                optional = table.table(f"{key}Meta").table(name).flag("optional")
                if not known and key == "dependencies" and not optional:
                    who = parent.name if parent else "the project"
                    raise UnreadableError(
                        f"{who} asks for {name}, which the lock does not have",
                        value.line,
                        f"the lock is not whole: {_REMEDY}",
                    )
                for child in found:
                    if parent:
                        self._graph.edge(parent.key, child.key, demand=demanded(wanted))
                    else:
                        scope = scopes.get(name, "unknown")
                        made_for = wanted if _ALIAS.match(wanted) else wanted.removeprefix("npm:")
                        self._graph.root(child.key, scope, "", made_for)

    def _children(self, name: str, wanted: str) -> tuple[Sequence[Dependency], bool]:
        """What answers a demand, and whether anything does: a workspace is no dependency.

        With `resolutions` it is whatever there is of that name.
        """
        for descriptor in (f"{name}@{wanted}", f"{name}@npm:{wanted}"):
            if descriptor in self._by_descriptor:
                exact = self._by_descriptor[descriptor]
                return ([exact] if exact else []), True
        others = self._by_name.get(name, ())
        return others, bool(others)

    def _scopes(self, place: str) -> Mapping[str, Scope]:
        """What each name is for, as the workspace's package.json has it: the lock mixes all."""
        manifest = beside(self._path, f"{place}/package.json")
        asked = asked_in(manifest, self._files, self._found) or ()
        return {it.key: it.scope for it in asked}


def _check_version(document: View) -> None:
    version = document.table("__metadata").text("version")
    if not (version.isdecimal() and 4 <= int(version) <= 10):
        raise UnreadableError(
            f"version {version!r} of yarn.lock is not known here: nothing in it was checked",
            document.table("__metadata").line,
            "a newer gatekeeper may know it; or lock with the yarn that you had before",
        )


def _source(kind: str, rest: str, reference: str) -> tuple[Origin, str]:
    if kind == "npm":
        # A package from another registry has its address behind.
        _, marker, archive = rest.partition("::__archiveUrl=")
        return ("index", unquote(archive)) if marker else ("index", "")
    if kind == "patch":
        return "index", ""
    if kind in ("file", "link", "portal", "exec"):
        return "path", rest.partition("::")[0]
    if "#commit=" in reference or kind.startswith("git") or kind == "ssh":
        return "vcs", reference
    return "url", reference

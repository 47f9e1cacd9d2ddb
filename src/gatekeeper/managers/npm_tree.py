"""Folders of installed packages, and who finds whom in them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from gatekeeper.managers.graph import Graph
from gatekeeper.managers.npm_spec import demanded
from gatekeeper.managers.package_json import TABLES, PackageAsked
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Dependency, Scope

# Every folder around one is looked into, so that a longer path would take its time.
_LONGEST = 2_000
_REMEDY = "the lock is not whole: run `npm install --package-lock-only`"


class Node:
    """A folder: a dependency, a link to another folder, or a part of the project itself."""

    __slots__ = ("dependency", "link", "location", "table")

    def __init__(
        self, location: str, table: View, dependency: Dependency | None = None, link: str = ""
    ) -> None:
        self.location = location
        self.table = table
        self.dependency = dependency
        self.link = link


class Tree:
    """Looks names up as Node does: in the folder itself, then in each folder around it."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._nodes: dict[str, Node] = {}
        self._tables: Sequence[tuple[str, Scope]] = ()
        self.graph = Graph()

    def add(self, nodes: Sequence[Node], tables: Sequence[tuple[str, Scope]] = TABLES) -> None:
        """All folders of a lock, and the edges between them, which stand in `tables`."""
        self._tables = tables
        self._nodes = {it.location: it for it in nodes}
        for node in nodes:
            if node.link:
                continue
            with self._found.entry():
                self._add_edges(node)

    def plant(self, asked: Sequence[PackageAsked] | None) -> None:
        """Make what the package.json asks for the roots."""
        self.graph.rooted = asked is not None
        for it in asked or ():
            child = self._look_up("", it.key)
            if child and child.dependency:
                self.graph.root(child.dependency.key, it.scope, "", it.requirement)

    def _add_edges(self, node: Node) -> None:
        table = node.table
        optional = table.table("optionalDependencies").value
        for name, scope in self._tables:
            # What a package needs for its own development is not installed.
            if name == "devDependencies" and node.dependency:
                continue
            for wanted, value in table.table(name).entries():
                value.expect(str)
                must = name != "peerDependencies" and wanted not in optional
                self._ask(node, wanted, value, scope, must=must)

    def _ask(self, node: Node, name: str, value: View, scope: Scope, *, must: bool) -> None:
        child = self._look_up(node.location, name)
        if child is None:
            if must:
                who = node.dependency.name if node.dependency else "the project"
                raise UnreadableError(
                    f"{who} asks for {name}, which the lock does not have", value.line, _REMEDY
                )
            return
        if child.dependency is None:
            return
        if node.dependency:
            demand = demanded(str(value.value))
            self.graph.edge(node.dependency.key, child.dependency.key, demand=demand)
        else:
            self.graph.root(child.dependency.key, scope, "", str(value.value))

    def _look_up(self, location: str, name: str) -> Node | None:
        folder = location
        while True:
            inside = f"{folder}/node_modules/{name}" if folder else f"node_modules/{name}"
            if found := self._nodes.get(inside):
                return found
            if not folder:
                return None
            folder = posixpath.dirname(folder)


def check_location(location: str, table: View) -> None:
    """Refuse what no file system would hold."""
    if len(location) > _LONGEST:
        raise UnreadableError(f"a path of {len(location):,} characters", table.line)


def old_nodes(document: View, found: Found) -> Iterator[tuple[str, str, View]]:
    """Location, name and table of every entry of the first version, without recursion."""
    stack = [("", document)]
    while stack:
        location, around = stack.pop()
        with found.entry():
            for name, table in around.table("dependencies").entries():
                with found.entry():
                    table.expect(dict)
                    inside = f"{location}/node_modules/{name}".lstrip("/")
                    check_location(inside, table)
                    yield inside, name, table
                    stack.append((inside, table))

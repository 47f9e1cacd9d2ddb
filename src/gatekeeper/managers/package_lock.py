"""package-lock.json and npm-shrinkwrap.json, versions 1 to 3."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gatekeeper.managers.graph import merged
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.json_document import read_json
from gatekeeper.managers.npm_roots import asked_beside, package_of
from gatekeeper.managers.npm_spec import integrity_hashes, npm_spec, resolved_origin
from gatekeeper.managers.npm_tree import Node, Tree, check_location, old_nodes
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Place, Scope, Tie

BUNDLED = "bundled"
REMEDY = "run `npm install --package-lock-only`"


class PackageLock:
    """Every version once, however many folders it is installed in."""

    id = "package-lock"
    kind: Kind = "lock"
    ecosystem: Ecosystem | None = "npm"

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        return (package_of(path),)

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        tree = Tree(found)
        nodes: list[Node] = []
        with found.entry():
            document = read_json(files[path], REMEDY)
            document.expect(dict)
            version = document.value.get("lockfileVersion")
            if version in (2, 3) and not isinstance(version, bool):
                nodes = _nodes(document, found)
            elif version == 1 and not isinstance(version, bool):
                nodes = _old(document, found)
            else:
                raise UnreadableError(
                    f"version {version!r} of package-lock.json is not known here: "
                    "nothing in it was checked",
                    document.at("lockfileVersion").line,
                    "a newer gatekeeper may know it; or lock with the npm that you had before",
                )
            if version == 1:
                tree.add(nodes, (("requires", "runtime"),))
                tree.plant(asked_beside(package_of(path), files, found))
            else:
                tree.graph.rooted = True
                tree.add(nodes)
                own = (it.location for it in nodes if not it.dependency and not it.link)
                found.tie = Tie(projects=tuple(it or "." for it in own))
        dependencies = merged(it.dependency for it in nodes if it.dependency)
        return found.inventory(tree.graph.settle(dependencies), complete=True)


def _nodes(document: View, found: Found) -> list[Node]:
    """The entries of `packages`, of versions 2 and 3."""
    if not document.has("packages"):
        raise UnreadableError("the lock has no `packages`", 1, REMEDY)
    nodes: list[Node] = []
    for location, table in document.table("packages").entries():
        with found.entry():
            table.expect(dict)
            check_location(location, table)
            folders = location.rpartition("node_modules/")
            if table.flag("link"):
                nodes.append(Node(location, table, link=table.text("resolved")))
            elif not folders[1]:
                # The project itself, and members of its workspace.
                nodes.append(Node(location, table))
            else:
                dependency = _dependency(found.path, folders[2], table)
                nodes.append(Node(location, table, dependency))
    return nodes


def _dependency(path: str, folder: str, table: View) -> Dependency:
    # An alias lies in a folder of its own name, and says what it stands for.
    name = table.text("name") or folder
    address = table.text("resolved")
    origin, url = resolved_origin(address)
    version = table.text("version")
    if not version and origin == "index":
        raise UnreadableError(f"{name} has no version", table.line, REMEDY)
    return Dependency(
        ecosystem="npm",
        name=name,
        display=folder,
        version=version,
        place=Place(path, table.line),
        origin=origin,
        url=url,
        scope=_scope(table),
        hashes=integrity_hashes(table.text("integrity")),
        license=_license(table),
        # It comes inside another package, whose hash covers it.
        marker=BUNDLED if table.flag("inBundle") else "",
        install_code=table.flag("hasInstallScript"),
    )


def _scope(table: View) -> Scope:
    if table.flag("dev"):
        return "dev"
    return "optional" if table.flag("optional") or table.flag("devOptional") else "unknown"


def _license(table: View) -> str:
    value = table.at("license").value
    return value if isinstance(value, str) else ""


def _old(document: View, found: Found) -> list[Node]:
    """The entries of `dependencies`, of version 1, each within what it is installed in."""
    nodes = [Node("", document.empty())]
    for location, name, table in old_nodes(document, found):
        with found.entry():
            # The version may be an address or an alias as well.
            wanted = table.required("version")
            spec = npm_spec(name, wanted)
            address = wanted if spec.origin != "index" else table.text("resolved")
            origin, url = resolved_origin(address)
            dependency = Dependency(
                ecosystem="npm",
                name=spec.name,
                display=name,
                version=spec.version or _file_version(address),
                place=Place(found.path, table.line),
                origin=origin,
                url=url,
                scope=_scope(table),
                hashes=integrity_hashes(table.text("integrity")),
            )
            nodes.append(Node(location, table, dependency))
    return nodes


def _file_version(address: str) -> str:
    found = re.search(r"-(\d+\.\d+\.\d+[0-9A-Za-z.+-]*)\.tgz$", address)
    return found[1] if found else ""

"""package.json: what a JavaScript project asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from gatekeeper.managers.interface import Kind
from gatekeeper.managers.json_document import read_json
from gatekeeper.managers.names import PEER
from gatekeeper.managers.npm_spec import Spec, is_npm_name, npm_spec
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Place, Scope, Tie

TABLES: tuple[tuple[str, Scope], ...] = (
    ("dependencies", "runtime"),
    ("optionalDependencies", "optional"),
    ("devDependencies", "dev"),
    ("peerDependencies", "runtime"),
)


class PackageJson:
    """The four tables of dependencies; an alias is what it stands for."""

    id = "package-json"
    kind: Kind = "manifest"
    ecosystem: Ecosystem | None = "npm"

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        return ()

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        dependencies: list[Dependency] = []
        with found.entry():
            document = read_json(files[path], "correct it by hand")
            document.expect(dict)
            found.tie = Tie(name=_name(document), overridden=tuple(_overridden(document)))
            dependencies.extend(
                it.dependency(path) for it in asked_by_package(document, found, path)
            )
        return found.inventory(dependencies)


class PackageAsked(Struct, frozen=True):
    """One entry: the key, which may be an alias, and what it stands for.

    A `peer` is not installed by every tool.
    """

    key: str
    requirement: str
    spec: Spec
    scope: Scope
    line: int
    peer: bool = False

    def dependency(self, path: str) -> Dependency:
        return Dependency(
            ecosystem="npm",
            name=self.spec.name,
            display=self.key,
            version=self.spec.version,
            requirement=self.spec.requirement,
            place=Place(path, self.line),
            origin=self.spec.origin,
            url=self.spec.url,
            direct=True,
            scope=self.scope,
            marker=PEER if self.peer else "",
        )


def _name(document: View) -> str:
    name = document.at("name").value
    return name if isinstance(name, str) else ""


def _overridden(document: View) -> Iterator[str]:
    """The keys of what npm, yarn and pnpm are told to take instead, whatever is below them."""
    pnpm = document.at("pnpm")
    for table in (document.at("overrides"), document.at("resolutions"), pnpm.at("overrides")):
        if isinstance(table.value, dict):
            yield from (str(key) for key in table.value)


def asked_by_package(document: View, found: Found, path: str) -> Iterator[PackageAsked]:
    """All entries; what is wrong in them is told to `found`, under `path`.

    An optional dependency is listed in both tables by some tools: the optional one counts.
    """
    seen: set[str] = set()
    optional = document.at("optionalDependencies").value
    for table, scope in TABLES:
        with found.entry(path):
            for key, value in document.table(table).entries():
                if key in seen or (scope == "runtime" and key in (optional or ())):
                    continue
                with found.entry(path):
                    if not is_npm_name(key):
                        raise UnreadableError(f"{key!r} is no name of a package", value.line)
                    spec = npm_spec(key, value.expect(str))
                    seen.add(key)
                    yield PackageAsked(
                        key,
                        value.expect(str),
                        spec,
                        scope,
                        value.line,
                        peer=table == "peerDependencies",
                    )

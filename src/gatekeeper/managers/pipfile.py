"""Pipfile: what a project asks pipenv for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gatekeeper.managers.asked import Asked
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.manifest_digests import pipfile_digests
from gatekeeper.managers.names import without_password
from gatekeeper.managers.reading import Found
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.toml_document import read_toml
from gatekeeper.managers.tool_tables import pipenv_demand
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Ecosystem, Inventory, PackageIndex, Place, Scope, Tie

_OTHER = {"source", "requires", "pipenv", "scripts", "pipfile"}
_SCOPES: dict[str, Scope] = {"packages": "runtime", "dev-packages": "dev"}


class Pipfile:
    """Packages, those for development, and categories of the project's own."""

    id = "pipfile"
    kind: Kind = "manifest"
    ecosystem: Ecosystem | None = "pypi"

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        return ()

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        asked: list[Asked] = []
        with found.entry():
            document = read_toml(files[path], "correct it by hand")
            asked = asked_by_pipfile(document, found, path)
            found.tie = Tie(digests=pipfile_digests(document.value))
            for source in document.items("source"):
                with found.entry():
                    source.expect(dict)
                    index = PackageIndex(
                        url=without_password(source.required("url")),
                        place=Place(path, source.line),
                        kind="extra" if found.indexes else "main",
                        name=source.text("name"),
                    )
                    found.indexes.append(index)
        return found.inventory(it.dependency(path) for it in asked)


def asked_by_pipfile(document: View, found: Found, path: str) -> list[Asked]:
    """What the tables ask for; what is wrong in them is told to `found`, under `path`."""
    asked: list[Asked] = []
    for category, table in document.entries():
        if category in _OTHER:
            continue
        with found.entry(path):
            for name, value in table.entries():
                with found.entry(path):
                    demand = pipenv_demand(name, value)
                    asked.append(
                        Asked(
                            demand=demand,
                            scope=_SCOPES.get(category, "optional"),
                            group="" if category in _SCOPES else category,
                            line=value.line,
                            origin=demand.origin,
                        )
                    )
    return asked

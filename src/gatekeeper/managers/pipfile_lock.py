"""Pipfile.lock: what pipenv chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.managers.graph import merged
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.json_document import read_json
from gatekeeper.managers.names import beside, pypi_name, without_password
from gatekeeper.managers.pep508 import exact_version, file_version, origin_of
from gatekeeper.managers.pipfile import asked_by_pipfile
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.toml_document import read_toml
from gatekeeper.managers.tool_tables import address_in
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import (
    Dependency,
    Ecosystem,
    Inventory,
    PackageIndex,
    Place,
    Scope,
    Tie,
)

_REMEDY = "run `pipenv lock`"
_SCOPES: dict[str, Scope] = {"default": "runtime", "develop": "dev"}


class PipfileLock:
    """All categories. The lock does not say who asks for what; the Pipfile beside it says what
    is direct."""

    id = "pipfile-lock"
    kind: Kind = "lock"
    ecosystem: Ecosystem | None = "pypi"

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        return (beside(path, "Pipfile"),)

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        dependencies: list[Dependency] = []
        with found.entry():
            document = read_json(files[path], _REMEDY)
            document.expect(dict)
            _check_version(document)
            named = _indexes(document, found)
            if stated := document.table("_meta").table("hash").text("sha256"):
                found.tie = Tie(stated=f"pipenv:{stated}")
            manifest = beside(path, "Pipfile")
            direct: set[str] | None = None
            if manifest in files:
                with found.entry(manifest):
                    asked = asked_by_pipfile(read_toml(files[manifest]), found, manifest)
                    direct = {it.demand.name for it in asked}
            for category, table in document.entries():
                if not category.startswith("_"):
                    with found.entry():
                        dependencies += _category(category, table, found, named, direct)
        return found.inventory(merged(dependencies), complete=True)


def _check_version(document: View) -> None:
    meta = document.table("_meta")
    version = meta.value.get("pipfile-spec")
    if version != 6:
        raise UnreadableError(
            f"version {version!r} of Pipfile.lock is not known here: nothing in it was checked",
            meta.line,
            _REMEDY,
        )
    for key in ("default", "develop"):
        if not document.has(key):
            raise UnreadableError(f"Pipfile.lock has no {key!r}", 1, f"it is not whole: {_REMEDY}")


def _indexes(document: View, found: Found) -> dict[str, str]:
    """Adds the sources to `found`; their addresses by name."""
    for source in document.table("_meta").items("sources"):
        source.expect(dict)
        index = PackageIndex(
            url=without_password(source.text("url")),
            place=Place(found.path, source.line),
            kind="extra" if found.indexes else "main",
            name=source.text("name"),
        )
        found.indexes.append(index)
    return {it.name: it.url for it in found.indexes}


def _category(
    category: str, table: View, found: Found, named: Mapping[str, str], direct: set[str] | None
) -> Iterator[Dependency]:
    for name, value in table.entries():
        with found.entry():
            value.expect(dict)
            url = address_in(value)
            specifier = value.text("version")
            normal = pypi_name(name)
            revision = value.text("ref")
            yield Dependency(
                ecosystem="pypi",
                name=normal,
                display=name,
                version=exact_version(specifier) or file_version(url, normal),
                # What the machine that locked has no use for stays without a version.
                requirement="" if exact_version(specifier) else specifier,
                place=Place(found.path, value.line),
                origin=origin_of(url) if url else "index",
                url=without_password(f"{url}@{revision}" if revision else url)
                or named.get(value.text("index"), ""),
                direct=None if direct is None else normal in direct,
                scope=_SCOPES.get(category, "optional"),
                groups=() if category in _SCOPES else (category,),
                extras=tuple(sorted(pypi_name(it) for it in value.texts("extras"))),
                marker=value.text("markers"),
                hashes=tuple(value.texts("hashes")),
            )

"""CycloneDX documents, JSON and XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.managers.bills import (
    NO_PACKAGES,
    REMEDY,
    SCOPES,
    Bill,
    Part,
    dependencies_of,
    hash_name,
    license_text,
)
from gatekeeper.managers.cyclonedx_xml import bill_of_xml
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.json_document import read_json
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory


class Cyclonedx:
    """Components with their dependencies. The one of `metadata` is the project itself."""

    id = "cyclonedx"
    kind: Kind = "bill"
    ecosystem: Ecosystem | None = None

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        return ()

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        dependencies: tuple[Dependency, ...] = ()
        with found.entry():
            content = files[path]
            if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
                bill = bill_of_xml(content, found)
            else:
                bill = _bill(read_json(content, REMEDY), found)
            dependencies = dependencies_of(bill, found)
        return found.inventory(dependencies, complete=True)


def _bill(document: View, found: Found) -> Bill:
    document.expect(dict)
    if document.text("bomFormat") != "CycloneDX":
        hint = "name it `*.spdx.json`" if document.has("spdxVersion") else REMEDY
        raise UnreadableError("it is no CycloneDX document: `bomFormat` does not say so", 1, hint)
    version = document.text("specVersion")
    if not re.fullmatch(r"1\.\d+", version):
        raise UnreadableError(
            f"version {version!r} of CycloneDX is not known here: nothing in it was checked",
            document.at("specVersion").line,
            "a newer gatekeeper may know it",
        )
    bill = Bill()
    root = document.table("metadata").table("component")
    if root.value:
        bill.roots.add(root.text("bom-ref") or root.text("purl") or root.text("name"))
    queue = list(_components(document, found))
    while queue:
        component = queue.pop()
        with found.entry():
            if component.text("type") not in NO_PACKAGES or component.has("purl"):
                bill.parts.append(_part(component))
            elif reference := component.text("bom-ref"):
                bill.roots.add(reference)
            queue += _components(component, found)
    bill.parts.sort(key=lambda it: it.line)
    for item in document.items("dependencies"):
        with found.entry():
            item.expect(dict)
            for child in item.texts("dependsOn"):
                bill.edge(item.required("ref"), child)
    return bill


def _components(around: View, found: Found) -> Iterator[View]:
    for item in around.items("components"):
        with found.entry():
            item.expect(dict)
            yield item


def _part(component: View) -> Part:
    name = component.text("name")
    group = component.text("group")
    hashes: dict[str, None] = {}
    for item in component.items("hashes"):
        item.expect(dict)
        hashes[f"{hash_name(item.required('alg'))}:{item.required('content').lower()}"] = None
    return Part(
        reference=component.text("bom-ref") or component.text("purl") or f"{name}@{component.line}",
        line=component.line,
        name=f"{group}/{name}" if group else name,
        version=component.text("version"),
        purl=component.text("purl"),
        license=license_text(_licenses(component)),
        scope=SCOPES.get(component.text("scope"), "unknown"),
        hashes=tuple(hashes),
    )


def _licenses(component: View) -> Iterator[str]:
    for item in component.items("licenses"):
        item.expect(dict)
        inside = item.table("license")
        yield item.text("expression") or inside.text("id") or inside.text("name")

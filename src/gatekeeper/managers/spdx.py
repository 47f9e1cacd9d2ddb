"""SPDX 2 documents, JSON and tag-value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gatekeeper.managers.bills import REMEDY, Bill, Part, dependencies_of, hash_name, license_text
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.json_document import read_json
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.spdx_tags import view_of_tags
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Scope

# The other way round than DEPENDS_ON, and what for.
_UP: dict[str, Scope] = {
    "DEPENDENCY_OF": "unknown",
    "RUNTIME_DEPENDENCY_OF": "runtime",
    "DEV_DEPENDENCY_OF": "dev",
    "TEST_DEPENDENCY_OF": "dev",
    "OPTIONAL_DEPENDENCY_OF": "optional",
    "BUILD_DEPENDENCY_OF": "build",
    "PROVIDED_DEPENDENCY_OF": "unknown",
}


class Spdx:
    """Packages with their dependencies. What the document describes is the project itself."""

    id = "spdx"
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
            json = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))
            document = read_json(content, REMEDY) if json else view_of_tags(content)
            dependencies = dependencies_of(_bill(document, found), found)
        return found.inventory(dependencies, complete=True)


def _bill(document: View, found: Found) -> Bill:
    document.expect(dict)
    version = document.text("spdxVersion")
    if not re.fullmatch(r"SPDX-2\.\d+", version):
        raise UnreadableError(
            f"version {version!r} of SPDX is not known here: nothing in it was checked",
            document.at("spdxVersion").line,
            "write it as SPDX 2.3",
        )
    if not document.has("packages"):
        raise UnreadableError("the document has no packages", 1, REMEDY)
    bill = Bill()
    for item in document.items("packages"):
        with found.entry():
            item.expect(dict)
            bill.parts.append(_part(item))
    described = set(document.texts("documentDescribes"))
    for item in document.items("relationships"):
        with found.entry():
            item.expect(dict)
            _relate(item, bill, described)
    # A document that describes all of its packages is a list and has no root.
    if len(described) < len(bill.parts):
        bill.roots = described
    known = {it.reference for it in bill.parts}
    bill.edges.pop("SPDXRef-DOCUMENT", None)
    for name in sorted(described - known):
        found.problem(f"the document describes {name[:100]!r}, which is not listed", 0, REMEDY)
    return bill


def _relate(item: View, bill: Bill, described: set[str]) -> None:
    kind = item.required("relationshipType")
    one, other = item.required("spdxElementId"), item.required("relatedSpdxElement")
    if other in ("NONE", "NOASSERTION"):
        return
    if kind == "DESCRIBES":
        described.add(other)
    elif kind == "DESCRIBED_BY":
        described.add(one)
    elif kind == "DEPENDS_ON":
        bill.edge(one, other)
    elif kind in _UP:
        bill.edge(other, one, _UP[kind])


def _part(item: View) -> Part:
    purl = ""
    for reference in item.items("externalRefs"):
        reference.expect(dict)
        if reference.text("referenceType").rpartition("/")[2] == "purl":
            purl = purl or reference.required("referenceLocator")
    hashes: dict[str, None] = {}
    for checksum in item.items("checksums"):
        checksum.expect(dict)
        value = checksum.required("checksumValue").lower()
        hashes[f"{hash_name(checksum.required('algorithm'))}:{value}"] = None
    concluded = license_text([item.text("licenseConcluded")])
    return Part(
        reference=item.required("SPDXID"),
        line=item.line,
        name=item.required("name"),
        version=item.text("versionInfo"),
        purl=purl,
        license=concluded or license_text([item.text("licenseDeclared")]),
        hashes=tuple(hashes),
    )

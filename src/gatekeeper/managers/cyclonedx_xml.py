"""CycloneDX in XML."""

from __future__ import annotations

from gatekeeper.managers.bills import (
    NO_PACKAGES,
    REMEDY,
    SCOPES,
    Bill,
    Part,
    hash_name,
    license_text,
)
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.xml_document import Element, read_xml
from gatekeeper.text.patterns import regex

_NAMESPACE = regex(r"http://cyclonedx\.org/schema/bom/1\.\d+")


def bill_of_xml(content: bytes, found: Found) -> Bill:
    """The same as from JSON. Raises UnreadableError; single components are told to `found`."""
    root = read_xml(content, REMEDY)
    if root.name != "bom" or not _NAMESPACE.fullmatch(root.namespace):
        raise UnreadableError(
            f"<{root.name}> of {root.namespace!r} is no CycloneDX document that is known here",
            root.line,
            REMEDY,
        )
    bill = Bill()
    for element in root.within("metadata"):
        if element.name == "component":
            bill.roots.add(_reference(element))
    queue = list(root.within("components"))
    while queue:
        component = queue.pop()
        with found.entry():
            if component.attributes.get("type") not in NO_PACKAGES or component.text_of("purl"):
                bill.parts.append(_part(component))
            else:
                bill.roots.add(_reference(component))
        queue += component.within("components")
    bill.parts.sort(key=lambda it: it.line)
    for element in root.within("dependencies"):
        for child in element.children:
            bill.edge(element.attributes.get("ref", ""), child.attributes.get("ref", ""))
    return bill


def _reference(component: Element) -> str:
    fallback = f"{component.text_of('name')}@{component.line}"
    return component.attributes.get("bom-ref", "") or component.text_of("purl") or fallback


def _part(component: Element) -> Part:
    name, group = component.text_of("name"), component.text_of("group")
    if not name:
        raise UnreadableError("a component has no name", component.line, REMEDY)
    hashes = {
        f"{hash_name(it.attributes.get('alg', ''))}:{it.text.lower()}": None
        for it in component.within("hashes")
    }
    licenses = (
        it.text if it.name == "expression" else it.text_of("id") or it.text_of("name")
        for it in component.within("licenses")
    )
    return Part(
        reference=_reference(component),
        line=component.line,
        name=f"{group}/{name}" if group else name,
        version=component.text_of("version"),
        purl=component.text_of("purl"),
        license=license_text(licenses),
        scope=SCOPES.get(component.text_of("scope"), "unknown"),
        hashes=tuple(hashes),
    )

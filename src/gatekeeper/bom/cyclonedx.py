"""Bills as CycloneDX 1.6 JSON: the same bill gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid5

from gatekeeper.bom.cyclonedx_vex import vulnerabilities
from gatekeeper.bom.encode import hash_parts, is_expression, text_of
from gatekeeper.bom.exploitability import Said
from gatekeeper.model.bill import Bill, Component
from gatekeeper.model.dependency import Scope
from gatekeeper.version import VERSION

SPEC_VERSION = "1.6"
# Serial numbers are made of the content, below a name of our own.
_SPACE = UUID("6d1f0a52-4f0d-5f0e-9a2e-1f7f2c8f4b11")
_SCOPES: dict[Scope, str] = {
    "runtime": "required", "optional": "optional", "dev": "excluded", "build": "excluded",
}  # fmt: skip
_ALGORITHMS = {
    "md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512",
    "sha3-256": "SHA3-256", "blake2b-256": "BLAKE2b-256", "blake3": "BLAKE3",
}  # fmt: skip
_ROOT = "root"


def cyclonedx(bill: Bill, said: Sequence[Said] | None = None) -> str:
    """The document, with hashes, licences, places and who asks for what.

    With `said` it holds vulnerabilities, too, and what is said about them.
    """
    body: dict[str, Any] = {
        "metadata": {
            "timestamp": bill.created,
            "tools": {
                "components": [{"type": "application", "name": "gatekeeper", "version": VERSION}]
            },
            "component": _root(bill),
        },
        "components": [_component(it) for it in bill.components],
        "dependencies": [
            {"ref": _ROOT, "dependsOn": sorted(bill.direct)},
            *({"ref": it.key, "dependsOn": list(it.needs)} for it in bill.components),
        ],
    }
    if said is not None:
        body["vulnerabilities"] = vulnerabilities(said, {it.key for it in bill.components})
    serial = uuid5(_SPACE, text_of(body))
    return text_of(
        {
            "$schema": f"http://cyclonedx.org/schema/bom-{SPEC_VERSION}.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": SPEC_VERSION,
            "serialNumber": f"urn:uuid:{serial}",
            "version": 1,
            **body,
        }
    )


def _root(bill: Bill) -> dict[str, Any]:
    root: dict[str, Any] = {"type": "application", "bom-ref": _ROOT, "name": bill.name}
    if bill.version:
        root["version"] = bill.version
    if bill.commit:
        root["properties"] = [{"name": "gatekeeper:commit", "value": bill.commit}]
    return root


def _component(it: Component) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "container" if it.ecosystem == "docker" else "library",
        "bom-ref": it.key,
        "name": it.display or it.name,
    }
    if it.version:
        made["version"] = it.version
    if it.scope in _SCOPES:
        made["scope"] = _SCOPES[it.scope]
    if hashes := list(_hashes(it.hashes)):
        made["hashes"] = hashes
    if it.license:
        made["licenses"] = [
            {"expression": it.license}
            if is_expression(it.license)
            else {"license": {"name": it.license}}
        ]
    if it.purl:
        made["purl"] = it.purl
    made["evidence"] = {
        "occurrences": [
            {"location": place.path, **({"line": place.line} if place.line else {})}
            for place in it.places
        ]
    }
    return made


def _hashes(hashes: Iterable[str]) -> Iterable[dict[str, str]]:
    for algorithm, value in hash_parts(hashes):
        if algorithm in _ALGORITHMS:
            yield {"alg": _ALGORITHMS[algorithm], "content": value}

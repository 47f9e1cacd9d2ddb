"""Bills as SPDX 2.3 JSON: the same bill gives the same bytes."""

from __future__ import annotations

import re
from typing import Any

from gatekeeper.bom.encode import hash_parts, is_expression, text_of
from gatekeeper.model.bill import Bill, Component
from gatekeeper.text.fingerprint import digest
from gatekeeper.version import VERSION

_ROOT = "SPDXRef-root"
_NAMESPACE = "https://gatekeeper.invalid/spdx"
_ALGORITHMS = {
    "md5": "MD5", "sha1": "SHA1", "sha256": "SHA256", "sha384": "SHA384", "sha512": "SHA512",
    "sha3-256": "SHA3-256", "blake2b-256": "BLAKE2b-256", "blake3": "BLAKE3",
}  # fmt: skip


def spdx(bill: Bill) -> str:
    """The document. Whoever publishes it may give it an address of their own."""
    references = {it.key: _reference(it.key) for it in bill.components}
    packages = [_root(bill), *(_package(it, references[it.key]) for it in bill.components)]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", _ROOT)]
    relations += [(_ROOT, "DEPENDS_ON", references[key]) for key in sorted(bill.direct)]
    relations += [
        (references[it.key], "DEPENDS_ON", references[key])
        for it in bill.components
        for key in it.needs
    ]
    foreign = sorted({it.license for it in bill.components if _license(it.license) != it.license})
    extracted = [
        {"licenseId": _license(text), "name": text[:100], "extractedText": text} for text in foreign
    ]
    body = {
        "packages": packages,
        **({"hasExtractedLicensingInfos": extracted} if extracted else {}),
        "relationships": [
            {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
            for one, kind, other in relations
        ],
    }
    return text_of(
        {
            "spdxVersion": "SPDX-2.3",
            "dataLicense": "CC0-1.0",
            "SPDXID": "SPDXRef-DOCUMENT",
            "name": bill.name,
            "documentNamespace": f"{_NAMESPACE}/{digest(bill.created, text_of(body))}",
            "creationInfo": {
                "created": bill.created,
                "creators": [f"Tool: gatekeeper-{VERSION}"],
            },
            **body,
        }
    )


def _reference(key: str) -> str:
    """An id of letters, digits, dots and dashes that no other key has."""
    readable = re.sub(r"[^A-Za-z0-9.]+", "-", key).strip("-")[:80]
    return f"SPDXRef-{readable}-{digest(key)[:12]}"


def _license(text: str) -> str:
    """The expression, or a reference for what is none."""
    return text if not text or is_expression(text) else f"LicenseRef-{digest(text)[:12]}"


def _root(bill: Bill) -> dict[str, Any]:
    made = _common(_ROOT, bill.name, bill.version)
    if bill.commit:
        made["comment"] = f"commit {bill.commit}"
    return made | {"primaryPackagePurpose": "APPLICATION"}


def _common(reference: str, name: str, version: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "SPDXID": reference,
        "name": name,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "copyrightText": "NOASSERTION",
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
    }
    return made | ({"versionInfo": version} if version else {})


def _package(it: Component, reference: str) -> dict[str, Any]:
    made = _common(reference, it.display or it.name, it.version)
    if it.license:
        made["licenseDeclared"] = _license(it.license)
    checksums = [
        {"algorithm": _ALGORITHMS[algorithm], "checksumValue": value}
        for algorithm, value in hash_parts(it.hashes)
        if algorithm in _ALGORITHMS
    ]
    if checksums:
        made["checksums"] = checksums
    if it.purl:
        made["externalRefs"] = [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": it.purl,
            }
        ]
    named = ", ".join(f"{place.path}:{place.line}" for place in it.places)
    return made | {"sourceInfo": f"named in {named}"} if named else made

"""SPDX documents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatekeeper.managers.registry import MANAGERS
from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import found, one, parents, problems


def package(name: str, **more: Any) -> dict[str, Any]:
    return {"SPDXID": f"SPDXRef-{name}", "name": name, "versionInfo": "1", **more}


def purl(text: str) -> list[dict[str, str]]:
    return [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
             "referenceLocator": text}]  # fmt: skip


def relation(one: str, kind: str, other: str) -> dict[str, str]:
    names = (f"SPDXRef-{one}", f"SPDXRef-{other}" if other.isalpha() and other != "NONE" else other)
    return {"spdxElementId": names[0], "relationshipType": kind, "relatedSpdxElement": names[1]}


def read(*packages: Any, relationships: Any = (), **more: Any) -> Inventory:
    whole = {
        "spdxVersion": "SPDX-2.3",
        "packages": packages,
        "relationships": relationships,
        **more,
    }
    return found("spdx", "a.spdx.json", json.dumps(whole, indent=1))


@pytest.mark.parametrize(
    ("path", "selected"),
    [("a.spdx.json", True), ("a.spdx", True), ("spdx.json", True), ("my-spdx-1.json", True),
     ("a.json", False), ("spdx.txt", False)],
)  # fmt: skip
def test_files(path: str, selected: bool) -> None:
    assert MANAGERS["spdx"].selects(path) is selected


def test_packages_relationships_and_what_else_they_say() -> None:
    inventory = read(
        package("app"),
        package("A", externalRefs=purl("pkg:pypi/A@2"), licenseConcluded="NOASSERTION",
                licenseDeclared="MIT", checksums=[{"algorithm": "SHA256", "checksumValue": "AB"}]),
        package("b", externalRefs=purl("pkg:npm/b@2"), licenseConcluded="MIT OR ISC"),
        package("c"),
        relationships=[
            relation("DOCUMENT", "DESCRIBES", "app"),
            relation("app", "DEPENDS_ON", "A"),
            relation("b", "DEPENDENCY_OF", "A"),
            relation("c", "DEV_DEPENDENCY_OF", "app"),
            relation("c", "CONTAINS", "b"),
            relation("c", "DEPENDS_ON", "NONE"),
        ],
    )  # fmt: skip

    assert problems(inventory) == []
    assert [(it.key, it.direct, it.scope, it.license) for it in inventory.dependencies] == [
        ("pypi:a@2", True, "unknown", "MIT"),
        ("npm:b@2", False, "unknown", "MIT OR ISC"),
        ("generic:c@1", True, "dev", ""),
    ]
    assert parents(one(inventory, "b")) == ["a"]
    assert one(inventory, "a").hashes == ("sha256:ab",)


def test_a_document_that_describes_all_of_its_packages_is_a_list() -> None:
    inventory = read(package("a"), package("b"), documentDescribes=["SPDXRef-a", "SPDXRef-b"])
    other = read(package("a"), relationships=[relation("a", "DESCRIBED_BY", "DOCUMENT")])

    assert [it.name for it in inventory.dependencies] == ["a", "b"]
    assert one(other).name == "a"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{}", "a.spdx.json:1 version '' of SPDX is not known"),
        ('{"@context": "https://spdx.org/rdf/3.0.0", "@graph": []}', "a.spdx.json:1 version ''"),
        ("[]", "a.spdx.json:1 the document has to be a table"),
        ('{"spdxVersion": "SPDX-2.3"}', "a.spdx.json:1 the document has no packages"),
        ('{"spdxVersion": "SPDX-2.3", "packages": [\n1]}', "a.spdx.json:1 packages[0] has to be"),
        ('{"spdxVersion": "SPDX-2.3", "packages": [\n{"name": "a"}]}',
         "a.spdx.json:2 packages[0] has no 'SPDXID'"),
        ('{"spdxVersion": "SPDX-2.3", "packages": [\n{"SPDXID": "a"}]}',
         "a.spdx.json:2 packages[0] has no 'name'"),
        ('{"spdxVersion": "SPDX-2.3", "packages": [], "relationships": [\n{}]}',
         "a.spdx.json:2 relationships[0] has no 'relationshipType'"),
        ('{"spdxVersion": "SPDX-2.3", "packages": [], "documentDescribes": ["x"]}',
         "a.spdx.json:0 the document describes 'x', which is not listed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    assert problems(found("spdx", "a.spdx.json", text))[0].startswith(says)


HEAD = "SPDXVersion: SPDX-2.3\n"


def test_tags_say_the_same() -> None:
    inventory = found(
        "spdx",
        "a.spdx",
        HEAD + "Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app\nPackageName: app\n"
        "SPDXID: SPDXRef-app\n\n# a\nPackageName: A\nSPDXID: SPDXRef-a\nPackageVersion: 2\n"
        "PackageComment: <text>one\nPackageName: no\n</text>\nPackageChecksum: SHA1: AB\n"
        "ExternalRef: PACKAGE_MANAGER http://spdx.org/rdf/references/purl pkg:pypi/A@2\n"
        "FileName: x\nSPDXID: SPDXRef-file\nRelationship: SPDXRef-app DEPENDS_ON SPDXRef-a\n",
    )

    assert problems(inventory) == []
    it = one(inventory)
    assert (it.name, it.version, it.direct, it.hashes, it.place.line) == (
        "a", "2", True, ("sha1:ab",), 7
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "nonsense", "a.spdx:2 'nonsense' is no `Tag: value`"),
        (HEAD + "Relationship: a b", "a.spdx:2 the relationship 'a b' has no three parts"),
        (HEAD + "PackageName: a\nExternalRef: a b", "a.spdx:3 the reference 'a b' has no three"),
        (HEAD + "PackageComment: <text>a\nb", "a.spdx:2 the text that begins here has no end"),
        (HEAD + "PackageName: a", "a.spdx:2 packages[0] has no 'SPDXID'"),
    ],
)
def test_tags_that_are_wrong_are_told(text: str, says: str) -> None:
    assert problems(found("spdx", "a.spdx", text))[0].startswith(says)

"""CycloneDX documents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatekeeper.managers.registry import MANAGERS
from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import found, one, parents, problems


def read(document: Any) -> Inventory:
    whole = {"bomFormat": "CycloneDX", "specVersion": "1.6", **document}
    return found("cyclonedx", "bom.json", json.dumps(whole, indent=1))


def xml(inside: str, namespace: str = "http://cyclonedx.org/schema/bom/1.5") -> Inventory:
    return found("cyclonedx", "bom.xml", f'<bom xmlns="{namespace}">\n{inside}\n</bom>')


@pytest.mark.parametrize(
    ("path", "selected"),
    [("bom.json", True), ("a/sbom.xml", True), ("app.cdx.json", True), ("cyclonedx.json", True),
     ("my-cyclonedx-1.json", True), ("app.json", False), ("bom.txt", False)],
)  # fmt: skip
def test_files(path: str, selected: bool) -> None:
    assert MANAGERS["cyclonedx"].selects(path) is selected


@pytest.mark.parametrize(
    ("purl", "ecosystem", "name", "version"),
    [
        ("pkg:pypi/Foo_Bar@1.0", "pypi", "foo-bar", "1.0"),
        ("pkg:npm/%40s/a@1.0.0", "npm", "@s/a", "1.0.0"),
        ("pkg:githubactions/Actions/Checkout@v4", "github-actions", "actions/checkout", "v4"),
        ("pkg:docker/python@3.12", "docker", "docker.io/library/python", "3.12"),
        ("pkg:docker/o/n@1?repository_url=ghcr.io", "docker", "ghcr.io/o/n", "1"),
        ("pkg:oci/n@sha256:aa?repository_url=ghcr.io/o/n", "docker", "ghcr.io/o/n", "sha256:aa"),
        ("pkg:docker/o/n@1", "docker", "docker.io/o/n", "1"),
        ("pkg:maven/org.x/y@1", "generic", "maven/org.x/y", "1"),
        ("pkg:pypi/a", "pypi", "a", "9"),
    ],
)
def test_package_addresses(purl: str, ecosystem: str, name: str, version: str) -> None:
    it = one(read({"components": [{"name": "x", "version": "9", "purl": purl}]}))

    assert (it.ecosystem, it.name, it.version) == (ecosystem, name, version)


COMPONENTS = [
    {
        "bom-ref": "a",
        "type": "library",
        "name": "a",
        "version": "1",
        "purl": "pkg:pypi/a@1",
        "scope": "required",
        "hashes": [{"alg": "SHA-256", "content": "AB"}],
        "licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "Own words"}}],
        "components": [{"bom-ref": "b", "name": "b", "purl": "pkg:npm/b@2", "scope": "excluded",
                        "licenses": [{"expression": "MIT OR Apache-2.0"}]}],
    },
    {"bom-ref": "c", "type": "library", "group": "g", "name": "c", "version": "3"},
    {"bom-ref": "f", "type": "file", "name": "README"},
]  # fmt: skip


def test_components_their_tree_and_what_else_they_say() -> None:
    inventory = read(
        {
            "metadata": {"component": {"bom-ref": "root", "name": "app"}},
            "components": COMPONENTS,
            "dependencies": [
                {"ref": "root", "dependsOn": ["a", "f"]},
                {"ref": "a", "dependsOn": ["b"]},
                {"ref": "b"},
            ],
        }
    )

    assert problems(inventory) == []
    assert [(it.key, it.direct, it.scope, it.license) for it in inventory.dependencies] == [
        ("pypi:a@1", True, "runtime", "MIT AND (Own words)"),
        ("npm:b@2", False, "dev", "MIT OR Apache-2.0"),
        ("generic:g/c@3", False, "unknown", ""),
    ]
    assert parents(one(inventory, "b")) == ["a"]
    assert one(inventory, "a").hashes == ("sha256:ab",)
    assert one(inventory, "a").place.line == 11
    assert one(inventory, "g/c").origin == "unknown"


def test_without_a_root_nobody_knows_what_is_direct() -> None:
    inventory = read({"components": COMPONENTS, "dependencies": [{"ref": "a", "dependsOn": ["b"]}]})

    assert [it.direct for it in inventory.dependencies] == [True, None, True]


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"bomFormat": "x"}, "bom.json:1 it is no CycloneDX document"),
        ({"specVersion": "2.0"}, "bom.json:3 version '2.0' of CycloneDX is not known"),
        ({"components": 1}, "bom.json:4 components has to be a list"),
        ({"components": [1]}, "bom.json:4 components[0] has to be a table"),
        ({"components": [{"purl": "nonsense"}]}, "bom.json:5 'nonsense' is no package address"),
        ({"components": [{"type": "library"}]}, "bom.json:5 a package has neither a name"),
        ({"components": [{"bom-ref": "a", "name": "a"}, {"bom-ref": "a", "name": "b"}]},
         "bom.json:9 the reference 'a' is given twice"),
        ({"dependencies": [{"ref": "a", "dependsOn": ["b"]}]},
         "bom.json:0 something depends on, or is, 'a', which is not listed"),
        ({"dependencies": [{"dependsOn": ["b"]}]}, "bom.json:5 dependencies[0] has no 'ref'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(document: Any, says: str) -> None:
    assert problems(read(document))[0].startswith(says)


def test_an_spdx_document_under_this_name_is_told() -> None:
    inventory = found("cyclonedx", "sbom.json", '{"spdxVersion": "SPDX-2.3"}')

    assert "spdx.json" in inventory.problems[0].remedy


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<bom>", "not valid XML: no element found"),
        ("<a/>", "<a> of '' is no CycloneDX document"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "not XML that can be relied on: its DOCTYPE"),
        ("<a>" * 200, "not XML that can be relied on: it is nested too deeply"),
        ('<!DOCTYPE a SYSTEM "x"><a>&b;</a>', "not XML that can be relied on: it refers to an"),
        ('<?xml version="1.0" encoding="nonsense"?><a/>', "not valid XML: unknown encoding"),
    ],
)
def test_xml_that_cannot_be_relied_on_is_told(text: str, says: str) -> None:
    (problem,) = found("cyclonedx", "bom.xml", text).problems
    assert problem.message.startswith(says)


def test_one_bad_component_does_not_hide_the_others() -> None:
    inventory = xml(
        "<components><component type='library'><version>1</version></component>\n"
        "<component type='library'><name>b</name><purl>pkg:pypi/b@1</purl></component></components>"
    )

    assert one(inventory).name == "b"
    assert problems(inventory) == ["bom.xml:2 a component has no name"]

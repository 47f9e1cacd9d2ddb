"""Bills of materials: valid by other people's validators, repeatable, and read back without loss."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import given
from hypothesis import strategies as st
from spdx_tools.spdx.parser.json.json_parser import parse_from_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from gatekeeper.bom.collect import collect, purl_of
from gatekeeper.bom.compare import compare
from gatekeeper.bom.cyclonedx import cyclonedx
from gatekeeper.bom.spdx import spdx
from gatekeeper.managers.cyclonedx import Cyclonedx
from gatekeeper.managers.spdx import Spdx
from gatekeeper.model.bill import Bill
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Place, Scope
from gatekeeper.reports.bill_difference import render_difference

CREATED = "2026-11-27T00:00:00Z"
SHA = "sha256:" + "ab" * 32


def dependency(
    name: str = "top", version: str = "1.0", ecosystem: Ecosystem = "pypi", **more: Any
) -> Dependency:
    said = {"place": Place("uv.lock", 7), **more}
    return Dependency(ecosystem=ecosystem, name=name, version=version, **said)


def bill(*dependencies: Dependency) -> Bill:
    found = Inventory(manager="uv-lock", path="uv.lock", dependencies=dependencies, complete=True)
    return collect([found], name="app", version="3", created=CREATED, commit="c0ffee")


TOP = dependency("top", "1.0", direct=True, hashes=(SHA,), license="MIT", scope="runtime")
EVERYTHING = (
    TOP,
    dependency("below", "2.0+local", parents=(TOP.key,), license="Our own licence, v2"),
    dependency("@scope/pkg", "1.0.0", "npm", display="@scope/pkg", direct=True, scope="dev"),
    dependency("docker.io/library/python", "3.13", "docker", display="python", direct=True),
    dependency("ghcr.io/org/image", "1", "docker", display="ghcr.io/org/image", direct=True),
    dependency("actions/checkout", "7.0.1", "github-actions", display="actions/checkout/sub"),
    dependency(
        "github.com/psf/black", "24.1", "pre-commit", origin="vcs",
        url="https://github.com/psf/black", direct=True,
    ),
    dependency("maven/org.example/thing", "1", "generic"),
    dependency("open", "", requirement=">=1", direct=True),
)  # fmt: skip


def problems_of_spdx(text: str, folder: Path) -> list[str]:
    path = folder / "bom.spdx.json"
    path.write_text(text)
    document = parse_from_file(str(path))
    return [str(it.validation_message) for it in validate_full_spdx_document(document)]


def test_cyclonedx_is_valid() -> None:
    text = cyclonedx(bill(*EVERYTHING))

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_spdx_is_valid(tmp_path: Path) -> None:
    assert problems_of_spdx(spdx(bill(*EVERYTHING)), tmp_path) == []


def test_an_empty_project_has_a_valid_bill(tmp_path: Path) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(cyclonedx(bill())) is None
    assert problems_of_spdx(spdx(bill()), tmp_path) == []


@pytest.mark.parametrize("write", [cyclonedx, spdx])
def test_the_same_bill_gives_the_same_bytes(write: Callable[[Bill], str]) -> None:
    assert write(bill(*EVERYTHING)) == write(bill(*reversed(EVERYTHING)))
    assert write(bill(*EVERYTHING)) != write(bill(*EVERYTHING[1:]))


def read_back(text: str) -> tuple[Dependency, ...]:
    manager = Spdx() if "spdxVersion" in text else Cyclonedx()
    found = manager.read("bom", {"bom": text.encode()})
    assert found.problems == ()
    return found.dependencies


@pytest.mark.parametrize("write", [cyclonedx, spdx])
def test_what_is_written_is_read_back(write: Callable[[Bill], str]) -> None:
    made = bill(*EVERYTHING)

    back = {(it.ecosystem, it.name, it.version): it for it in read_back(write(made))}

    known = [it for it in made.components if it.ecosystem != "pre-commit"]
    assert {(it.ecosystem, it.name, it.version) for it in known} <= back.keys()
    assert len(back) == len(made.components)
    top, below = back["pypi", "top", "1.0"], back["pypi", "below", "2.0+local"]
    assert (top.hashes, top.license, top.direct) == ((SHA,), "MIT", True)
    assert (below.parents, below.direct) == ((top.key,), False)


_NAMES = st.sampled_from(["a", "b-c", "d1", "long-name-of-a-package"])


# A document that describes its only package is read as a list of one.
@given(
    st.lists(st.tuples(_NAMES, st.integers(0, 3)), min_size=1, max_size=8, unique=True), st.data()
)
def test_graphs_survive_a_round_trip(names: Sequence[tuple[str, int]], data: st.DataObject) -> None:
    keys = [f"pypi:{name}@{version}" for name, version in names]
    made = [
        dependency(
            name,
            str(version),
            direct=data.draw(st.booleans()),
            parents=tuple(data.draw(st.sets(st.sampled_from(keys[:index])))) if index else (),
        )
        for index, (name, version) in enumerate(names)
    ]
    whole = bill(*made)

    for write in (cyclonedx, spdx):
        back = {it.key: it for it in read_back(write(whole))}
        assert back.keys() == set(keys)
        for it in made:
            assert set(back[it.key].parents) == set(it.parents)
            assert bool(back[it.key].direct) is (bool(it.direct) or not it.parents)


class TestCollecting:
    def test_versions_of_several_files_are_one_component(self) -> None:
        one = Inventory(manager="a", path="a", dependencies=(dependency(scope="dev"),))
        other = Inventory(
            manager="b", path="b",
            dependencies=(dependency(scope="runtime", place=Place("b", 2), hashes=(SHA,)),),
        )  # fmt: skip

        (it,) = collect([one, other], name="n", version="", created=CREATED).components

        assert (it.scope, it.hashes) == ("runtime", (SHA,))
        assert it.places == (Place("b", 2), Place("uv.lock", 7))

    def test_what_a_lock_has_chosen_is_not_open_as_well(self) -> None:
        made = bill(dependency(), dependency(version="", requirement=">=1"))

        assert [it.version for it in made.components] == ["1.0"]

    def test_parts_of_the_project_are_no_dependencies(self) -> None:
        own = dependency("app", origin="path", url=".")
        other = dependency("vendored", origin="path", url="file:///opt/vendored")

        assert [it.name for it in bill(own, other).components] == ["vendored"]

    def test_licences_that_are_known_better_go_first(self) -> None:
        found = Inventory(manager="a", path="a", dependencies=(TOP,))
        made = collect(
            [found], name="n", version="", created=CREATED, licenses={TOP.key: "Apache-2.0"}
        )

        assert made.components[0].license == "Apache-2.0"


@pytest.mark.parametrize(
    ("it", "expected"),
    [
        (dependency("foo-bar", "1.0"), "pkg:pypi/foo-bar@1.0"),
        (dependency("@a/b", "1.0", "npm", display="@a/b"), "pkg:npm/%40a/b@1.0"),
        (dependency("docker.io/library/redis", "7", "docker"), "pkg:docker/redis@7"),
        (
            dependency("ghcr.io/o/i", "7", "docker"),
            "pkg:docker/o/i@7?repository_url=ghcr.io",
        ),
        (dependency("a/b", "1", "github-actions", display="A/b"), "pkg:githubactions/A/b@1"),
        (dependency("cargo/serde", "1", "generic"), "pkg:cargo/serde@1"),
        (dependency("plain", "1", "generic"), "pkg:generic/plain@1"),
    ],
)
def test_package_addresses(it: Dependency, expected: str) -> None:
    assert purl_of(it) == expected


class TestComparing:
    def test_what_came_went_and_changed(self) -> None:
        old = [TOP, dependency("gone", "1"), dependency("both", "1", license="MIT")]
        new = [TOP, dependency("came", "2"), dependency("both", "2", license="GPL-3.0-only")]

        found = compare(old, new)

        assert render_difference(found).splitlines() == [
            "+ pypi came 2",
            "- pypi gone 1",
            "~ pypi both version 1 > 2",
            "§ pypi both licence MIT > GPL-3.0-only",
        ]
        assert json.loads(render_difference(found, as_json=True))["added"] == [
            ["pypi", "came", "2"]
        ]

    def test_nothing(self) -> None:
        found = compare([TOP], [TOP])

        assert not found
        assert render_difference(found) == "no difference\n"


@pytest.mark.parametrize("scope", ["runtime", "optional", "dev", "build", "unknown"])
def test_every_scope_is_valid(scope: Scope) -> None:
    text = cyclonedx(bill(dependency(scope=scope)))

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None

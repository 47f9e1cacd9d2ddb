"""Keys sort as the ecosystem orders versions."""

from __future__ import annotations

import string
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import InvalidVersion, Version

from benchmarks.osv_reading import _compare_semver, _semver
from gatekeeper.advisories.versions import BEFORE_ALL, bound_of, key_of
from gatekeeper.model.dependency import Ecosystem

number = st.integers(0, 3) | st.integers(0, 10**20)
release = st.lists(number, min_size=1, max_size=4).map(lambda it: ".".join(map(str, it)))
local_part = st.integers(0, 12).map(str) | st.text("ab1", min_size=1, max_size=2)


@st.composite
def pep440(draw: st.DrawFn) -> str:
    return "".join(
        (
            draw(st.sampled_from(["", "", "1!", "2!"])),
            draw(release),
            draw(st.sampled_from(["", "", "a1", "b2", "rc1", "rc2", "-alpha.3"])),
            draw(st.sampled_from(["", "", ".post1", "-2", ".post10"])),
            draw(st.sampled_from(["", "", ".dev0", ".dev3"])),
            draw(st.just("") | st.lists(local_part, min_size=1, max_size=3).map(
                lambda it: "+" + ".".join(it))),
        )
    )  # fmt: skip


@st.composite
def semver(draw: st.DrawFn) -> str:
    core = draw(st.tuples(number, number, number).map(lambda it: ".".join(map(str, it))))
    part = st.integers(0, 20).map(str) | st.text("ab-", min_size=1, max_size=2)
    more = draw(st.just("") | st.lists(part, min_size=1, max_size=3).map(
        lambda it: "-" + ".".join(it)))  # fmt: skip
    return core + more + draw(st.sampled_from(["", "+build.7"]))


@given(pep440(), pep440())
def test_pypi_versions_sort_as_pep_440_says(one: str, other: str) -> None:
    left, right = key_of("pypi", one), key_of("pypi", other)

    assert left is not None
    assert right is not None
    assert (left.full < right.full) == (Version(one) < Version(other))
    assert (left.full == right.full) == (Version(one) == Version(other))
    assert (left.public < right.public) == (
        Version(Version(one).public) < Version(Version(other).public)
    )
    assert left.local == (Version(one).local is not None)
    assert left.full > BEFORE_ALL


@given(st.text(string.digits + ".abcrdevpost+!-_v ", max_size=12))
def test_what_pep_440_refuses_has_no_key(text: str) -> None:
    try:
        Version(text)
    except InvalidVersion:
        assert key_of("pypi", text) is None
    else:
        assert key_of("pypi", text) is not None


@given(semver(), semver())
def test_npm_versions_sort_by_semantic_versioning(one: str, other: str) -> None:
    left, right = key_of("npm", one), key_of("npm", other)

    assert left is not None
    assert right is not None
    order = _compare_semver(_semver(one), _semver(other))
    assert (left.full > right.full) - (left.full < right.full) == order


@given(st.text(max_size=30))
def test_no_text_is_too_odd(text: str) -> None:
    for ecosystem in get_args(Ecosystem):
        key_of(ecosystem, text)
        bound_of(ecosystem, text)


@pytest.mark.parametrize(
    ("one", "other"), [("1.0", "1.0.0"), ("v1.0", "1"), ("1.0-1", "1.0.post1"), ("1.0RC1", "1rc1")]
)
def test_one_version_may_be_written_in_many_ways(one: str, other: str) -> None:
    assert key_of("pypi", one) == key_of("pypi", other)


def test_versions_grow_in_the_published_order() -> None:
    # The example of semver.org's clause 11.
    ordered = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
               "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0"]  # fmt: skip
    keys = [key.full for it in ordered if (key := key_of("npm", it))]

    assert len(keys) == len(ordered)
    assert keys == sorted(keys)


def test_a_tag_that_names_many_versions_is_none_of_them() -> None:
    assert key_of("github-actions", "v4") is None
    assert key_of("github-actions", "v4.1.2") == bound_of("github-actions", "4.1.2")
    assert bound_of("github-actions", "4") == bound_of("github-actions", "4.0.0")


@pytest.mark.parametrize(
    ("ecosystem", "version"),
    [
        ("pypi", ""),
        ("pypi", "2012b-final"),
        ("pypi", "1" * 257),
        ("pypi", "1..2"),
        ("pypi", "١.٢"),
        ("npm", "1.2"),
        ("npm", "1.2.3.4"),
        ("npm", "1.2.x"),
        ("npm", "1.2.3-"),
        ("npm", "1.2.3-a..b"),
        ("npm", "1.2.3-ä"),
        ("docker", "1.2.3"),
    ],
)  # fmt: skip
def test_what_has_no_place_in_the_order_has_no_key(ecosystem: Ecosystem, version: str) -> None:
    assert key_of(ecosystem, version) is None

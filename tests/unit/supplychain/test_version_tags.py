"""Which name of a version says most about a commit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.remote import Refs
from gatekeeper.supplychain.version_tags import label, version_of

HERE, ELSEWHERE = "a" * 40, "b" * 40


def refs(*tags: str, elsewhere: tuple[str, ...] = ()) -> Refs:
    return Refs(tags={**dict.fromkeys(tags, HERE), **dict.fromkeys(elsewhere, ELSEWHERE)})


@pytest.mark.parametrize(
    ("reference", "tags", "name"),
    [
        ("v4", ("v4", "v4.2", "v4.2.1"), "v4.2.1"),
        ("v4", ("v4", "v4.2.1", "v4.2.1-rc.1"), "v4.2.1"),
        ("v4", ("v4", "latest"), "v4"),
        ("v4.2.1", ("v4", "v4.2.1", "4.2.1"), "v4.2.1"),
        ("4.2.1", ("v4.2.1", "4.2.1"), "4.2.1"),
        ("v4.2.1", ("v4.2.1", "v9.0.0"), "v4.2.1"),
        ("v2.0.0-rc.1", ("v2.0.0-rc.1", "v2"), "v2.0.0-rc.1"),
        ("main", ("v1.8.14",), "v1.8.14"),
        ("main", (), "main"),
        ("release/v1", ("v1.8.14", "nightly"), "v1.8.14"),
        ("sub/v1", ("sub/v1", "sub/v1.2.3", "v7.0.0"), "sub/v1.2.3"),
        ("v7", ("sub/v1.2.3", "v7", "v7.0.0"), "v7.0.0"),
        ("", ("v1.0.0",), "v1.0.0"),
        ("", (), ""),
        # Nothing that a tag can hold ends the comment, or the line.
        ("v1\u2028 evil: true", (), ""),
        ("main", ("v1.0.0\u2028x",), "main"),
        ("x" * 300, (), ""),
    ],
)
def test_the_most_exact_name(reference: str, tags: tuple[str, ...], name: str) -> None:
    assert label(reference, HERE, refs(*tags, elsewhere=("v9.9.9", "v4.9.9"))) == name


@pytest.mark.parametrize(
    ("tag", "claim", "says"),
    [
        ("v4.2.1", "v4", True),
        ("v4.2.1", "4.2", True),
        ("v4.2.1", "v4.2.1", True),
        ("v4.2.1", "v4.2.10", False),
        ("v42.0.0", "v4", False),
        ("v4", "v4.2.1", False),
        ("v4.0.0-rc.1", "v4", False),
        ("v4.0.0-rc.1", "v4.0.0", False),
        ("v4.0.0-rc.1", "v4.0.0-rc.1", True),
    ],
)
def test_a_more_exact_version_is_what_was_claimed(tag: str, claim: str, says: bool) -> None:
    one, other = version_of(tag), version_of(claim)

    assert one
    assert other
    assert one.says(other) is says


@pytest.mark.parametrize("tag", ["main", "latest", "", "v", "x1.2", "1" * 400, "v1.2.3.4.5.6.7"])
def test_what_names_no_version(tag: str) -> None:
    assert version_of(tag) is None


@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=6))
def test_a_name_never_leaves_its_comment(reference: str, tags: list[str]) -> None:
    name = label(reference, HERE, refs(*tags))

    assert name == "" or (
        name.isascii() and name.isprintable() and " " not in name and "#" not in name
    )

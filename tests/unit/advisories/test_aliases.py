"""Aliases are symmetric and transitive; upstream is only transitive."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.advisories.aliases import Aliases, all_upstream, for_people

names = st.sampled_from("ABCDEFGH")


@given(st.lists(st.lists(names, min_size=1, max_size=3), max_size=8))
def test_the_groups_are_those_that_can_be_reached(joined: list[list[str]]) -> None:
    aliases = Aliases()
    for group in joined:
        aliases.join(group)

    reached = {name: {name} for group in joined for name in group}
    for _ in joined:
        for group in joined:
            together = set().union(*(reached[name] for name in group))
            for name in together:
                reached[name] |= together
    assert {frozenset(it) for it in aliases.groups().values()} == {
        frozenset(it) for it in reached.values()
    }


@given(st.lists(st.lists(names, min_size=1, max_size=3), max_size=8))
def test_the_order_of_joining_shows_nowhere(joined: list[list[str]]) -> None:
    one, other = Aliases(), Aliases()
    for group in joined:
        one.join(group)
    for group in reversed(joined):
        other.join(reversed(group))

    assert one.groups() == other.groups()


def test_upstream_leads_one_way() -> None:
    aliases = Aliases()
    aliases.join(["B", "B-alias"])
    upstream = {"A": ["B-alias"], "B": ["C"], "C": ["A"], "D": ["A"]}

    assert all_upstream(["A"], upstream, aliases) == ["A", "B", "C"]
    assert all_upstream(["D"], upstream, aliases) == ["A", "B", "C"]
    assert all_upstream(["X"], upstream, aliases) == []


@pytest.mark.parametrize(
    ("known", "malicious", "expected"),
    [
        (["PYSEC-1", "GHSA-1", "CVE-2"], False, "CVE-2"),
        (["CVE-2026-2", "CVE-2026-1"], False, "CVE-2026-1"),
        (["PYSEC-1", "GHSA-1"], False, "GHSA-1"),
        (["RUSTSEC-1", "PYSEC-1"], False, "PYSEC-1"),
        (["SNYK-2", "BIT-1"], False, "BIT-1"),
        (["CVE-1", "MAL-1"], True, "MAL-1"),
    ],
)
def test_people_use_the_name_that_most_know(
    known: list[str], malicious: bool, expected: str
) -> None:
    assert for_people(known, malicious=malicious) == expected

"""Which versions are affected: as OSV's evaluation rules say, read slowly."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.osv_reading import Record, UnorderedError, is_vulnerable
from gatekeeper.advisories.matching import match
from tests.fakes.advisories import affected, compiled, record

PYPI = ["0.9", "1.0a1", "1.0", "1.0.0", "1.0+cpu", "1.0.post1", "1.1.dev1", "1.1rc1", "1.1", "1.2",
        "2.0", "1!0.1", "1!1.0", "2012-01-01", "1.0+local.2"]  # fmt: skip
NPM = ["0.9.0", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-rc.1", "1.0.0", "1.0.0+build", "1.1.0",
       "1.10.0", "2.0.0", "v1.1.0"]  # fmt: skip
ECOSYSTEMS = {"PyPI": PYPI, "npm": NPM, "GitHub Actions": NPM}


@st.composite
def events(draw: st.DrawFn, known: list[str]) -> list[dict[str, str]]:
    version = st.sampled_from(known)
    made = [{"introduced": draw(st.just("0") | version)}]
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(["introduced", "fixed", "fixed", "last_affected", "limit"]))
        made.append({kind: draw(version | st.just("*") if kind == "limit" else version)})
    return draw(st.permutations(made))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Record, str, str]:
    ecosystem = draw(st.sampled_from(sorted(ECOSYSTEMS)))
    known = ECOSYSTEMS[ecosystem]
    ordered = [it for it in known if it != "2012-01-01"]
    abouts = []
    for _ in range(draw(st.integers(1, 2))):
        about: Record = {"package": {"ecosystem": ecosystem, "name": "demo"}}
        listed = draw(st.lists(st.sampled_from(known), max_size=3))
        if listed:
            about["versions"] = listed
        kinds = st.sampled_from(["ECOSYSTEM", "SEMVER", "GIT"])
        inside = events(known)
        about["ranges"] = [
            {"type": draw(kinds), "events": draw(inside)} for _ in range(draw(st.integers(0, 2)))
        ]
        abouts.append(about)
    made = record("GHSA-1", *abouts)
    if draw(st.integers(0, 9)) == 0:
        made["withdrawn"] = "2026-01-01T00:00:00Z"
    return made, ecosystem, draw(st.sampled_from(ordered))


@given(cases())
def test_the_matcher_equals_a_slow_reading_of_the_rules(case: tuple[Record, str, str]) -> None:
    made, ecosystem, version = case
    known = compiled(made).get("demo")
    found, why = match(known, version) if known else ((), None)

    # What the rules leave open is open here, too, and never clean.
    assert (bool(found), bool(why)) == slowly(made, ecosystem, version)


def slowly(made: Record, ecosystem: str, version: str) -> tuple[bool, bool]:
    answers: list[bool | None] = []
    for about in made["affected"]:
        try:
            answers.append(is_vulnerable({**made, "affected": [about]}, ecosystem, "demo", version))
        except UnorderedError:
            answers.append(None)
    return True in answers, None in answers and True not in answers


def hit(version: str, *about: Record) -> bool:
    known = compiled(record("GHSA-1", *about))["demo"]
    return bool(match(known, version)[0])


@pytest.mark.parametrize(
    ("version", "expected"),
    [("0.1", True), ("1.9", True), ("2.0rc1", True), ("2.0", False), ("2.0+cpu", False),
     ("3.1", True), ("3.2", True), ("3.2+cpu", True), ("3.2.1", False)],
)  # fmt: skip
def test_ranges_and_events(version: str, expected: bool) -> None:
    about = affected(
        "demo", ("introduced", "0"), ("fixed", "2.0"), ("introduced", "3.0"),
        ("last_affected", "3.2"),
    )  # fmt: skip

    assert hit(version, about) is expected


def test_events_need_not_be_in_order() -> None:
    about = affected("demo", ("fixed", "2.0"), ("introduced", "1.0"))

    assert [hit(it, about) for it in ("0.9", "1.0", "1.9", "2.0")] == [False, True, True, False]


def test_a_limit_bounds_a_range_without_fix() -> None:
    about = affected("demo", ("introduced", "1.0"), ("limit", "2.0"))

    assert [hit(it, about) for it in ("1.5", "2.0", "3.0")] == [True, False, False]
    everything = affected("demo", ("introduced", "1.0"), ("limit", "2.0"), ("limit", "*"))
    assert hit("3.0", everything)


def test_listed_versions_count_beside_ranges() -> None:
    about = affected("demo", ("introduced", "1.0"), ("fixed", "1.1"), versions=["3.0", "2004d-x"])

    assert [hit(it, about) for it in ("1.0", "1.1", "3.0.0", "2004d-x", "2004d")] == [
        True, False, True, True, False,
    ]  # fmt: skip


def test_commits_say_nothing_about_versions() -> None:
    assert not hit("1.0", affected("demo", ("introduced", "0"), kind="GIT"))


@pytest.mark.parametrize("kind", ["fixed", "last_affected", "limit"])
def test_an_end_that_nobody_can_order_leaves_what_follows_open(kind: str) -> None:
    known = compiled(
        record("A-1", affected("demo", ("introduced", "1.0"), (kind, "2012-final"), ("limit", "9")))
    )["demo"]

    found, why = match(known, "2.0")

    assert found == ()
    assert why is not None
    assert (why.reason, "A-1" in why.message) == ("unreadable", True)
    assert match(known, "0.9") == ((), None)
    assert (match(known, "9.1")[1] is None) == (kind != "limit")


def test_a_begin_that_nobody_can_order_may_be_the_very_first() -> None:
    about = affected("demo", ("introduced", "2012-final"), ("fixed", "2"))
    known = compiled(record("A-1", about))["demo"]

    assert match(known, "0.1")[1] is not None
    assert match(known, "2") == ((), None)


def test_what_is_surely_affected_is_not_open() -> None:
    unsure = affected("demo", ("introduced", "0"), ("fixed", "2012-final"))
    sure = affected("demo", ("introduced", "0"), ("fixed", "2"))
    known = compiled(record("A-1", unsure, sure))["demo"]

    found, why = match(known, "1.0")

    assert [it.id for it in found] == ["A-1"]
    assert (found[0].fixed, why) == ((), None)


def test_where_versions_are_listed_a_range_that_cannot_be_ordered_adds_nothing() -> None:
    about = affected("demo", ("introduced", "0"), ("fixed", "2019-09-12"), versions=["1.0"])

    assert hit("1.0", about)
    assert not hit("2.0", about)


def test_a_range_without_a_begin_begins_at_once() -> None:
    assert hit("0.1", affected("demo", ("fixed", "2.0")))


@example("1.0")
@given(st.sampled_from(PYPI))
def test_what_is_withdrawn_never_matches(version: str) -> None:
    gone = record("GHSA-1", affected("demo", ("introduced", "0")), withdrawn="2026-01-01T00:00:00Z")

    assert compiled(gone) == {}


def test_what_is_malicious_without_versions_is_malicious_in_all() -> None:
    known = compiled(record("MAL-2026-1", affected("demo")))["demo"]

    (found,), why = match(known, "0.0.1")

    assert (found.malicious, found.severity, why) == (True, "critical", None)

"""What waivers cover, until when, and which of them need attention."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.finding import Finding, State, Suppression
from gatekeeper.model.waiver import Waiver
from gatekeeper.pipeline.waive import Waived, covers, expired
from tests.fakes.reports import finding

TODAY = "2026-06-15"


def waiver(**more: Any) -> Waiver:
    given: dict[str, Any] = {
        "owner": "@team",
        "reason": "accepted for now",
        "expires": "2027-01-01",
        "rule": "" if "fingerprint" in more else "ruff/F401",
        "paths": ("app/",),
    }
    return Waiver(**{**given, **more})


def state_of(found: Finding, *waivers: Waiver, before: State = "new") -> State:
    return Waived(waivers, TODAY).cover(found, before)[0]


def problems(waived: Waived, *, limit: int = 20, complete: bool = True) -> list[tuple[str, str]]:
    return [(note.waiver.target, note.problem) for note in waived.notes(limit, complete)]


@pytest.mark.parametrize(
    ("told", "found", "covered"),
    [
        (waiver(), finding(), True),
        (waiver(paths=()), finding(path="anywhere.py"), True),
        (waiver(), finding(path="tests/a.py"), False),
        (waiver(rule="ruff/F40"), finding(), False),
        (waiver(rule="ruff/F4011"), finding(), False),
        (waiver(rule="bandit/F401"), finding(), False),
        (waiver(rule="semgrep/a/b"), finding(scanner="semgrep", rule="a/b"), True),
        (waiver(fingerprint="f" * 32), finding(), True),
        (waiver(fingerprint="a" * 32), finding(), False),
        (waiver(fingerprint="f" * 32, paths=("tests/",)), finding(), False),
        (waiver(fingerprint="f" * 32, paths=()), finding(path="moved.py"), True),
    ],
)
def test_covers(told: Waiver, found: Finding, covered: bool) -> None:
    assert covers(told, found) is covered
    assert state_of(found, told) == ("waived" if covered else "new")


@pytest.mark.parametrize(
    ("expires", "over"),
    [("2026-06-14", True), (TODAY, False), ("2026-06-16", False), ("never", False)],
)
def test_it_counts_through_its_last_day(expires: str, over: bool) -> None:
    assert expired(waiver(expires=expires), TODAY) is over
    assert state_of(finding(), waiver(expires=expires)) == ("new" if over else "waived")


def test_existing_findings_are_waived_as_well() -> None:
    assert state_of(finding(), waiver(), before="existing") == "waived"


def test_what_is_ignored_inline_stays_so_and_uses_no_waiver() -> None:
    waived = Waived([waiver()], TODAY)

    state, used = waived.cover(finding(suppression=Suppression("noqa")), "suppressed")

    assert (state, used) == ("suppressed", None)
    assert waived.used() == ()


def test_an_expired_waiver_does_not_stand_in_the_way_of_a_valid_one() -> None:
    old, valid = waiver(expires="2020-01-01"), waiver(paths=())

    assert Waived([old, valid], TODAY).cover(finding(), "new") == ("waived", valid)


def test_the_waiver_for_one_finding_goes_before_one_for_the_rule() -> None:
    rule, exact = waiver(), waiver(fingerprint="f" * 32)

    assert Waived([rule, exact], TODAY).cover(finding(), "new") == ("waived", exact)


def test_without_waivers_nothing_changes() -> None:
    waived = Waived([], TODAY)

    assert waived.cover(finding(), "existing") == ("existing", None)
    assert waived.notes(20, complete=True) == ()


def test_waivers_in_use_are_listed() -> None:
    used, unused, old = waiver(), waiver(rule="ruff/E501"), waiver(expires="2020-01-01")
    waived = Waived([used, unused, old], TODAY)
    waived.cover(finding(), "new")

    assert waived.used() == (used,)


def test_a_waiver_that_covers_nothing_is_unused_once_everything_was_looked_at() -> None:
    waived = Waived([waiver()], TODAY)

    assert problems(waived) == [("ruff/F401", "unused")]
    assert problems(waived, complete=False) == []


def test_an_expired_waiver_says_how_much_it_no_longer_covers() -> None:
    waived = Waived([waiver(expires="2026-06-14")], TODAY)
    waived.cover(finding(), "new")
    waived.cover(finding(line=9), "new")

    (note,) = waived.notes(20, complete=True)
    assert note.problem == "expired"
    assert note.message == "expired on 2026-06-14 and no longer covers 2 findings"


def test_an_expired_waiver_that_covers_nothing_is_only_expired() -> None:
    assert problems(Waived([waiver(expires="2026-06-14")], TODAY)) == [("ruff/F401", "expired")]


def test_a_whole_rule_everywhere_is_too_broad() -> None:
    waived = Waived([waiver(paths=())], TODAY)
    waived.cover(finding(), "new")

    assert problems(waived) == [("ruff/F401", "too-broad")]


@pytest.mark.parametrize(("hits", "broad"), [(2, False), (3, True)])
def test_so_is_one_that_covers_more_than_it_was_meant_to(hits: int, broad: bool) -> None:
    waived = Waived([waiver()], TODAY)
    for _ in range(hits):
        waived.cover(finding(), "new")

    assert problems(waived, limit=2) == [("ruff/F401", "too-broad")] * broad


def test_a_waiver_for_good_needs_no_attention() -> None:
    waived = Waived([waiver(expires="never")], TODAY)
    waived.cover(finding(), "new")

    assert problems(waived) == []


@given(
    st.lists(
        st.builds(
            waiver,
            rule=st.sampled_from(("ruff/F401", "ruff/E501", "bandit/B101")),
            paths=st.sampled_from(((), ("app/",), ("tests/",))),
            expires=st.sampled_from(("never", "2020-01-01", TODAY)),
        )
    ),
    st.sampled_from(("app/a.py", "tests/a.py")),
)
def test_a_finding_is_waived_exactly_when_a_valid_waiver_covers_it(
    waivers: list[Waiver], path: str
) -> None:
    found = finding(path=path)
    valid = [it for it in waivers if covers(it, found) and not expired(it, TODAY)]

    state, used = Waived(waivers, TODAY).cover(found, "new")

    assert state == ("waived" if valid else "new")
    assert (used in valid) if valid else used is None

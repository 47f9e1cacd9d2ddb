"""The same weakness, found by two scanners at the same place, is one finding."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.finding import SEVERITIES, Suppression
from gatekeeper.model.verdict import Judged
from gatekeeper.model.waiver import Waiver
from gatekeeper.pipeline.same import fold
from tests.fakes.reports import judged


def bandit(rule: str = "B608", **more: Any) -> Judged:
    given: dict[str, Any] = {
        "scanner": "bandit", "rule": rule, "gate": "sast", "cwe": ("CWE-89",), "line": 11,
        "end_line": 11, "fingerprint": "b" * 32,
    }  # fmt: skip
    return judged(**{**given, **more})


def semgrep(rule: str = "sql-injection", **more: Any) -> Judged:
    given: dict[str, Any] = {
        "scanner": "semgrep", "rule": rule, "gate": "sast", "cwe": ("CWE-89",), "severity": "high",
        "line": 11, "end_line": 11, "fingerprint": "c" * 32,
    }  # fmt: skip
    return judged(**{**given, **more})


def shown(found: list[Judged]) -> list[tuple[str, ...]]:
    """Rules of each finding, the leading one first."""
    return [(it.finding.rule, *(also.rule for also in it.also)) for it in found]


def test_two_scanners_at_one_place_make_one_finding() -> None:
    found = fold([bandit(), semgrep()])

    assert shown(found) == [("sql-injection", "B608")]
    assert found[0].finding == semgrep().finding
    assert found[0].also == (bandit().finding,)
    assert (found[0].state, found[0].blocks) == ("new", True)


@pytest.mark.parametrize(
    "other",
    [
        semgrep(line=12, end_line=12),
        semgrep(path="app/other.py"),
        semgrep(cwe=("CWE-78",)),
        semgrep(cwe=()),
        semgrep(gate="external"),
        semgrep(scanner="bandit"),
        semgrep(line=0, end_line=0),
    ],
)
def test_anything_else_stays_apart(other: Judged) -> None:
    assert fold([bandit(), other]) == [bandit(), other]


def test_lines_may_overlap_only_in_part() -> None:
    found = fold([bandit(line=9, end_line=12), semgrep(line=12, end_line=14)])

    assert shown(found) == [("sql-injection", "B608")]


def test_of_several_places_within_the_lines_the_nearest_counts() -> None:
    whole = bandit(line=10, end_line=20, severity="critical")
    near, far = semgrep(line=10, end_line=10), semgrep(line=18, end_line=18)

    assert shown(fold([whole, near, far])) == [("B608", "sql-injection"), ("sql-injection",)]
    # Two statements on a line are told apart by nobody.
    assert shown(fold([whole, near, near])) == [("B608", "sql-injection", "sql-injection")]


@pytest.mark.parametrize(
    ("one", "other", "leads"),
    [
        (bandit(severity="low", blocks=True), semgrep(severity="high", blocks=False), "B608"),
        (bandit(state="new"), semgrep(state="existing", fresh=False), "B608"),
        (bandit(severity="high"), semgrep(severity="medium"), "B608"),
        (bandit(confidence="high"), semgrep(severity="medium", confidence="low"), "B608"),
        (bandit(), semgrep(severity="medium"), "sql-injection"),
    ],
)
def test_which_one_leads(one: Judged, other: Judged, leads: str) -> None:
    assert fold([one, other])[0].finding.rule == leads


def test_it_is_new_when_one_of_them_is() -> None:
    old = semgrep(state="existing", fresh=False, blocks=True)
    found = fold([bandit(blocks=False), old])

    assert shown(found) == [("sql-injection", "B608")]
    assert (found[0].state, found[0].fresh, found[0].blocks) == ("new", True, True)


def test_an_ignore_hides_only_what_its_own_tool_found() -> None:
    ignored = bandit(state="suppressed", suppression=Suppression("nosec B608"), blocks=False)

    assert fold([ignored, semgrep()]) == [ignored, semgrep()]


def test_ignored_by_both_it_is_one_ignored_finding() -> None:
    one = bandit(state="suppressed", suppression=Suppression("nosec B608"), blocks=False)
    other = semgrep(state="suppressed", suppression=Suppression("nosemgrep"), blocks=False)

    found = fold([one, other])

    assert shown(found) == [("sql-injection", "B608")]
    assert found[0].state == "suppressed"


def waiver(**more: Any) -> Waiver:
    given: dict[str, Any] = {"owner": "@team", "reason": "accepted", "expires": "never"}
    return Waiver(**{**given, **more})


def test_a_waiver_of_a_rule_hides_only_that_rule_s_finding() -> None:
    waived = bandit(state="waived", blocks=False, waiver=waiver(rule="bandit/B608"))

    assert fold([waived, semgrep()]) == [waived, semgrep()]


@pytest.mark.parametrize("named", ["b" * 32, "c" * 32])
def test_a_waiver_of_a_fingerprint_covers_what_both_found(named: str) -> None:
    found = [bandit(), semgrep()]
    told = waiver(fingerprint=named)
    at = 0 if named[0] == "b" else 1
    found[at] = (bandit, semgrep)[at](state="waived", blocks=False, waiver=told)

    (one,) = fold(found)

    assert (one.state, one.blocks, one.waiver) == ("waived", False, told)
    assert shown([one]) == [("sql-injection", "B608")]


def findings() -> st.SearchStrategy[list[Judged]]:
    """Findings close to each other, of three scanners, in any state."""
    kinds = st.sampled_from(
        [("new", True), ("new", False), ("existing", True), ("existing", False),
         ("waived", False), ("suppressed", False), ("suppressed", True)]
    )  # fmt: skip

    def one(parts: tuple[str, str, int, int, str, tuple[str, bool], bool]) -> Judged:
        scanner, path, line, length, severity, (state, blocks), named = parts
        mark = waiver(fingerprint="a" * 32) if named else waiver(rule=f"{scanner}/r")
        return judged(
            scanner=scanner, rule="r", path=path, line=line, end_line=line + length,
            severity=severity, state=state, blocks=blocks, fresh=state == "new", gate="sast",
            cwe=("CWE-327" if length else "CWE-328",),
            waiver=mark if state == "waived" else None,
            suppression=Suppression("nosec") if state == "suppressed" else None,
        )  # fmt: skip

    parts = st.tuples(
        st.sampled_from(["bandit", "semgrep", "third"]), st.sampled_from(["a.py", "b.py"]),
        st.integers(1, 6), st.integers(0, 3), st.sampled_from(SEVERITIES), kinds, st.booleans(),
    )  # fmt: skip
    return st.lists(parts.map(one), max_size=12)


@given(findings())
def test_nothing_is_lost_and_nothing_is_made_up(found: list[Judged]) -> None:
    folded = fold(found)

    before = Counter(repr(it.finding) for it in found)
    after = Counter(repr(one) for it in folded for one in (it.finding, *it.also))
    assert after == before
    assert len(folded) <= len(found)


@given(findings())
def test_what_blocks_still_blocks_unless_a_waiver_names_it(found: list[Judged]) -> None:
    named = any(it.waiver and it.waiver.fingerprint for it in found)

    blocked = any(it.blocks for it in fold(found))

    assert blocked == any(it.blocks for it in found) or named


@given(findings())
def test_one_scanner_never_has_its_own_findings_folded_by_itself(found: list[Judged]) -> None:
    for it in fold(found):
        assert all(also.scanner != it.finding.scanner for also in it.also)
        assert all(also.path == it.finding.path for also in it.also)


@given(findings())
def test_folding_twice_changes_nothing_more(found: list[Judged]) -> None:
    alone = [it for it in found if it.finding.scanner == "bandit"]

    assert fold(alone) == alone

"""How gates decide: every rule of it, and what must hold whatever the input."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.finding import (
    CONFIDENCES,
    SEVERITIES,
    Confidence,
    Severity,
    State,
    Suppression,
    Unchecked,
)
from gatekeeper.model.outcome import Failed, Outcome, Ran, Skipped
from gatekeeper.model.policy import (
    GATE_IDS,
    BlockOn,
    GatePolicy,
    OnInconclusive,
    PathPolicy,
    Policy,
)
from gatekeeper.model.verdict import (
    GateVerdict,
    Judged,
    JudgedUnchecked,
    ScannerOutcome,
    VerdictWord,
)
from gatekeeper.pipeline.gate import blocks, judge_gate, overall, policy_for
from tests.fakes.reports import finding, judged

DEMANDS = GatePolicy(
    enabled=True,
    block_from="medium",
    confidence="medium",
    on="new",
    inconclusive="inconclusive",
    require_reason=False,
)
RAN = Ran()
FAILED = Failed("tool-crashed", "boom", "try again")
NO_BASE = Failed("base-unavailable", "no such branch")
SKIPPED = Skipped("no-matching-files", "no Python files")


def policy(*overrides: PathPolicy, **more: Any) -> Policy:
    demands = msgspec.structs.replace(DEMANDS, **more)
    return Policy(dict.fromkeys(GATE_IDS, demands), overrides)


def override(*patterns: str, **more: Any) -> PathPolicy:
    return PathPolicy(patterns, "lint", msgspec.structs.replace(DEMANDS, **more))


def unchecked(path: str = "b.py", *, new: bool = True) -> JudgedUnchecked:
    return JudgedUnchecked(Unchecked("ruff", path, "parse-error", "odd"), "lint", new)


def verdict(
    *outcomes: Outcome,
    findings: tuple[Judged, ...] = (),
    open_files: tuple[JudgedUnchecked, ...] = (),
    **demands: Any,
) -> GateVerdict:
    return judge_gate(
        "lint",
        policy(**demands),
        [ScannerOutcome(f"scanner-{index}", "lint", it) for index, it in enumerate(outcomes)],
        list(enumerate(findings)),
        open_files,
    )


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("floor", SEVERITIES)
def test_only_findings_from_the_severity_asked_for_block(
    severity: Severity, floor: Severity
) -> None:
    asked = blocks(policy(block_from=floor), "lint", finding(severity=severity), "new", fresh=True)

    assert asked == (SEVERITIES.index(severity) >= SEVERITIES.index(floor))


@pytest.mark.parametrize("confidence", CONFIDENCES)
@pytest.mark.parametrize("floor", CONFIDENCES)
def test_only_findings_that_are_sure_enough_block(
    confidence: Confidence, floor: Confidence
) -> None:
    found = finding(confidence=confidence)

    asked = blocks(policy(confidence=floor), "lint", found, "new", fresh=True)

    assert asked == (CONFIDENCES.index(confidence) >= CONFIDENCES.index(floor))


@pytest.mark.parametrize(
    ("state", "fresh", "on", "blocking"),
    [
        ("new", True, "new", True),
        ("new", True, "all", True),
        ("existing", False, "new", False),
        ("existing", False, "all", True),
        ("waived", True, "new", False),
        ("waived", True, "all", False),
        ("suppressed", True, "new", False),
        ("suppressed", True, "all", False),
    ],
)
def test_states(state: State, fresh: bool, on: BlockOn, blocking: bool) -> None:
    assert blocks(policy(on=on), "lint", finding(), state, fresh) is blocking


@pytest.mark.parametrize(
    ("reason", "fresh", "on", "blocking"),
    [
        ("", True, "new", True),
        ("", False, "new", False),
        ("", False, "all", True),
        ("kept for plugins", True, "new", False),
        ("kept for plugins", False, "all", False),
    ],
)
def test_where_reasons_are_required_an_ignore_without_one_blocks(
    reason: str, fresh: bool, on: BlockOn, blocking: bool
) -> None:
    ignored = finding(severity="info", suppression=Suppression("noqa", reason))

    asked = blocks(policy(require_reason=True, on=on), "lint", ignored, "suppressed", fresh)

    assert asked is blocking


def test_a_gate_that_is_off_blocks_nothing() -> None:
    off = policy(enabled=False)

    assert not blocks(off, "lint", finding(severity="critical"), "new", fresh=True)


def test_of_several_overrides_the_last_that_matches_counts() -> None:
    demands = policy(
        override("tests/", block_from="critical"), override("tests/unit/", block_from="info")
    )

    assert policy_for(demands, "lint", "app/a.py").block_from == "medium"
    assert policy_for(demands, "lint", "tests/a.py").block_from == "critical"
    assert policy_for(demands, "lint", "tests/unit/a.py").block_from == "info"
    assert policy_for(demands, "sast", "tests/a.py").block_from == "medium"


def test_what_has_no_path_is_covered_by_no_override() -> None:
    demands = policy(override("*", enabled=False))

    assert blocks(demands, "lint", finding(path=""), "new", fresh=True)
    assert not blocks(demands, "lint", finding(path="a.py"), "new", fresh=True)


def test_an_override_can_switch_a_gate_on_for_some_paths_only() -> None:
    demands = policy(override("core/", enabled=True), enabled=False)

    assert blocks(demands, "lint", finding(path="core/a.py"), "new", fresh=True)
    assert not blocks(demands, "lint", finding(path="app/a.py"), "new", fresh=True)


EXISTING = judged(state="existing", fresh=False, blocks=False)
IGNORED = judged(state="suppressed", suppression=Suppression("noqa"))


@pytest.mark.parametrize(
    ("told", "word", "reason"),
    [
        (verdict(RAN), "pass", "clean"),
        (verdict(), "pass", "nothing-to-check"),
        (verdict(SKIPPED), "pass", "nothing-to-check"),
        (verdict(SKIPPED, RAN), "pass", "clean"),
        (verdict(RAN, findings=(EXISTING,)), "pass", "no-blocking-findings"),
        (verdict(RAN, findings=(EXISTING, judged())), "block", "findings"),
        (verdict(RAN, findings=(IGNORED,)), "block", "suppression-without-reason"),
        (verdict(RAN, findings=(IGNORED, judged())), "block", "findings"),
        (verdict(FAILED), "inconclusive", "scanner-failed"),
        (verdict(RAN, FAILED), "inconclusive", "scanner-failed"),
        (verdict(SKIPPED, FAILED), "inconclusive", "scanner-failed"),
        (verdict(NO_BASE), "inconclusive", "base-unavailable"),
        (verdict(FAILED, inconclusive="block"), "block", "scanner-failed"),
        (verdict(FAILED, inconclusive="warn"), "pass", "warned"),
        (verdict(RAN, open_files=(unchecked(),)), "inconclusive", "files-not-checked"),
        (verdict(RAN, open_files=(unchecked(new=False),)), "pass", "clean"),
        (
            verdict(RAN, open_files=(unchecked(),), inconclusive="block"),
            "block",
            "files-not-checked",
        ),
        (verdict(RAN, open_files=(unchecked(),), inconclusive="warn"), "pass", "warned"),
        (verdict(FAILED, findings=(judged(),)), "block", "findings"),
        (verdict(FAILED, findings=(judged(),), inconclusive="warn"), "block", "findings"),
        (verdict(FAILED, findings=(EXISTING,)), "inconclusive", "scanner-failed"),
    ],
)
def test_verdicts(told: GateVerdict, word: VerdictWord, reason: str) -> None:
    assert (told.verdict, told.reason_code) == (word, reason)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (verdict(RAN), "no problems"),
        (verdict(SKIPPED), "no Python files"),
        (verdict(SKIPPED, SKIPPED), "no Python files"),
        (verdict(), "nothing to check"),
        (verdict(RAN, findings=(judged(), judged())), "2 new problems"),
        (verdict(RAN, findings=(judged(state="existing", fresh=False),)), "1 problem"),
        (verdict(RAN, findings=(judged(), judged(state="existing"))), "2 problems"),
        (verdict(RAN, findings=(IGNORED,)), "1 inline ignore without a reason"),
        (verdict(FAILED), "scanner-0: boom"),
        (verdict(FAILED, inconclusive="warn"), "not fully checked: scanner-0: boom"),
        (verdict(RAN, open_files=(unchecked(),)), "ruff could not check b.py: odd"),
        (
            verdict(RAN, open_files=(unchecked(), unchecked("c.py"))),
            "ruff could not check b.py: odd and 1 more",
        ),
        (
            verdict(
                RAN,
                findings=(
                    judged(blocks=False),
                    EXISTING,
                    EXISTING,
                    judged(state="waived", blocks=False),
                    judged(state="suppressed", blocks=False),
                ),
            ),
            "1 new below the threshold, 2 existing, 1 waived, 1 ignored inline",
        ),
    ],
)
def test_messages(told: GateVerdict, message: str) -> None:
    assert told.message == message


def test_blocking_findings_are_named_by_their_place_in_the_report() -> None:
    told = judge_gate(
        "lint", policy(), [ScannerOutcome("ruff", "lint", RAN)],
        [(3, judged()), (5, EXISTING), (8, judged())], (),
    )  # fmt: skip

    assert told.blocking == (3, 8)


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (("pass",), "pass"),
        (("pass", "pass"), "pass"),
        (("pass", "inconclusive"), "inconclusive"),
        (("pass", "block", "inconclusive"), "block"),
        ((), "inconclusive"),
    ],
)
def test_one_verdict_for_all_gates(words: tuple[VerdictWord, ...], word: VerdictWord) -> None:
    assert overall([GateVerdict("lint", it, "clean", "") for it in words]) == word


OUTCOMES = st.lists(st.sampled_from((RAN, SKIPPED, FAILED, NO_BASE)), max_size=4)
FINDINGS = st.lists(
    st.builds(
        judged,
        state=st.sampled_from(("new", "existing", "waived", "suppressed")),
        fresh=st.booleans(),
        blocks=st.booleans(),
    ),
    max_size=5,
)
OPEN = st.lists(st.builds(unchecked, new=st.booleans()), max_size=3)
DOUBT = st.sampled_from(("inconclusive", "block", "warn"))


@given(OUTCOMES, FINDINGS, OPEN, DOUBT)
def test_another_blocking_finding_always_blocks(
    outcomes: list[Outcome],
    findings: list[Judged],
    open_files: list[JudgedUnchecked],
    doubt: OnInconclusive,
) -> None:
    told = verdict(
        *outcomes,
        findings=(*findings, judged()),
        open_files=tuple(open_files),
        inconclusive=doubt,
    )

    assert told.verdict == "block"
    assert len(findings) in told.blocking


@given(OUTCOMES, FINDINGS, OPEN, DOUBT)
def test_a_gate_with_a_failure_never_passes_unless_the_policy_only_warns(
    outcomes: list[Outcome],
    findings: list[Judged],
    open_files: list[JudgedUnchecked],
    doubt: OnInconclusive,
) -> None:
    told = verdict(
        *outcomes,
        FAILED,
        findings=tuple(findings),
        open_files=tuple(open_files),
        inconclusive=doubt,
    )

    assert told.verdict != "pass" or (doubt == "warn" and told.reason_code == "warned")


@given(OUTCOMES, FINDINGS, OPEN, DOUBT)
def test_a_file_the_change_left_unchecked_never_passes_unless_the_policy_only_warns(
    outcomes: list[Outcome],
    findings: list[Judged],
    open_files: list[JudgedUnchecked],
    doubt: OnInconclusive,
) -> None:
    told = verdict(
        *outcomes,
        findings=tuple(findings),
        open_files=(*open_files, unchecked()),
        inconclusive=doubt,
    )

    assert told.verdict != "pass" or (doubt == "warn" and told.reason_code == "warned")


@given(
    st.sampled_from(SEVERITIES),
    st.sampled_from(CONFIDENCES),
    st.sampled_from(("new", "existing")),
    st.sampled_from(("new", "all")),
)
def test_stricter_demands_never_let_more_through(
    severity: Severity, confidence: Confidence, state: State, on: BlockOn
) -> None:
    found = finding(severity=severity, confidence=confidence)
    fresh = state == "new"
    lax = blocks(policy(on=on), "lint", found, state, fresh)

    strict = policy(block_from="info", confidence="low", on="all")

    assert blocks(strict, "lint", found, state, fresh) >= lax


@given(st.lists(st.sampled_from(("pass", "block", "inconclusive"))))
def test_only_gates_that_all_pass_make_a_pass(words: list[VerdictWord]) -> None:
    told = overall([GateVerdict("lint", word, "clean", "") for word in words])

    assert (told == "pass") == (bool(words) and set(words) == {"pass"})


def test_of_scanners_that_are_not_set_up_the_one_that_could_do_something_says_so() -> None:
    hinted = Skipped("not-configured", "not audited: no advisories", "get some")
    bare = Skipped("not-configured", "switched off")

    both = judge_gate(
        "dependencies", policy(), [ScannerOutcome("a", "dependencies", hinted),
                                   ScannerOutcome("b", "dependencies", bare)], [], []
    )  # fmt: skip
    neither = judge_gate(
        "dependencies", policy(), [ScannerOutcome("a", "dependencies", bare),
                                   ScannerOutcome("b", "dependencies", bare)], [], []
    )  # fmt: skip

    assert (both.reason_code, both.message) == ("nothing-to-check", "not audited: no advisories")
    assert neither.message == "not configured: a, b"

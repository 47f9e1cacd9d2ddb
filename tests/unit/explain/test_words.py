"""Every word of a report is explained, in the same words as the documentation's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from gatekeeper.explain.own import OWN
from gatekeeper.explain.words import FAMILIES, GATES, REMEDIES, STAGES
from gatekeeper.model.finding import State, UncheckedReason
from gatekeeper.model.outcome import FailReason, SkipReason
from gatekeeper.model.policy import GATE_IDS
from gatekeeper.model.policy import STAGES as STAGE_IDS
from gatekeeper.model.verdict import GateReason, VerdictWord, WaiverProblem

ROOT = Path(__file__).parents[3]
KINDS = {
    "a verdict": get_args(VerdictWord),
    "a gate": GATE_IDS,
    "a stage": STAGE_IDS,
    "a state of a finding": get_args(State),
    "a note about a waiver": get_args(WaiverProblem),
    "a reason code of a gate": get_args(GateReason),
    "a reason code of a scanner that was skipped": get_args(SkipReason),
    "a reason code of a scanner that failed": get_args(FailReason),
    "a reason code of a file that was not checked": get_args(UncheckedReason),
}


@pytest.mark.parametrize(("kind", "family"), FAMILIES, ids=[kind for kind, _ in FAMILIES])
def test_every_word_there_is_and_no_other(kind: str, family: dict[str, str]) -> None:
    assert set(family) == set(KINDS[kind])


def test_the_documentation_says_the_same() -> None:
    page = (ROOT / "docs/verdict.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in row.strip("|").split("|")]
            for row in page.splitlines() if row.startswith("|")]  # fmt: skip

    different = [
        word
        for _, family in FAMILIES
        if family not in (GATES, STAGES)
        for word, meaning in family.items()
        if not any(f"`{word}`" in row and meaning in row for row in
                   ([re.sub(r" \(.*\)$", "", cell) if "`" in cell and " " not in cell else cell
                     for cell in row] for row in rows))
    ]  # fmt: skip

    assert different == []


def test_every_remedy_is_for_a_word() -> None:
    assert set(REMEDIES) <= {word for _, family in FAMILIES for word in family}


def test_every_rule_of_our_own_that_is_documented_is_explained() -> None:
    documented = {
        rule
        for page in (ROOT / "docs/scanners").glob("*.md")
        for rule in re.findall(r"^\| `([a-z-]+/[a-z-]+)` \|", page.read_text(encoding="utf-8"),
                               re.MULTILINE)
    }  # fmt: skip

    assert documented <= set(OWN)

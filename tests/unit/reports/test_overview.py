"""What reports for people share: order, counts, folders, and the verdict in a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.verdict import GateVerdict
from gatekeeper.reports.overview import count, count_by_gate, folders, headline, ranked
from tests.fakes.reports import judged, report


def test_what_blocks_comes_first_then_what_is_new_then_what_is_worst() -> None:
    wanted = [
        judged(severity="low"),
        judged(severity="high", blocks=False),
        judged(severity="medium", blocks=False, path="a.py", line=2),
        judged(severity="medium", blocks=False, path="a.py", line=10),
        judged(severity="medium", blocks=False, path="b.py"),
        judged(severity="critical", blocks=False, state="existing"),
        judged(severity="critical", blocks=False, state="waived"),
        judged(severity="critical", blocks=False, state="suppressed"),
    ]

    assert ranked(reversed(wanted)) == wanted


def test_counts_tell_states_apart_and_severities_of_what_counts() -> None:
    counts = count(
        [
            judged(severity="high"),
            judged(severity="low", blocks=False, state="existing"),
            judged(severity="critical", blocks=False, state="waived"),
            judged(severity="critical", blocks=False, state="suppressed"),
            judged(severity="medium", state="suppressed"),
        ]
    )

    assert (counts.blocking, counts.new, counts.existing) == (2, 1, 1)
    assert (counts.waived, counts.suppressed, counts.open) == (1, 2, 2)
    assert counts.severities == {"high": 1, "low": 1, "medium": 1}


def test_every_gate_is_counted_even_without_findings() -> None:
    told = report([judged()], gates=[GateVerdict("types", "pass", "clean", "")])

    assert {gate: it.new for gate, it in count_by_gate(told).items()} == {"types": 0, "lint": 1}


def test_the_sentence_tells_of_gates_that_could_not_be_judged_as_well() -> None:
    gates = [
        GateVerdict("lint", "block", "findings", "", (0, 1)),
        GateVerdict("types", "inconclusive", "scanner-failed", ""),
    ]

    assert headline(report([judged(), judged()], gates=gates)) == (
        "2 problems block, in 1 gate. 1 gate could not be judged."
    )


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([], []),
        (["a.py"], [("*", 1)]),
        (["src/a.py", "src/b.py"], [("src/", 2)]),
        (["src/p/a.py", "src/p/b.py", "tests/c.py"], [("src/p/", 2), ("tests/", 1)]),
        (["src/p/a.py", "src/q/b.py", "src/c.py"], [("src/*", 1), ("src/p/", 1), ("src/q/", 1)]),
        (["a/x/1", "a/x/2", "a/y/1", "b/1"], [("a/x/", 2), ("a/y/", 1), ("b/", 1)]),
    ],
)
def test_a_folder_that_holds_most_is_shown_by_what_is_in_it(
    paths: list[str], expected: list[tuple[str, int]]
) -> None:
    assert folders(paths, 8) == expected


@given(st.lists(st.text("ab/*.", min_size=1, max_size=12), max_size=30))
def test_every_path_is_in_one_folder(paths: list[str]) -> None:
    assert sum(number for _, number in folders(paths, 1_000)) == len(paths)

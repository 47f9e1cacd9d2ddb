"""From changed lines to changed statements, and what is said about percentages."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.scanners.coverage_diff import (
    Source,
    changed_file,
    ratio_of,
    stale_line,
    stretches,
)
from gatekeeper.scanners.coverage_lines import python_lines
from gatekeeper.scanners.coverage_model import (
    Branch,
    FileCoverage,
    Ratio,
    limit,
    merged,
    rounded_down,
    shown,
    total_of,
)

TEXT = "def f(\n    a,\n):\n    return (\n        # why\n        a\n    )\n"
COVERED = FileCoverage(frozenset((1, 4)), frozenset((1,)), branches={1: Branch(2, 1)})


def source(*changed: int, covered: FileCoverage = COVERED) -> Source:
    return Source(covered, frozenset(changed), python_lines(TEXT))


def test_lines_of_one_statement_count_once() -> None:
    found = changed_file(source(4, 6, 7))

    assert found.statements == {4}
    assert found.ratio == Ratio(0, 1)


def test_a_comment_inside_of_a_statement_is_none_of_it() -> None:
    assert changed_file(source(5)).statements == frozenset()


def test_exits_of_changed_lines_that_ran_are_told() -> None:
    assert changed_file(source(2)).partial == {1}
    assert changed_file(source(6)).partial == frozenset()


def test_excluded_lines_count_for_nothing_and_are_told() -> None:
    covered = FileCoverage(frozenset((1,)), frozenset((1,)), frozenset((4, 5, 6, 7)))

    found = changed_file(source(4, 5, 6, 7, covered=covered))

    assert found.ratio == Ratio(0, 0)
    assert found.excluded == {4}


def test_a_report_that_tells_lines_of_a_statement_apart_is_taken_at_its_word() -> None:
    covered = FileCoverage(frozenset((4, 6)), frozenset((4,)))

    assert changed_file(source(6, covered=covered)).uncovered == {6}
    assert changed_file(source(7, covered=covered)).uncovered == frozenset()


def test_of_another_language_only_the_lines_that_are_told_count() -> None:
    found = changed_file(Source(COVERED, frozenset((1, 2, 3, 4)), None))

    assert found.statements == {1, 4}


@pytest.mark.parametrize(("line", "stale"), [(4, 0), (6, 0), (5, 5), (8, 8), (900, 900)])
def test_a_report_about_lines_without_code_is_about_another_version(line: int, stale: int) -> None:
    lines = python_lines(TEXT)
    assert lines is not None

    assert stale_line(FileCoverage(frozenset((1, line))), lines) == stale


def test_statements_in_a_row_are_one_stretch_within_a_function() -> None:
    statements = frozenset((1, 2, 4, 9, 10, 12))
    scope = {1: "f", 2: "f", 4: "f", 9: "f", 10: "g", 12: "g"}

    found = stretches(frozenset((1, 2, 9, 10, 12)), statements, scope)

    assert found == [[1, 2], [9], [10, 12]]


def test_nothing_changed_is_all_covered() -> None:
    assert ratio_of([]).percent == 100
    assert ratio_of([changed_file(source(5))]) == Ratio(0, 0)


@pytest.mark.parametrize(
    ("covered", "total", "text"),
    [
        (0, 0, "100.00%"),
        (1, 1, "100.00%"),
        (2, 3, "66.66%"),
        (99_999, 100_000, "99.99%"),
        (1, 100_000, "0.00%"),
        (0, 7, "0.00%"),
        (10**18 - 1, 10**18, "99.99%"),
    ],
)
def test_what_is_shown_is_never_more_than_there_is(covered: int, total: int, text: str) -> None:
    assert str(Ratio(covered, total)) == text


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_rounding_never_passes_a_threshold(covered: int, more: int) -> None:
    percent = Ratio(covered, covered + more).percent

    assert percent < 100
    assert shown(percent) != "100.00%"
    assert Fraction(str(rounded_down(percent))) <= percent


def test_a_threshold_is_what_was_written() -> None:
    assert limit(80.1) == Fraction(801, 10)
    assert Ratio(801, 1000).percent >= limit(80.1)
    assert limit(100.0) == 100


def test_the_total_counts_branches_where_they_were_measured() -> None:
    assert total_of([COVERED]) == Ratio(2, 4)
    assert total_of([COVERED, FileCoverage(frozenset((1,)))]) == Ratio(2, 5)


def test_what_either_report_ran_has_run() -> None:
    one = FileCoverage(
        frozenset((1, 2)), frozenset((1,)), frozenset((5,)), {1: Branch(2, 1, ("line 2",))}
    )
    other = FileCoverage(
        frozenset((1, 2, 5)), frozenset((2,)), frozenset((9,)), {1: Branch(2, 1, ("exit",))}
    )

    both = merged(one, other)

    assert both.missing == {5}
    assert both.excluded == {9}
    assert both.branches == {1: Branch(2, 2, ())}
    assert merged(one, FileCoverage()) == one


def test_exits_that_nobody_names_are_taken_for_the_same() -> None:
    one = FileCoverage(branches={1: Branch(4, 1)})

    assert merged(one, FileCoverage(branches={1: Branch(4, 3)})).branches == {1: Branch(4, 3)}

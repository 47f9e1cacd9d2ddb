"""What is demanded of coverage, and what is said when it is not there."""

from __future__ import annotations

from typing import ClassVar

import pytest

from gatekeeper.config.suite_options import CoverageOptions, CoveragePath
from gatekeeper.scanners.coverage_diff import ChangedFile
from gatekeeper.scanners.coverage_judge import Judged, Numbers, judge, told
from gatekeeper.scanners.coverage_model import FileCoverage, Ratio
from gatekeeper.scanners.coverage_wanted import demands_anything


def file(covered: int, total: int) -> FileCoverage:
    return FileCoverage(frozenset(range(1, total + 1)), frozenset(range(1, covered + 1)))


def changed(covered: int, total: int) -> ChangedFile:
    uncovered = frozenset(range(covered + 1, total + 1))
    return ChangedFile(frozenset(range(1, total + 1)), uncovered, frozenset(), frozenset())


def numbers(
    files: dict[str, tuple[int, int]],
    diff: dict[str, tuple[int, int]] | None = None,
    base: dict[str, tuple[int, int]] | None = None,
    places: tuple[tuple[str, int, int], ...] = (),
) -> Numbers:
    return Numbers(
        {path: file(*it) for path, it in files.items()},
        None if diff is None else {path: changed(*it) for path, it in diff.items()},
        places,
        None if base is None else {path: Ratio(*it) for path, it in base.items()},
    )


def rules(judged: Judged) -> tuple[list[str], list[str]]:
    return [it.rule for it in judged.new], [it.rule for it in judged.existing]


def test_nothing_demanded_is_nothing_found() -> None:
    assert rules(judge(numbers({"a": (0, 9)}, {"a": (0, 9)}), CoverageOptions())) == ([], [])
    assert not demands_anything(CoverageOptions())


@pytest.mark.parametrize(
    "options",
    [
        CoverageOptions(total=0),
        CoverageOptions(drop=0),
        CoverageOptions(diff=0),
        CoverageOptions(paths=(CoveragePath(("a",), diff=1),)),
        CoverageOptions(paths=(CoveragePath(("a",), total=1),)),
    ],
)
def test_a_demand_of_nought_is_a_demand(options: CoverageOptions) -> None:
    assert demands_anything(options)


class TestTotal:
    def test_exactly_as_much_as_demanded_is_enough(self) -> None:
        assert rules(judge(numbers({"a": (801, 1000)}), CoverageOptions(total=80.1))) == ([], [])

    def test_less_blocks_and_tells_both_numbers(self) -> None:
        (finding,) = judge(numbers({"a": (99_999, 100_000)}), CoverageOptions(total=100)).new

        assert finding.severity == "high"
        assert finding.message == "99.99% is covered, at least 100% is demanded"

    def test_what_was_below_before_and_is_no_worse_is_not_held_against_the_change(self) -> None:
        same = numbers({"a": (5, 10)}, base={"a": (5, 10)})
        worse = numbers({"a": (5, 10)}, base={"a": (51, 100)})

        assert rules(judge(same, CoverageOptions(total=80))) == ([], ["total-below"])
        assert rules(judge(worse, CoverageOptions(total=80))) == (["total-below"], [])

    def test_a_base_that_nobody_knows_is_no_excuse(self) -> None:
        assert rules(judge(numbers({"a": (5, 10)}), CoverageOptions(total=80)))[0]


class TestDrop:
    BASE: ClassVar = {"a": (10, 10), "b": (90, 90)}

    @pytest.mark.parametrize(
        ("allowed", "found"), [(0, ["dropped"]), (0.99, ["dropped"]), (1, []), (5, [])]
    )
    def test_points_that_are_allowed(self, allowed: float, found: list[str]) -> None:
        told = numbers({"a": (9, 10), "b": (90, 90)}, base=self.BASE)

        assert rules(judge(told, CoverageOptions(drop=allowed)))[0] == found

    def test_the_message_tells_where_it_was_lost(self) -> None:
        told = numbers({"a": (7, 10), "b": (90, 90), "c": (0, 5)}, base=self.BASE)

        (finding,) = judge(told, CoverageOptions(drop=0.5)).new

        assert finding.message == (
            "the coverage drops from 100.00% to 92.38%, by 7.62 points; at most 0.5 points is"
            " allowed; newly uncovered: c (5), a (3)"
        )

    def test_the_least_drop_is_a_drop(self) -> None:
        told = numbers({"a": (999_999, 1_000_000)}, base={"a": (1, 1)})

        (finding,) = judge(told, CoverageOptions(drop=0)).new

        assert "by 0.01 points" in finding.message

    def test_without_a_base_there_is_nothing_to_compare(self) -> None:
        assert rules(judge(numbers({"a": (0, 1)}), CoverageOptions(drop=0))) == ([], [])


class TestDiff:
    def test_the_message_tells_how_much_is_missing_and_where(self) -> None:
        places = (("a.py", 8, 9), ("b.py", 3, 7), ("b.py", 12, 12))
        told = numbers({}, {"a.py": (2, 6), "b.py": (1, 3)}, places=places)

        (finding,) = judge(told, CoverageOptions(diff=80)).new

        assert finding.message == (
            "3 of 9 changed statements are covered (33.33%), at least 80% is demanded, so 5 more"
            " have to be; not covered: b.py:3-7, a.py:8-9, b.py:12"
        )

    def test_more_places_than_one_can_read_are_counted(self) -> None:
        places = tuple(("a.py", line, line) for line in range(1, 9))

        (finding,) = judge(
            numbers({}, {"a.py": (0, 8)}, places=places), CoverageOptions(diff=1)
        ).new

        assert finding.message.endswith("a.py:6 and 2 more places")
        assert "so 1 more has to be" in finding.message

    def test_no_changed_statement_is_all_of_them(self) -> None:
        assert rules(judge(numbers({}, {"a.py": (0, 0)}), CoverageOptions(diff=100))) == ([], [])

    def test_when_everything_counts_there_is_no_change_to_judge(self) -> None:
        assert rules(judge(numbers({}, None), CoverageOptions(diff=100))) == ([], [])

    def test_another_change_is_another_finding(self) -> None:
        (one,) = judge(numbers({}, {"a.py": (0, 1)}), CoverageOptions(diff=1)).new
        (more,) = judge(numbers({}, {"a.py": (0, 5)}), CoverageOptions(diff=1)).new
        (other,) = judge(numbers({}, {"b.py": (0, 1)}), CoverageOptions(diff=1)).new

        assert one.anchor == more.anchor != other.anchor


class TestPaths:
    OPTIONS = CoverageOptions(
        total=10, paths=(CoveragePath(("core/",), total=90, diff=100), CoveragePath(("web/",), diff=5))
    )  # fmt: skip

    def test_each_demand_is_about_its_own_files(self) -> None:
        told = numbers(
            {"core/a.py": (8, 10), "web/b.py": (0, 10)},
            {"core/a.py": (1, 2), "web/b.py": (0, 3)},
        )

        found = judge(told, self.OPTIONS).new

        assert [it.rule for it in found] == ["total-below", "diff-below", "diff-below"]
        assert found[0].message == "80.00% is covered in core/, at least 90% is demanded"
        assert "1 of 2 changed statements in core/ is covered" in found[1].message
        assert "in web/" in found[2].message
        assert len({it.anchor for it in found}) == 3

    def test_paths_without_files_demand_nothing(self) -> None:
        told = numbers({"other.py": (10, 10)}, {"other.py": (0, 5)})

        assert rules(judge(told, self.OPTIONS)) == ([], [])


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (numbers({"a": (9, 10)}), "90.00% covered"),
        (numbers({"a": (9, 10)}, {}), "90.00% covered, no executable lines changed"),
        (
            numbers({"a": (9, 10)}, {"a": (1, 1)}, {"a": (1, 1)}),
            "90.00% covered (base 100.00%), 100.00% of 1 changed statement",
        ),
    ],
)
def test_the_numbers_in_a_few_words(about: Numbers, words: str) -> None:
    assert told(about) == words

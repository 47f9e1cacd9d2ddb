"""When a change counts as too large."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.config.schema import Config, Scanners, SizeOptions
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.tree import LineCount
from gatekeeper.scanners.change_interface import ChangeScanned, ChangeScanner
from gatekeeper.scanners.size import Size
from tests.fakes.changes import FakeChange, scanned

DATA = Path(__file__).parents[2] / "data" / "size"
SCANNER: ChangeScanner = Size()


def change(counts: list[LineCount], options: SizeOptions) -> FakeChange:
    return FakeChange(config=Config(scanners=Scanners(size=options)), counts=counts)


def real_change() -> list[LineCount]:
    """Counts as git tells them: six files, one of them binary, one of them a lock file."""
    rows = [line.split("\t") for line in (DATA / "change.numstat").read_text().splitlines()]
    return [
        LineCount(path, *(-1 if told == "-" else int(told) for told in (added, deleted)))
        for added, deleted, path in rows
    ]


def scan(counts: list[LineCount], options: SizeOptions) -> ChangeScanned:
    return scanned(SCANNER, change(counts, options))


def measured(scanned: ChangeScanned) -> dict[str, float]:
    assert all(number.scanner == "size" for number in scanned.measurements)
    return {number.name: number.value for number in scanned.measurements}


def test_counts_added_and_deleted_lines_of_what_is_not_excluded() -> None:
    scanned = scan(real_change(), SizeOptions())
    assert scanned.new == []
    assert measured(scanned) == {"size.changed_lines": 143, "size.changed_files": 5}


def test_too_many_lines_names_number_limit_and_the_largest_files() -> None:
    (finding,) = scan(real_change(), SizeOptions(max_changed_lines=142)).new
    assert (finding.rule, finding.path, finding.severity) == ("too-many-lines", "", "medium")
    assert "143 lines" in finding.message
    assert "limit is 142" in finding.message
    assert "src/shop/orders.py (110), src/shop/prices.py (25), README.md (7)" in finding.message
    assert "guide.md" not in finding.message


def test_too_many_files_counts_binary_files() -> None:
    (finding,) = scan(real_change(), SizeOptions(max_changed_files=4)).new
    assert finding.rule == "too-many-files"
    assert "5 files" in finding.message


@pytest.mark.parametrize(
    ("lines", "files", "rules"),
    [
        (143, 5, []),
        (142, 5, ["too-many-lines"]),
        (143, 4, ["too-many-files"]),
        (1, 1, ["too-many-lines", "too-many-files"]),
    ],
)
def test_limits_are_inclusive(lines: int, files: int, rules: list[str]) -> None:
    options = SizeOptions(max_changed_lines=lines, max_changed_files=files)
    assert [finding.rule for finding in scan(real_change(), options).new] == rules


def test_exclude_is_the_project_s_to_set() -> None:
    everything = scan(real_change(), SizeOptions(exclude=()))
    assert measured(everything) == {"size.changed_lines": 1943, "size.changed_files": 6}
    little = scan(real_change(), SizeOptions(exclude=("src/", "*.lock", "*.png")))
    assert measured(little) == {"size.changed_lines": 8, "size.changed_files": 2}


def test_binary_content_has_no_lines() -> None:
    counts = [LineCount("logo.png", -1, -1), LineCount("a.py", 2, 0)]
    assert measured(scan(counts, SizeOptions())) == {
        "size.changed_lines": 2,
        "size.changed_files": 2,
    }


def test_identity_depends_on_the_files_and_not_on_the_numbers() -> None:
    few = SizeOptions(max_changed_lines=1)
    (one,) = scan([LineCount("a", 5, 0), LineCount("b", 4, 0)], few).new
    (more,) = scan([LineCount("a", 50, 0), LineCount("b", 4, 0)], few).new
    (other,) = scan([LineCount("c", 5, 0)], few).new
    assert one.anchor == more.anchor != other.anchor


def test_hostile_names_cannot_reach_a_terminal() -> None:
    (finding,) = scan([LineCount("\x1b[2J\udcff\n", 9, 0)], SizeOptions(max_changed_lines=1)).new
    assert finding.message.isprintable()


def test_nothing_to_judge_without_changed_files() -> None:
    skipped = SCANNER.prepare(FakeChange())
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "nothing-changed"
    assert SCANNER.prepare(change([LineCount("a", 0, 0)], SizeOptions())) is None

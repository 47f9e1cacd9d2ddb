"""What `--plan` shows."""

from __future__ import annotations

from gatekeeper.model.plan import Plan, PlanRow
from gatekeeper.reports.plan import render_plan
from tests.fakes.reports import HOSTILE


def lines(*rows: PlanRow, comparison: str = "the working tree against main") -> list[str]:
    return render_plan(Plan(comparison, "ci", rows)).splitlines()


def test_it_says_what_is_compared_and_in_which_stage() -> None:
    assert lines()[:2] == ["Compared: the working tree against main", "Stage: ci"]


def test_a_scanner_that_would_run_names_its_files_and_its_tool() -> None:
    row = PlanRow("ruff", "lint", "run: 5 files, 3 cached", ("a.py", "b.py"), "ruff 1.2 (locked)")

    assert [line.split() for line in lines(row)[3:]] == [
        ["ruff", "lint", "run:", "5", "files,", "3", "cached"],
        ["to", "scan:", "a.py,", "b.py"],
        ["tool:", "ruff", "1.2", "(locked)"],
    ]


def test_of_many_files_a_few_are_named_and_the_rest_counted() -> None:
    row = PlanRow("ruff", "lint", "run", tuple(f"{number:04}.py" for number in range(1_234)))

    assert lines(row)[-1].strip() == "to scan: 0000.py, 0001.py, 0002.py and 1,231 more"


def test_with_nothing_to_run_it_says_so() -> None:
    assert lines()[-1] == "nothing would run"


def test_nothing_from_the_repository_reaches_the_terminal_raw() -> None:
    row = PlanRow("ruff", "lint", HOSTILE, (HOSTILE,), HOSTILE)

    assert all(line.isprintable() for line in lines(row, comparison=HOSTILE))
    assert len(lines(row, comparison=HOSTILE)) == 6


def test_columns_line_up() -> None:
    rows = lines(PlanRow("ruff", "lint", "here"), PlanRow("ruff-format", "format", "here"))[3:]

    assert rows[0].index("here") == rows[1].index("here")

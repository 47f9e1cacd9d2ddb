"""Every format: one list, documented, with tests, and a file in a folder of reports."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from gatekeeper.cli.check_arguments import FORMATS
from gatekeeper.reports.interface import Style
from gatekeeper.reports.registry import REPORTS
from tests.fakes.report_pages import page_of
from tests.fakes.reports import HOSTILE_TEXTS, full_of, sources

ROOT = Path(__file__).parents[2]
TESTS = {"sarif": "test_sarif_report.py"}


def test_the_command_line_knows_them_all() -> None:
    assert tuple(REPORTS) == FORMATS


@pytest.mark.parametrize("name", REPORTS)
def test_each_has_a_module_tests_and_a_chapter(name: str) -> None:
    assert import_module(f"gatekeeper.reports.{name}").__doc__
    assert (ROOT / "tests/unit/reports" / TESTS.get(name, f"test_{name}.py")).is_file()
    chapters = [
        line.removeprefix("## ").lower()
        for line in (ROOT / "docs/reports.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("## ")
    ]
    assert name in chapters


@pytest.mark.parametrize("name", REPORTS)
def test_each_writes_files_of_its_own(name: str) -> None:
    told, files = page_of(30)

    names = [part.name for part in REPORTS[name]().parts(told, files)]

    assert names
    for other in REPORTS.keys() - {name}:
        assert not {*names} & {part.name for part in REPORTS[other]().parts(told, files)}


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_each_takes_any_text_and_can_be_written(name: str, text: str) -> None:
    REPORTS[name]().whole(full_of(text), sources({text: text}), Style()).encode()


@pytest.mark.parametrize("name", REPORTS)
def test_the_same_report_is_the_same_bytes(name: str) -> None:
    written = {REPORTS[name]().whole(*page_of(200), Style()) for _ in range(2)}

    assert len(written) == 1


@pytest.mark.usefixtures("uncovered")
def test_a_format_costs_nothing_unless_asked_for() -> None:
    code = (
        "import sys; from gatekeeper.reports.registry import REPORTS; REPORTS['text']();"
        "print([it for it in sys.modules if it.startswith(('gatekeeper.reports.', 'xml', 'html'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not {"html", "markdown", "junit", "json", "xml"} & {
        name.strip("' []").removeprefix("gatekeeper.reports.").split(".")[0]
        for name in done.stdout.split(",")
    }

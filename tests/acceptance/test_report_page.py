"""The HTML report in a real browser: it opens fast, can be used by everybody, and runs nothing else.

Chromium, axe and what drives them come from npm (tests/browser), so this runs on any Linux machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.model.verdict import Report
from gatekeeper.reports.html import HtmlReport
from gatekeeper.reports.interface import Sources, Style
from tests.conftest import SHARED
from tests.fakes.browser import Browser, Seen
from tests.fakes.report_pages import page_of
from tests.fakes.reports import HOSTILE_TEXTS, full_of, sources

pytestmark = pytest.mark.slow
MOST_BUSY = 2.0  # seconds of the page's own thread, whatever else the machine does
ROWS = "document.querySelectorAll('.finding').length"
COUNT = "document.getElementById('count').textContent"
WAIT = ["waitForTimeout", 250]


@pytest.fixture(scope="module")
def browser() -> Browser:
    return Browser(SHARED)


def written(folder: Path, name: str, told: Report, files: Sources) -> str:
    path = folder / f"{name}.html"
    path.write_text(HtmlReport().whole(told, files, Style()), encoding="utf-8")
    return str(path)


def opened(browser: Browser, folder: Path, count: int, **job: Any) -> Seen:
    told, files = page_of(count)
    (seen,) = browser.open([{"file": written(folder, str(count), told, files), **job}])
    assert seen.errors == []
    return seen


@pytest.mark.parametrize("count", [0, 30, 10_000])
def test_axe_finds_nothing_to_object_to(browser: Browser, tmp_path: Path, count: int) -> None:
    told, files = page_of(count)
    file = written(tmp_path, "page", told, files)
    jobs: list[Mapping[str, Any]] = [
        {"file": file, "scheme": scheme, "width": width, "axe": True, "actions": actions}
        for scheme in ("light", "dark")
        for width, actions in (
            (1280, []),
            (390, []),
            (1280, [["click", "#expand"], WAIT] if count else []),
        )
    ]

    for seen in browser.open(jobs):
        assert seen.violations == []
        assert seen.errors == []


def test_ten_thousand_findings_open_at_once(browser: Browser, tmp_path: Path) -> None:
    seen = opened(browser, tmp_path, 10_000, actions=[COUNT, ROWS])

    assert seen.values == ["10,000 findings", 100]
    assert seen.busy < MOST_BUSY


def test_search_and_filters_narrow_the_list_and_can_be_cleared(
    browser: Browser, tmp_path: Path
) -> None:
    told, _ = page_of(10_000)
    high = sum(it.finding.severity == "high" for it in told.findings)
    tests = sum(it.finding.path.startswith("tests/") for it in told.findings)
    blocking = sum(it.blocks for it in told.findings)

    seen = opened(
        browser, tmp_path, 10_000,
        actions=[
            ["selectOption", "#severity", "high"], WAIT, COUNT,
            ["click", "#clear"], WAIT, COUNT,
            ["fill", "#path", "tests/"], WAIT, COUNT,
            ["click", "#clear"], WAIT,
            ["selectOption", "#state", "blocks"], WAIT, COUNT, ROWS,
            ["fill", "#search", "no such thing"], WAIT, "document.getElementById('list').textContent",
        ],
    )  # fmt: skip

    assert seen.values == [
        f"{high:,} of 10,000 findings", "10,000 findings", f"{tests:,} of 10,000 findings",
        f"{blocking} of 10,000 findings", blocking, "Nothing matches these filters.",
    ]  # fmt: skip


def test_the_keyboard_alone_does(browser: Browser, tmp_path: Path) -> None:
    focused = "document.activeElement.id || document.activeElement.className || document.activeElement.localName"

    seen = opened(
        browser, tmp_path, 30,
        actions=[
            ["press", "body", "Tab"], focused,
            ["focus", "#list ol:last-of-type li:last-child summary"], ["press", ":focus", "Enter"], WAIT,
            "document.activeElement.parentElement.open && !!document.activeElement.parentElement.querySelector('.body')",
        ],
    )  # fmt: skip

    assert seen.values == ["skip", True]


def test_more_are_shown_on_demand_and_the_reader_stays_where_they_begin(
    browser: Browser, tmp_path: Path
) -> None:
    index = "[...document.querySelectorAll('.finding > summary')].indexOf(document.activeElement)"

    seen = opened(
        browser, tmp_path, 10_000,
        actions=[["click", "#more"], ROWS, index, ["click", "#all"], ROWS],
    )  # fmt: skip

    assert seen.values == [200, 100, 10_000]


def test_an_address_opens_its_finding_however_far_down_it_is(
    browser: Browser, tmp_path: Path
) -> None:
    told, _ = page_of(10_000)
    box = "document.querySelector('.finding.target').getBoundingClientRect()"
    last = next(it for it in reversed(told.findings) if it.state == "suppressed").finding

    seen = opened(
        browser, tmp_path, 10_000, hash=f"#{last.fingerprint}",
        actions=[
            "document.querySelector('.finding.target').id",
            "document.querySelector('.finding.target').open",
            f"(({{top, bottom}}) => top >= 0 && bottom <= innerHeight)({box})",
        ],
    )  # fmt: skip

    assert seen.values == [last.fingerprint, True, True]


def test_names_in_the_charts_filter(browser: Browser, tmp_path: Path) -> None:
    seen = opened(
        browser, tmp_path, 10_000,
        actions=[["click", ".bars a[data-rule]"], WAIT, COUNT, "document.getElementById('search').value"],
    )  # fmt: skip

    told, _ = page_of(10_000)
    rule = seen.values[1].split("/")[1]
    number = sum(it.finding.rule == rule for it in told.findings)
    assert seen.values[0] == f"{number:,} of 10,000 findings"


def test_printed_everything_that_blocks_is_open(browser: Browser, tmp_path: Path) -> None:
    told, _ = page_of(10_000)
    blocking = sum(it.blocks for it in told.findings)

    seen = opened(
        browser, tmp_path, 10_000,
        actions=[
            "dispatchEvent(new Event('beforeprint'))", ROWS,
            "document.querySelectorAll('.finding[open] .code').length",
            "dispatchEvent(new Event('afterprint'))", ROWS,
        ],
    )  # fmt: skip

    assert seen.values[1:3] == [blocking, blocking]
    assert seen.values[4] == 100


def test_the_theme_can_be_chosen(browser: Browser, tmp_path: Path) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"

    seen = opened(
        browser, tmp_path, 0,
        actions=[colour, ["selectOption", "#theme", "dark"], colour, ["selectOption", "#theme", ""], colour],
    )  # fmt: skip

    light, dark, again = seen.values
    assert light == again != dark


def test_without_a_script_there_is_something_to_read(browser: Browser, tmp_path: Path) -> None:
    told, files = page_of(10_000)
    file = written(tmp_path, "page", told, files)

    (seen,) = browser.open([{"file": file, "javascript": False, "actions": [ROWS, "document.querySelector('#filters').hidden"]}])  # fmt: skip

    assert seen.values == [50, True]


def test_nothing_is_wider_than_a_telephone(browser: Browser, tmp_path: Path) -> None:
    seen = opened(
        browser, tmp_path, 30, width=360,
        actions=[["click", "#expand"], WAIT, "document.documentElement.scrollWidth"],
    )  # fmt: skip

    assert seen.values == [360]


def test_no_text_runs_or_becomes_an_element_or_is_loaded(browser: Browser, tmp_path: Path) -> None:
    """A dialog, a request, an error of the page's policy: each would be told as an error."""
    jobs = [
        {
            "file": written(tmp_path, str(nth), full_of(text), sources({text: text, "app/main.py": text})),
            "actions": [
                ["click", "#expand"], WAIT,
                "document.querySelectorAll('img, iframe, object, embed, link, base, [onerror], [onload]').length",
                "document.scripts.length", ROWS,
                "[...document.links].filter((it) => !/^(file|https?):/.test(it.href)).length",
            ],
        }
        for nth, text in enumerate(HOSTILE_TEXTS)
    ]  # fmt: skip

    for seen in browser.open(jobs):
        assert seen.errors == []
        assert seen.values == [0, 2, 6, 0]

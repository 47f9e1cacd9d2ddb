"""The HTML report: complete in one file, readable without a script, and safe whatever it shows.

What a browser makes of it is told in tests/acceptance/test_report_page.py.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.model.finding import Measurement, Suppression, Unchecked
from gatekeeper.model.outcome import Failed, Ran, Skipped
from gatekeeper.model.verdict import (
    GateVerdict,
    JudgedUnchecked,
    Report,
    ScannerOutcome,
    VerdictWord,
    WaiverNote,
)
from gatekeeper.model.waiver import Waiver
from gatekeeper.reports.html import HtmlReport
from gatekeeper.reports.html_findings import WITHOUT_SCRIPT
from gatekeeper.reports.interface import Style
from gatekeeper.text.redact import HIDDEN
from tests.fakes.report_pages import page_of
from tests.fakes.reports import HOSTILE_TEXTS, full_of, judged, report, sources
from tests.unit.reports.test_markup import Seen

CODE = {"app/main.py": "import sys\nimport os\n\n\nx = 1\n"}
WAIVER = Waiver(
    "@team", "accepted for now", "2030-01-01", rule="ruff/F401", paths=("app/**",), source="w.yml:3"
)


def page(told: Report, files: dict[str, str] | None = None) -> str:
    return HtmlReport().whole(told, sources(CODE if files is None else files), Style())


def said(told: Report, files: dict[str, str] | None = None) -> str:
    """What is to be read, with single blanks."""
    html = re.sub(r"<(script|style)\b.*?</\1>", "", page(told, files), flags=re.DOTALL)
    return " ".join(Seen(html.replace("<", " <")).said.split())


def embedded(html: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html)
    document: dict[str, Any] = json.loads(text)
    return document


def policy(html: str) -> str:
    (found,) = [
        attributes["content"]
        for name, attributes in Seen(html).elements
        if name == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert found is not None
    return found


def test_the_verdict_comes_before_anything_else() -> None:
    text = said(report([judged()]))

    order = ["Blocked", "1 problem blocks, in 1 gate.", "Against main", "Gates", "Findings", "Run"]
    places = [text.index(it) for it in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("verdict", "word", "sentence"),
    [
        ("pass", "Pass", "Nothing blocks."),
        ("inconclusive", "Inconclusive", "Not everything could be checked, so this is no pass."),
        ("block", "Blocked", "Something that is needed could not be checked"),
    ],
)
def test_each_verdict_has_its_word(verdict: VerdictWord, word: str, sentence: str) -> None:
    text = said(report(gates=[GateVerdict("lint", verdict, "scanner-failed", "so it is")]))

    assert word in text
    assert sentence in text


def test_nothing_is_loaded_and_nothing_runs_but_what_ships() -> None:
    html = page(report([judged()]))

    rules = dict(rule.strip().split(" ", 1) for rule in policy(html).split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == rules["trusted-types"] == "'none'"
    for name, pattern in (
        ("style", r"<style>(.*?)</style>"),
        ("script", r"<script>(.*?)</script>"),
    ):
        (source,) = re.findall(pattern, html, re.DOTALL)
        digest = b64encode(sha256(source.encode()).digest()).decode()
        assert rules[f"{name}-src"] == f"'sha256-{digest}'"
    for _, attributes in Seen(html).elements:
        assert not {"src", "srcset", "style", "action"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
    assert "url(" not in html
    assert "@import" not in html


def test_the_shipped_parts_cannot_end_the_element_they_are_in() -> None:
    html = page(report())

    assert html.count("<script") == html.count("</script") == 2
    assert html.count("<style") == html.count("</style") == 1


def test_a_finding_is_complete_without_a_script() -> None:
    told = report(
        [
            judged(
                line=2, end_line=2, cwe=("CWE-78",), help_url="https://example.org/F401",
                message="`os` imported but unused\nRemove it",
            )
        ]
    )  # fmt: skip

    text = said(told)

    for part in (
        "medium", "app/main.py:2:8", "ruff/F401", "blocks", "new", "os imported but unused",
        "Remove it", "2 import os", "1 import sys", "CWE-78", "gate lint", "confidence high", "f" * 32,
    ):  # fmt: skip
        assert part in text
    elements = Seen(page(told)).elements
    assert ("mark", {"class": "line"}) in elements
    (details,) = [it for name, it in elements if name == "details"]
    assert "open" in details
    assert details["id"] == "f" * 32
    assert [it["href"] for name, it in elements if name == "a" and it.get("rel")] == [
        "https://example.org/F401"
    ]


def test_without_a_script_the_most_important_are_there_and_the_others_are_counted() -> None:
    told = report(
        [
            *[judged(blocks=False, state="existing", path=f"{n}.py") for n in range(500)],
            judged(path="blocking.py"),
        ]
    )

    html = page(told)

    assert Seen(html).elements.count(("mark", {"class": "line"})) == 0
    assert html.count('class="finding"') == WITHOUT_SCRIPT
    assert html.index("blocking.py") < html.index("0.py")
    assert "Without JavaScript this page shows the 50 most important of 501 findings." in said(told)


def test_the_script_gets_every_finding_once_and_in_order() -> None:
    told, files = page_of(2_000)

    data = embedded(HtmlReport().whole(told, files, Style()))

    rows = data["findings"]
    assert len(rows) == 2_000
    assert len({row[0] for row in rows}) == 2_000
    blocks = [row[5] for row in rows]
    assert blocks == sorted(blocks, reverse=True)
    assert sum(blocks) == sum(it.blocks for it in told.findings)
    for row in rows[:50]:
        shown = data["code"][row[6]]
        assert all(str(number) in shown for number in range(row[12], row[13] + 1))


def test_findings_that_share_a_fingerprint_have_addresses_of_their_own() -> None:
    html = page(report([judged(), judged(line=3)]))

    assert [it["id"] for name, it in Seen(html).elements if name == "details"] == [
        "f" * 32, "f" * 32 + "-2",
    ]  # fmt: skip


def test_a_mark_for_missing_lines_never_hides_a_line_of_another_finding() -> None:
    long, short = judged(line=1, end_line=9), judged(line=6, end_line=6)
    code = {"app/main.py": "".join(f"line {n}\n" for n in range(1, 12))}

    for findings in ([long, short], [short, long]):
        (lines,) = embedded(page(report(findings), code))["code"]
        assert lines["6"] == "line 6"


def test_a_secret_is_in_no_part_of_the_page() -> None:
    value = "correct horse battery"
    told = report(
        [
            judged(scanner="bandit", gate="sast", rule="B105", sensitive=True, line=2, end_line=2),
            judged(rule="F841", line=3, end_line=3, message="`x` is never used"),
        ]
    )

    html = page(told, {"app/main.py": f"\npassword = '{value}'\nx = 1\n"})

    assert value not in html
    assert HIDDEN in html


def test_what_was_not_checked_has_a_section_of_its_own() -> None:
    def unchecked(path: str, *, new: bool) -> JudgedUnchecked:
        return JudgedUnchecked(Unchecked("mypy", path, "parse-error", "odd"), "types", new=new)

    told = report(
        outcomes=(
            ScannerOutcome("bandit", "sast", Failed("tool-crashed", "it broke", "try again")),
        ),
        unchecked=(unchecked("new.py", new=True), unchecked("old.py", new=False)),
    )

    text = said(told)

    assert "Not checked bandit tool-crashed it broke try again" in text
    assert "1 file new.py : odd" in text
    assert "1 file, not touched by this change old.py" in text


def test_waivers_and_notes_are_told() -> None:
    told = report(
        [
            judged(state="waived", blocks=False, waiver=WAIVER),
            judged(state="suppressed", suppression=Suppression("noqa", "")),
        ],
        waivers_used=(WAIVER,),
        waivers=(WaiverNote(WAIVER, "expired", "expired yesterday"),),
        notes=("a note",),
    )

    text = said(told)

    assert "Waived until 2030-01-01 by @team: accepted for now (w.yml:3)" in text
    assert "Ignored inline by noqa. It needs a reason behind the directive" in text
    assert "ruff/F401 in app/** expired yesterday 2030-01-01 @team" in text
    assert "ruff/F401 in app/** in use 2030-01-01 @team accepted for now w.yml:3" in text
    assert "Notes a note" in text


def test_the_run_is_told() -> None:
    told = report(
        outcomes=(
            ScannerOutcome("ruff", "lint", Ran(seconds=0.25, scanned_files=3, cached_files=4, tool_version="1.2")),
            ScannerOutcome("mypy", "types", Skipped("not-configured", "mypy is not configured")),
        )
    )  # fmt: skip

    text = said(told)

    assert "ruff lint ran 1.2 7 4 0.2 s" in text
    assert "skipped: mypy is not configured" in text
    for digest in "1234":
        assert digest * 32 in text


def test_coverage_is_drawn_as_far_as_it_was_measured() -> None:
    numbers = (
        Measurement("coverage", "coverage.total", 99.96, "percent"),
        Measurement("coverage", "coverage.diff", 81.25, "percent"),
        Measurement("coverage", "coverage.missed_lines", 1_200, "lines"),
        Measurement("size", "size.changed_lines", 3, "lines"),
    )
    told = report(outcomes=(ScannerOutcome("coverage", "lint", Ran(measurements=numbers)),))

    text = said(told)

    assert "Coverage total 99.96 % changed lines 81.25 % missed lines 1,200 lines" in text
    assert 'aria-label="81.25 %"' in page(told)
    assert "Coverage" not in said(report())


def test_charts_tell_their_numbers_to_those_who_cannot_see_them() -> None:
    told = report(
        [
            *[judged(severity="high", path=f"src/a/{n}.py") for n in range(3)],
            judged(severity="low", path="src/b/x.py", blocks=False),
        ]
    )

    html = page(told)

    assert 'aria-label="3 high, 1 low"' in html
    assert "By folder src/a/ 3 src/b/ 1" in said(told)
    assert "By rule ruff/F401 4" in said(told)
    bars = [it for name, it in Seen(html).elements if name == "svg"]
    assert bars
    assert all(it["role"] == "img" and it["aria-label"] for it in bars)


def test_no_findings_need_no_filters() -> None:
    text = said(report())

    assert "No findings." in text
    assert "Search" not in text
    assert "By severity" not in text


ALLOWED = {
    "a", "body", "button", "code", "dd", "details", "div", "dl", "dt", "form", "h1", "h2", "h3", "head",
    "header", "html", "input", "label", "li", "main", "mark", "meta", "nav", "ol", "option", "output",
    "p", "pre", "rect", "script", "section", "select", "span", "strong", "style", "summary", "svg",
    "table", "tbody", "td", "th", "thead", "title", "tr", "ul",
}  # fmt: skip
# A finding may have an excerpt, a further line or an address, and folders depend on paths; the rest
# is the same.
COUNTED = (
    "details", "summary", "tr", "td", "th", "table", "script", "style", "form", "select", "h1", "h2",
    "section", "ol", "title", "main", "nav",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_the_structure_is_the_same_whatever_the_text(text: str) -> None:
    check(text)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_so_it_is_with_any_text(text: str) -> None:
    check(text)


PLAIN = Counter(name for name, _ in Seen(page(full_of("plain"))).elements)


def check(text: str) -> None:
    html = page(full_of(text), {text: text, "app/main.py": text})
    elements = Seen(html).elements

    found = Counter(name for name, _ in elements)
    assert found.keys() <= ALLOWED
    assert {name: found[name] for name in COUNTED} == {name: PLAIN[name] for name in COUNTED}
    for name, attributes in elements:
        assert not [it for it in attributes if it.startswith("on") or it in ("src", "style")]
        if name == "a":
            assert re.match(r"#|https?://", attributes["href"] or "")
    data = embedded(html)
    assert len(data["findings"]) == 6
    html.encode()  # no half characters


def test_a_folder_gets_one_file() -> None:
    (part,) = HtmlReport().parts(report(), sources())

    assert part.name == "gatekeeper.html"


def test_the_same_report_gives_the_same_bytes() -> None:
    told, files = page_of(30)

    assert HtmlReport().whole(told, files, Style()) == HtmlReport().whole(told, files, Style())


def test_the_first_problems_that_block_are_named_beside_the_verdict() -> None:
    told = report(
        [
            judged(path=f"{nth}.py", fingerprint=f"{nth}" * 32, message=f"no. {nth}")
            for nth in range(8)
        ]
    )

    html = page(told)

    beside = html[html.index("<h1>") : html.index("<nav")]
    links = [it["href"] for name, it in Seen(beside).elements if name == "a"]
    assert links == [*("#" + f"{nth}" * 32 for nth in range(5)), "#findings"]
    assert "and 3 more" in beside
    assert 'class="reasons"' not in page(report([judged(blocks=False)]))

"""Markdown: it fits, it says what did not, and no text in it is more than text.

What GitHub makes of it is judged with a renderer of the same dialect. After that GitHub looks for
mentions, issues, commits and addresses in text that is not code, so there must be none.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from gatekeeper.model.finding import Measurement
from gatekeeper.model.outcome import Failed, Ran
from gatekeeper.model.verdict import GateVerdict, Report, ScannerOutcome, WaiverNote
from gatekeeper.model.waiver import Waiver
from gatekeeper.reports.github_markdown import code, fenced, prose
from gatekeeper.reports.interface import Style
from gatekeeper.reports.markdown import LIMIT, WITH_EXCERPT, MarkdownReport
from tests.fakes.report_pages import page_of
from tests.fakes.reports import HOSTILE_TEXTS, full_of, judged, report, sources

GITHUB = MarkdownIt("gfm-like")
OWN_HTML = re.compile(r"(?:<details><summary>[\w ,()]+</summary>|</details>)\n*")
# What GitHub turns into a mention, an issue, a commit or an address when it stands in plain text.
AUTOLINKED = re.compile(r"@\w|#\d|\bGH-\d|\b[0-9a-f]{7,40}\b|://|www\.|\w@\w|[A-Z]-\d")
CODE = {"app/main.py": "import os\n"}


def page(told: Report, limit: int = LIMIT) -> str:
    return MarkdownReport(limit).whole(told, sources(CODE), Style())


def tokens(markdown: str) -> list[Token]:
    """Every token of the document, those within lines too."""
    return [it for block in GITHUB.parse(markdown) for it in (block, *(block.children or ()))]


def structure(markdown: str) -> list[str]:
    """What the document is made of, but for how often words and code take turns."""
    return [it.type for it in tokens(markdown) if it.type not in ("text", "code_inline", "inline")]


def assert_harmless(markdown: str) -> None:
    for token in tokens(markdown):
        assert token.type not in ("link_open", "image", "html_inline")
        if token.type == "html_block":
            assert OWN_HTML.fullmatch(token.content)
        if token.type == "text":
            assert not AUTOLINKED.search(token.content), token.content


def test_the_verdict_comes_first_then_the_gates() -> None:
    lines = page(report([judged()])).splitlines()

    assert lines[0] == "## Blocked: 1 problem blocks, in 1 gate."
    assert lines[2].startswith("Compared: `the working tree against main (the merge base with main")
    assert "| lint | **block** | findings | 1 | 1 |  |  |  |" in lines


def test_a_blocking_problem_has_its_place_rule_message_and_code() -> None:
    text = page(report([judged(line=1)]))

    assert "- **medium** `app/main.py:1:8` `ruff/F401`\\\n  `os` imported but unused\n" in text
    assert "  ```text\n      1 > import os\n  ```\n" in text


def test_what_is_new_and_does_not_block_is_folded_and_what_is_old_is_counted() -> None:
    text = page(
        report(
            [
                judged(blocks=False, severity="low", message="rather new"),
                *[judged(blocks=False, state="existing", message="rather old")] * 3,
            ]
        )
    )

    assert "<summary>New, does not block (1)</summary>" in text
    assert "rather new" in text
    assert "<summary>Existing, does not block (3)</summary>" in text
    assert "- 3 of `ruff/F401`" in text
    assert "rather old" not in text


def test_what_was_not_checked_is_told_with_the_reason() -> None:
    failed = ScannerOutcome("bandit", "sast", Failed("tool-crashed", "it crashed", "try again"))

    assert "- bandit (tool-crashed): it crashed try again" in page(report(outcomes=(failed,)))


def test_waivers_and_notes_are_told() -> None:
    waiver = Waiver("@team", "accepted for now", "2030-01-01", rule="ruff/F401", source="w.yml:3")
    told = report(
        waivers_used=(waiver,),
        waivers=(WaiverNote(waiver, "expired", "expired yesterday"),),
        notes=("a note",),
    )

    text = page(told)

    assert (
        "- in use: `ruff/F401`, until `2030-01-01`, `@team`: accepted for now (`w.yml:3`)" in text
    )
    assert "- expired: `ruff/F401`" in text
    assert "- note: a note" in text


def test_measurements_are_told() -> None:
    ran = Ran(measurements=(Measurement("coverage", "coverage.total", 81.25, "%"),))

    text = page(report(outcomes=(ScannerOutcome("coverage", "lint", ran),)))

    assert "- `coverage.total`: 81.25 `%`" in text


def test_a_chart_comes_with_several_gates_only() -> None:
    assert "mermaid" not in page(report([judged()]))

    text = page(report([judged(), judged(gate="sast", scanner="bandit")]))

    assert (
        '```mermaid\npie showData title Problems by gate\n  "lint" : 1\n  "sast" : 1\n```' in text
    )


def test_gates_that_had_nothing_to_do_share_a_line() -> None:
    gates = [
        GateVerdict("lint", "pass", "clean", "no problems"),
        GateVerdict("types", "pass", "nothing-to-check", "no type checker"),
        GateVerdict("sast", "pass", "not-in-stage", "later"),
        GateVerdict("secrets", "pass", "nothing-to-check", "no files"),
    ]

    text = page(report(gates=gates))

    assert "| types" not in text
    assert "Nothing to check: types, secrets.\n" in text
    assert "Checked in a later stage: sast.\n" in text


def test_a_flood_fits_and_the_least_important_is_what_is_left_out() -> None:
    many = [
        judged(message=f"{'word ' * 60}{nth}", path=f"{nth}.py", severity=severity)
        for severity in ("low", "critical")
        for nth in range(2_000)
    ]

    text = page(report(many))

    assert LIMIT - 4_000 < len(text.encode()) <= LIMIT
    assert text.count("**critical**") == 2_000
    shown = text.count("- **low**")
    assert 0 < shown < 2_000
    assert f"{2_000 - shown:,} more problems did not fit into this summary: the HTML" in text
    assert_harmless(text)


@pytest.mark.parametrize("limit", [16_384, 65_536, 200_000])
def test_it_fits_whatever_the_limit(limit: int) -> None:
    told, files = page_of(10_000)
    blocking = report([judged(message="word " * 40, path=f"{nth}.py") for nth in range(5_000)])

    for text in (MarkdownReport(limit).whole(told, files, Style()), page(blocking, limit)):
        assert len(text.encode()) <= limit
        assert text.count("```") % 2 == 0
        assert text.count("<details>") == text.count("</details>")


@pytest.mark.parametrize("text", ["\U0001f600" * 3_000, "`` " * 3_000, "\x00" * 3_000])
@pytest.mark.parametrize("limit", [16_384, LIMIT])
def test_it_fits_whatever_the_text(text: str, limit: int) -> None:
    many = [judged(message=text, path=text, rule=text) for _ in range(60)]
    notes = full_of(text)

    told = report(
        many,
        notes=notes.notes * 90,
        waivers_used=notes.waivers_used * 90,
        comparison=notes.comparison,
    )

    written = page(told, limit)
    assert len(written.encode()) <= limit
    assert_harmless(written)


def test_only_the_first_have_code() -> None:
    text = page(report([judged() for _ in range(WITH_EXCERPT + 30)]))

    assert text.count("import os") == WITH_EXCERPT


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_no_text_is_more_than_text(text: str) -> None:
    check(text)


@settings(deadline=None, max_examples=120)
@given(st.text(st.characters(), max_size=60) | st.text("@#w.:/-1a`*_<>[]()!|\\ \n", max_size=40))
def test_so_it_is_with_any_text(text: str) -> None:
    check(text)


def check(text: str) -> None:
    markdown = MarkdownReport().whole(full_of(text), sources({text: text, **CODE}), Style())

    assert_harmless(markdown)
    assert without_code(structure(markdown)) == without_code(structure(page(full_of("plain"))))


def without_code(types: list[str]) -> list[str]:
    """Whether a finding has an excerpt depends on the path, which is what changes here."""
    return [it for it in types if it != "fence"]


@settings(deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_code_is_one_span_that_holds_all_of_it(text: str) -> None:
    (block,) = [it for it in GITHUB.parse(f"a {code(text)} b") if it.type == "inline"]

    assert [it.type for it in block.children or ()] == ["text", "code_inline", "text"]


@settings(deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_prose_says_what_it_was_given(text: str) -> None:
    (block,) = [it for it in GITHUB.parse(f"x {prose(text)}") if it.type == "inline"]

    said = "".join(it.content for it in block.children or ())
    assert re.sub(r"[\s`]|\\x..|\\u....|\\U.{8}|\\[rntf]", "", said).startswith("x")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("`os` imported but unused", "`os` imported but unused"),
        ("see (`a.b`), please.", "see (`a.b`), please."),
        ("at most 80, really", "at most 80, really"),
        ("call @bob about #12", "call `@bob` about `#12`"),
        ("two odd/ones x=1 here", "two `odd/ones x=1` here"),
        ("1. not a list", "`1.` not a list"),
        ("commit deadbeef is old", "commit `deadbeef` is old"),
        ("it's well-known", "it's well-known"),
        ("set `a: {b: c}` in x.yml.", "set `a: {b: c}` in `x.yml.`"),
        ("one ` alone, `@me #1` not", "one `` ` `` alone, `@me #1` not"),
    ],
)
def test_plain_words_stay_words_and_all_else_is_code(message: str, expected: str) -> None:
    assert prose(message) == expected


def test_a_code_block_outlasts_the_fences_in_it() -> None:
    (token,) = GITHUB.parse(fenced(["```", "````", "x"]))

    assert token.type == "fence"
    assert token.content == "```\n````\nx\n"


def test_a_folder_gets_one_file() -> None:
    (part,) = MarkdownReport().parts(report(), sources())

    assert part.name == "gatekeeper.md"


def test_sections_follow_the_reader_s_questions() -> None:
    told, files = page_of(30)

    text = MarkdownReport().whole(told, files, Style())

    order = ["## Blocked", "| Gate |", "### Not checked", "### Blocks", "### Waivers", "### Notes"]
    places = [text.index(it) for it in order]
    assert places == sorted(places)

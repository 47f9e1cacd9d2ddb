"""The comment: short, in the order of importance, never too long, and no text in it is more than text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from gatekeeper.model.finding import Unchecked
from gatekeeper.model.outcome import Failed, Ran
from gatekeeper.model.verdict import (
    GateVerdict,
    JudgedUnchecked,
    Report,
    ScannerOutcome,
    Suggestion,
    WaiverNote,
)
from gatekeeper.model.waiver import Waiver
from gatekeeper.reports.comment import LIMIT, section
from gatekeeper.reports.comment_look import Look, help_link
from gatekeeper.text.codeowners import CodeOwners
from tests.fakes.github import pictures
from tests.fakes.github.pictures import blocked, green
from tests.fakes.report_pages import page_of
from tests.fakes.reports import HOSTILE_TEXTS, finding, full_of, judged, report, sources

GITHUB = MarkdownIt("gfm-like")
OWN_HTML = re.compile(r"(?:<details><summary>[\w ,()]+</summary>|</details>|</?sub>)\n*")
AUTOLINKED = re.compile(r"@\w|#\d|\bGH-\d|\b[0-9a-f]{7,40}\b|://|www\.|\w@\w|[A-Z]-\d")
CODE = {"app/main.py": "import os\nimport sys\n"}
BLOB = "https://github.com/octo/app/blob/abc"
RUN = "https://github.com/octo/app/actions/runs/1"
LOOK = Look(
    BLOB, RUN, "2026-11-27", owners=CodeOwners("* @octo/all\n/app/ @octo/app ann@example.org")
)


def page(told: Report, limit: int = LIMIT, look: Look = LOOK) -> str:
    return section(told, sources(CODE), look, limit)


def tokens(markdown: str) -> list[Token]:
    return [it for block in GITHUB.parse(markdown) for it in (block, *(block.children or ()))]


def assert_harmless(markdown: str) -> None:
    inside = 0
    for token in tokens(markdown):
        assert token.type != "image"
        if token.type in ("html_block", "html_inline"):
            assert OWN_HTML.fullmatch(token.content), token.content
        if token.type == "link_open":
            address = str(token.attrs["href"])
            assert address == RUN or address.startswith((f"{BLOB}/", "https://docs.")), address
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not inside:
            assert not AUTOLINKED.search(token.content), token.content


def test_a_pass_is_one_line() -> None:
    assert page(report()) == "✅ **gatekeeper: pass** — nothing new in 2 changed files.\n\n"


def test_what_decides_comes_first_and_then_the_gates() -> None:
    lines = page(report([judged()])).splitlines()

    assert lines[0] == "⛔ **gatekeeper: blocked** — 1 problem to solve, in 2 changed files."
    assert lines[4] == "| ⛔ | **lint** | problems |  |"


def test_a_problem_has_all_that_is_needed_to_solve_it() -> None:
    text = page(report([judged(help_url="https://docs.astral.sh/ruff/rules/unused-import/")]))

    assert "##### 🟨 `os` imported but unused\n\n" in text
    assert (
        f"[`app/main.py:1:8`]({BLOB}/app/main.py#L1) · **medium** · `ruff/F401` · owned by" in text
    )
    assert "\n\n```python\nimport os\n```\n" in text
    assert "[docs.astral.sh](https://docs.astral.sh/ruff/rules/unused-import/)" in text
    assert "owned by `@octo/app`, `ann@example.org`" in text
    assert "`gatekeeper explain ffffffffffff`" in text


def test_a_safe_fix_is_shown_as_a_difference() -> None:
    fix = Suggestion("app/main.py", 1, 1, "import os.path", ("ruff",))

    text = page(report([judged()], suggestions=(fix,)))

    assert "```diff\n- import os\n+ import os.path\n```" in text
    assert "`gatekeeper check --fix` applies the safe fixes" in text


def test_the_same_found_by_another_tool_is_said_in_a_word() -> None:
    found = judged(also=(finding(scanner="bandit", rule="B602"),))

    assert "· also found by `bandit/B602` ·" in page(report([found]))


def test_a_long_message_is_told_below_its_beginning() -> None:
    text = page(report([judged(message="word " * 100)]))

    title = next(line for line in text.splitlines() if line.startswith("##### "))
    assert len(title) < 200
    assert f"\n\n{'word ' * 99}word\n\n" in text


def test_code_is_shown_without_its_indentation() -> None:
    files = sources({"app/main.py": "    if x:\n        y()\n"})

    assert "```python\nif x:\n    y()\n```" in section(
        report([judged(end_line=2)]), files, LOOK, LIMIT
    )


def test_the_documentation_shows_what_is_written() -> None:
    text = (Path(__file__).parents[3] / "docs/pull-requests.md").read_text(encoding="utf-8")

    assert f"````text\n{section(*blocked(), pictures.LOOK, LIMIT)}````\n" in text
    assert f"```text\n{section(*green(), pictures.LOOK, LIMIT).strip()}\n```\n" in text


def test_a_long_fix_is_cut_between_its_lines() -> None:
    fix = Suggestion("app/main.py", 1, 2, "\n".join("abcdefghijkl"), ("ruff",))

    assert "# and 6 more lines\n```" in page(report([judged()], suggestions=(fix,)))


def test_what_was_not_checked_is_said_with_what_to_do() -> None:
    told = report(
        gates=[GateVerdict("sast", "inconclusive", "scanner-failed", "semgrep: it crashed")],
        outcomes=(
            ScannerOutcome("semgrep", "sast", Failed("tool-crashed", "it crashed", "try again")),
        ),
        unchecked=(
            JudgedUnchecked(
                Unchecked("mypy", "a.py", "parse-error", "line three"), "types", new=True
            ),
            JudgedUnchecked(Unchecked("mypy", "old.py", "parse-error", "old"), "types", new=False),
        ),
    )

    text = page(told)

    assert text.startswith(
        "⚠️ **gatekeeper: inconclusive** — not everything could be checked: sast."
    )
    assert "- ⚠️ **semgrep**: it crashed — try again\n" in text
    assert "- ⚠️ `a.py` by mypy (parse-error): line three\n" in text
    assert "old.py" not in text


def test_waivers_that_soon_expire_are_told_of_before_they_do() -> None:
    near = Waiver("@octo/app", "until the next release", "2026-12-05", rule="bandit/B602")
    far = Waiver("@octo/app", "later", "2027-12-05", rule="bandit/B603")
    never = Waiver("@octo/app", "for good", "never", rule="bandit/B604")
    gone = WaiverNote(Waiver("@x", "r", "2020-01-01", rule="a/b"), "expired", "expired on that day")

    text = page(report(waivers_used=(near, far, never), waivers=(gone,)))

    assert "`bandit/B602` of `@octo/app` expires on `2026-12-05`: until the next release" in text
    assert "`a/b`: expired on that day" in text
    assert "B603" not in text
    assert "B604" not in text


def test_what_was_measured_is_there_to_be_opened() -> None:
    told = report(
        outcomes=(ScannerOutcome("coverage", "coverage", Ran(summary="92 % of new lines")),),
        notes=("this change edits what it is judged by: gatekeeper.yml",),
    )

    text = page(told)

    assert "<summary>Measured and noted</summary>\n\n- **coverage**: 92 % of new lines" in text


def test_a_pass_says_what_was_covered_in_the_same_line() -> None:
    told = report(
        outcomes=(ScannerOutcome("coverage", "coverage", Ran(summary="92.5 % of new lines")),)
    )

    assert page(told) == (
        "✅ **gatekeeper: pass** — nothing new in 2 changed files. 92.5 % of new lines.\n\n"
    )


def test_what_does_not_block_is_folded() -> None:
    text = page(report([judged(blocks=False), judged(blocks=False, line=2)]))

    assert text.startswith("✅ **gatekeeper: pass** — 2 new problems, none of which blocks,")
    assert "<details><summary>2 new problems that do not block</summary>" in text


def test_secrets_are_not_quoted() -> None:
    hidden = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
    files = sources({"app/main.py": f'token = "{hidden}"\n'})
    told = report([judged(sensitive=True, gate="secrets"), judged(rule="E501")])

    assert hidden not in section(told, files, LOOK, LIMIT)


@pytest.mark.parametrize("limit", [4_096, 8_000, 20_000, LIMIT])
@pytest.mark.parametrize("count", [0, 1, 30, 3_000])
def test_it_keeps_to_its_limit_in_whole_parts(count: int, limit: int) -> None:
    told, files = page_of(count) if count else (report(), sources(CODE))

    text = section(told, files, LOOK, limit)

    assert len(text.encode()) <= limit
    assert text.count("<details>") == text.count("</details>")
    assert text.count("```") % 2 == 0
    for token in tokens(text):
        assert token.type != "html_inline" or OWN_HTML.fullmatch(token.content)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_foreign_text_stays_text(text: str) -> None:
    for limit in (LIMIT, 4_096):
        assert_harmless(section(full_of(text), sources({text: text}), LOOK, limit))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_stays_text(text: str) -> None:
    told = full_of(text)
    assert_harmless(section(told, sources({text: text, "app/main.py": text}), LOOK, LIMIT))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "http://docs.example.org/x", "https://docs.example.org/x y",
        "https://docs.example.org/x)[y](https://evil.example", "https://user@docs.example.org/",
        "https://localhost/x", "https://docs.example.org/<b>", "https://docs.example.org:99/x", "",
        'https://docs.example.org/"x', "https://docs.exämple.org/",
    ],
)  # fmt: skip
def test_an_address_that_could_be_more_is_no_link(url: str) -> None:
    assert help_link(url) == ""


@pytest.mark.parametrize("path", ["../../../mallory/app", "a/../b", "/etc/passwd", "a//b", "."])
def test_a_path_that_leads_elsewhere_is_no_link(path: str) -> None:
    assert LOOK.place(path, 1, 1) == ""
    assert LOOK.place("a..b/.c", 1, 1) == f"{BLOB}/a..b/.c#L1"

"""The report for people: what blocks, a line per gate, what was not checked, one verdict."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.model.finding import Suppression, Unchecked
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
from gatekeeper.reports.interface import Style
from gatekeeper.reports.text import TextReport
from gatekeeper.text.redact import HIDDEN
from tests.fakes.reports import HOSTILE, full_of, judged, report, sources

SGR = re.compile(r"\x1b\[[0-9;]*m")
WAIVER = Waiver("@team", "accepted for now", "2030-01-01", rule="ruff/F401", source="w.yml:3")
CODE = {"app/main.py": "import os\n"}


def page(told: Report, files: dict[str, str] | None = None, **style: Any) -> str:
    return TextReport().whole(told, sources(CODE if files is None else files), Style(**style))


def line_with(text: str, *words: str) -> str:
    """The one line that holds all these words."""
    (line,) = [line for line in text.splitlines() if all(word in line for word in words)]
    return line


def gate_line(text: str, gate: str) -> str:
    (line,) = [line for line in text.splitlines() if f"  {gate}  " in line]
    return line


def test_a_blocking_finding_says_where_how_bad_by_which_rule_and_why() -> None:
    text = page(report([judged(cwe=("CWE-78",), help_url="https://example.org/F401")]))

    assert "app/main.py:1:8" in text
    line_with(text, "medium", "ruff/F401", "CWE-78")
    assert "`os` imported but unused" in text
    assert line_with(text, "1 > ").endswith("import os")
    assert "https://example.org/F401" in text


def test_what_does_not_block_is_only_counted() -> None:
    text = page(report([judged(state="existing", fresh=False, blocks=False)]))

    assert "imported but unused" not in text
    assert "1 existing problem does not block" in text


def test_the_worst_comes_first() -> None:
    severities = ("low", "critical", "info", "high", "medium")
    told = report(
        [judged(severity=it, rule=f"rule-{it}", path=f"{it}.py", message=it) for it in severities]
    )

    seen = re.findall(r"ruff/rule-(\w+)", page(told))

    assert list(dict.fromkeys(seen)) == ["critical", "high", "medium", "low", "info"]


def test_a_flood_is_cut_and_says_where_the_rest_is() -> None:
    many = [
        judged(rule=f"R{number}", path=f"{number}.py", message=f"message {number}")
        for number in range(2_000)
    ]

    text = page(report(many))

    assert len(text.splitlines()) < 400
    assert "--format json" in line_with(text, "more")


def test_a_finding_of_the_whole_change_needs_no_file() -> None:
    told = report([judged(path="", line=0, end_line=0, column=0, message="too large")])

    assert "the change as a whole" in page(told)


def test_an_ignore_without_a_reason_says_what_to_do() -> None:
    told = report([judged(state="suppressed", suppression=Suppression("noqa"))])

    assert "without a reason" in page(told)


@pytest.mark.parametrize(
    ("verdict", "mark", "headline"),
    [
        ("pass", "pass", "PASS"),
        ("block", "BLOCK", "BLOCKED"),
        ("inconclusive", "?", "INCONCLUSIVE"),
    ],
)
def test_each_gate_has_a_line_and_the_whole_has_one_verdict(
    verdict: VerdictWord, mark: str, headline: str
) -> None:
    gates = [GateVerdict("lint", verdict, "clean", "so it is")]

    text = page(report(gates=gates))

    assert gate_line(text, "lint").split()[0] == mark
    assert "so it is" in gate_line(text, "lint")
    assert line_with(text, headline).startswith(headline)
    assert "the merge base with main" in text


def test_the_verdict_comes_last_so_that_it_stays_on_the_screen() -> None:
    told = report(notes=("a note",), waivers_used=(WAIVER,))

    text = page(told)

    assert text.index("PASS") > max(text.index("a note"), text.index("accepted for now"))


def test_doubt_is_called_no_pass() -> None:
    gates = [GateVerdict("lint", "inconclusive", "scanner-failed", "ruff: boom")]

    assert "this is no pass" in page(report(gates=gates))


def test_a_failed_scanner_says_why_and_what_to_do() -> None:
    failed = ScannerOutcome("bandit", "sast", Failed("tool-crashed", "boom", "try again"))

    text = page(report(outcomes=(failed,)))

    assert "Not checked" in text
    line_with(text, "bandit", "boom", "tool-crashed", "try again")


def test_a_skipped_scanner_is_no_news() -> None:
    skipped = ScannerOutcome("zizmor", "workflows", Skipped("no-matching-files", "no workflows"))

    assert "zizmor" not in page(report(outcomes=(skipped,)))


def test_files_that_were_not_checked_are_named_when_the_change_answers_for_them() -> None:
    def unchecked(path: str, *, new: bool) -> JudgedUnchecked:
        return JudgedUnchecked(Unchecked("ruff", path, "parse-error", "odd"), "lint", new)

    text = page(report(unchecked=(unchecked("new.py", new=True), unchecked("old.py", new=False))))

    line_with(text, "new.py", "ruff", "odd")
    assert "old.py" not in text
    assert "1 " in line_with(text, "touch", "this change")


def test_waivers_in_use_and_waivers_that_need_attention_are_listed() -> None:
    told = report(
        waivers_used=(WAIVER,),
        waivers=(WaiverNote(WAIVER, "unused", "covers nothing any more: remove it"),),
    )

    text = page(told)

    assert "until 2030-01-01" in text
    assert "@team" in text
    assert "w.yml:3" in text
    assert "unused: ruff/F401 covers nothing any more" in text


def test_a_waiver_for_good_says_so() -> None:
    forever = Waiver("@team", "accepted for good", "never", rule="ruff/F401")

    assert "never expires" in page(report(waivers_used=(forever,)))


def test_time_and_cache_are_told() -> None:
    def told(ran: Ran) -> str:
        return gate_line(page(report(outcomes=(ScannerOutcome("ruff", "lint", ran),))), "lint")

    assert "3 files, 0.2 s" in told(Ran(scanned_files=3, seconds=0.25))
    assert "3 files, cached" in told(Ran(cached_files=3))


def test_a_secret_is_not_shown_by_whoever_points_at_its_line() -> None:
    value = "correct horse battery"
    told = report(
        [
            judged(scanner="bandit", gate="sast", rule="B105", sensitive=True, line=2, end_line=2),
            judged(rule="F841", line=2, end_line=2, message="`password` is never used"),
        ]
    )

    text = page(told, {"app/main.py": f"\n    password = '{value}'\n"})

    assert "ruff/F841" in text
    assert value not in text
    assert HIDDEN in text


@settings(deadline=None)
@given(st.text(st.characters(), max_size=40) | st.just(HOSTILE))
def test_nothing_from_outside_reaches_the_terminal_raw(text: str) -> None:
    shown = page(full_of(text), {text: text, "app/main.py": text})

    assert all(line.isprintable() for line in shown.split("\n"))


@settings(deadline=None)
@given(st.text(st.characters(), max_size=40) | st.just(HOSTILE))
def test_with_colours_the_only_escapes_are_our_own(text: str) -> None:
    shown = page(full_of(text), {text: text, "app/main.py": text}, colour=True)

    assert "\x1b[" in shown
    assert all(line.isprintable() for line in SGR.sub("", shown).split("\n"))


def test_colours_change_nothing_but_the_colour() -> None:
    told = full_of("plain")

    assert SGR.sub("", page(told, colour=True)) == page(told)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_lines_keep_to_the_width(width: int) -> None:
    """But for single words that are too long to fit, such as paths and addresses."""
    told = report(
        [judged(message="a rather long message about a rather small thing " * 4)],
        outcomes=(
            ScannerOutcome("bandit", "sast", Failed("tool-crashed", "it went down " * 9, "go on")),
        ),
        unchecked=(
            JudgedUnchecked(
                Unchecked("ruff", "b.py", "parse-error", "so odd it is " * 9), "lint", new=True
            ),
        ),
        waivers=(WaiverNote(WAIVER, "too-broad", "covers a great many findings " * 4),),
        waivers_used=(WAIVER,),
        notes=("this change edits what it is judged by " * 4,),
        gates=(GateVerdict("lint", "block", "findings", "so many problems " * 9, (0,)),),
    )

    text = page(told, {"app/main.py": "x = 1  # " + "long " * 60}, width=width)

    assert [line for line in text.splitlines() if len(line) > width] == []


@pytest.mark.parametrize("width", [40, 60])
def test_a_passing_verdict_keeps_to_the_width_too(width: int) -> None:
    told = report([judged(state="existing", fresh=False, blocks=False)] * 2)

    text = page(told, width=width)

    assert [line for line in text.splitlines() if len(line) > width] == []
    assert "2 existing problems do not block" in " ".join(text.split())


def test_a_folder_gets_one_file_in_plain_text() -> None:
    (part,) = TextReport().parts(full_of("plain"), sources())

    assert part.name == "gatekeeper.txt"
    assert "\x1b" not in part.text

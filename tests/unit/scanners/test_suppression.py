"""How inline ignores are found, and what counts as a reason."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.finding import Suppression
from gatekeeper.scanners.interface import Prepared, RawFinding
from gatekeeper.scanners.suppression import (
    directive_in,
    files_with,
    reason_in,
    suppressed,
    text_lines,
)
from tests.fakes.scanning import FakeBatch

NOSEC = re.compile(r"#\s*nosec\b")


def finding(line: int, rule: str = "R", message: str = "wrong") -> RawFinding:
    return RawFinding(path="a.py", rule=rule, message=message, severity="low", line=line)


def hidden(visible: list[RawFinding], everything: list[RawFinding]) -> list[int]:
    """The lines of what is visible only when ignores are not honoured."""
    found = suppressed(visible, everything, lambda it: Suppression("noqa", f"line {it.line}"))
    assert all(it.suppression == Suppression("noqa", f"line {it.line}") for it in found)
    return [it.line for it in found]


def test_what_appears_only_without_ignores_is_hidden() -> None:
    assert hidden([finding(1)], [finding(1), finding(2)]) == [2]


def test_two_alike_on_one_line_are_counted() -> None:
    assert hidden([finding(1)], [finding(1), finding(1), finding(1)]) == [1, 1]


def test_another_rule_or_message_on_the_line_is_another_finding() -> None:
    everything = [finding(1, "S"), finding(1, message="other"), finding(1)]

    assert hidden([finding(1)], everything) == [1, 1]


def test_what_ignores_bring_about_is_not_hidden() -> None:
    assert hidden([finding(1), finding(9, "unused-ignore")], [finding(1)]) == []


def test_only_files_with_the_marker_are_asked_about_again() -> None:
    files = {"a.py": b"x  # NoSec\n", "b.py": b"x\n", "c.txt": b"# nosec"}
    batch = FakeBatch(files, Prepared(lambda path: path.endswith(".py"), ""))

    assert files_with(batch, re.compile(rb"nosec", re.IGNORECASE)) == ["a.py"]


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("", ""),
        ("  # noqa: E501", ""),
        ("  # type: ignore[arg-type]", ""),
        ("  # nosec B101  # pragma: no cover", ""),
        ("  # pylint: disable=C0103,W0611", ""),
        ("  # pyright: ignore[reportAny]", ""),
        ("  # ruff: ignore[F401]", ""),
        (" --", ""),
        (" # ok", ""),
        (" # TODO", ""),
        (" JIRA-123", ""),
        (" - the key is public", "the key is public"),
        ("  # noqa: S105 -- it is a placeholder", "it is a placeholder"),
        (" # reviewed", "reviewed"),
        (": für Tests gebraucht", "für Tests gebraucht"),
        (" \u2014 see the docs \u2013", "see the docs"),
        (" # " + "long words " * 100, ("long words " * 100)[:200]),
    ],
)
def test_a_reason_has_words_that_explain(rest: str, reason: str) -> None:
    assert reason_in(rest) == reason


@given(st.text(max_size=60))
def test_a_reason_is_short_and_taken_from_the_line(rest: str) -> None:
    reason = reason_in(rest)

    assert len(reason) <= 200
    assert reason == "" or reason.split()[0] in rest


def test_the_directive_on_the_findings_lines_is_taken() -> None:
    lines = ["# nosec other words", "f(", "  x,  # nosec for this one", ")", "# nosec behind it"]

    assert directive_in(lines, 2, 4, NOSEC, "nosec") == Suppression("nosec", "for this one")


def test_a_comment_elsewhere_explains_something_else() -> None:
    lines = ["f()", "", "# nosec whole file is generated"]

    assert directive_in(lines, 1, 1, NOSEC, "nosec") == Suppression("nosec")


def test_the_line_above_counts_only_where_the_tool_says_so() -> None:
    lines = ["# nosec for good reasons", "f()"]

    assert directive_in(lines, 2, 2, NOSEC, "nosec") == Suppression("nosec")
    above = directive_in(lines, 2, 2, NOSEC, "nosec", above=True)
    assert above == Suppression("nosec", "for good reasons")


def test_the_findings_own_directive_goes_before_the_one_above() -> None:
    lines = ["# nosec for good reasons", "f()  # nosec"]

    assert directive_in(lines, 2, 2, NOSEC, "nosec", above=True) == Suppression("nosec")


@pytest.mark.parametrize(("first", "last"), [(0, 0), (5, 9), (2, 1)])
def test_without_a_directive_the_tools_word_for_it_stands(first: int, last: int) -> None:
    assert directive_in(["f()"], first, last, NOSEC, "nosec") == Suppression("nosec")


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"a\nb\n", ["a", "b", ""]),
        (b"a\r\nb\rc", ["a", "b", "c"]),
        ("a\x0cb\u2028c\x1cd\x85".encode(), ["a\x0cb\u2028c\x1cd\x85"]),
        (b"\xff", ["\ufffd"]),
    ],
)
def test_lines_end_where_tools_end_them(content: bytes, lines: list[str]) -> None:
    assert text_lines(content) == lines

"""What identifies a finding: its content down to the last line, and nothing about its place."""

from __future__ import annotations

from textwrap import indent

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gatekeeper.text.fingerprint import (
    MAX_STATEMENT,
    context_text,
    digest,
    normalise,
    secret_anchor,
    span_text,
    statement_end,
)

# Bits of code that open, close, hide and continue, in any combination.
_BITS = ("a", " ", "(", ")", "[", "]", "{", "}", "'", '"', '"""', "'''", "#", "\\", "\r", ",", "=")
code_lines = st.lists(st.lists(st.sampled_from(_BITS), max_size=6).map("".join), max_size=12)
any_lines = code_lines | st.lists(st.text(max_size=20), max_size=12)
# Statements that end where they seem to.
STATEMENTS = (
    "x = 1",
    "call(1, 2)",
    "call(\n    1,\n    2,\n)",
    "call(\n    \")\",\n    '(',\n)",
    "call(  # not closed here: )\n    1,\n)",
    'call(\n    """\n    a ) in a string\n    """,\n    2,\n)',
    "call('''a\n)\nb''',\n    2,\n)",
    "call(\n    {\n        'a': [1, 2],\n    },\n)",
    "total = 1 + \\\n    call(\n        2,\n    )",
    'text = "a \\" ) b" + call(\n    2,\n)',
    "def f(\n    a: int,\n) -> None:",
    "x = call(\r\n    1,\r\n)\r",
    "x = 1 + \\\r\n    2\r",
)


def lines_of(*parts: str) -> list[str]:
    return "\n".join(parts).split("\n")


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("after", ["", "y = 2", ")", "# comment", '"""text"""'])
def test_a_statement_ends_with_its_last_line(statement: str, after: str) -> None:
    lines = lines_of("before = 0", statement, after)

    assert statement_end(lines, 2, 2) == 1 + len(statement.split("\n"))


@pytest.mark.parametrize(
    ("text", "line", "end_line", "end"),
    [
        ("x = 1", 1, 1, 1),
        ("x = 1\ny = 2\nz = 3", 1, 2, 2),
        # In the middle of a call: the line itself, and no further than the call.
        ("call(\n    1,\n    2,\n)\ny = 3", 2, 2, 2),
        ("call(\n    1,\n    two(\n        3),\n)\ny = 3", 3, 3, 4),
        ("call(\n    1\n)\ny = 3", 3, 3, 3),
        ("call(1,\n     2)\ny = (3,\n     4)", 2, 2, 2),
        # A string in triple quotes that the tool gave in full, brackets inside and behind.
        ('x = """\n)\n(\n""" % (\n    1,\n)\ny = 2', 1, 4, 6),
        # The last line of such a string is no first line.
        ('x = """\na\n"""\ny = 2\nz = 3', 3, 3, 3),
        ("# a comment that ends in \\\ny = 2", 1, 1, 1),
    ],
)
def test_where_a_finding_ends(text: str, line: int, end_line: int, end: int) -> None:
    assert statement_end(lines_of(text), line, end_line) == end


@pytest.mark.parametrize("length", [MAX_STATEMENT, MAX_STATEMENT + 1])
def test_very_long_statements_end_where_the_tool_says(length: int) -> None:
    lines = ["call(", *["    1,"] * (length - 1), ")", "after = 1"]

    assert statement_end(lines, 1, 3) == (length + 1 if length <= MAX_STATEMENT else 3)


@settings(deadline=None)
@given(any_lines, st.data())
def test_the_end_stays_within_bounds(lines: list[str], data: st.DataObject) -> None:
    assume(lines)
    line = data.draw(st.integers(1, len(lines)))
    end_line = data.draw(st.integers(line, len(lines)))

    end = statement_end(lines, line, end_line)

    assert end_line <= end <= len(lines)
    assert end <= max(end_line, line + MAX_STATEMENT)


@settings(deadline=None)
@given(any_lines, st.integers(-1, 15), st.integers(-1, 15), st.booleans())
def test_any_place_has_a_text(lines: list[str], line: int, end_line: int, python: bool) -> None:
    text = span_text(lines, line, end_line, python=python)

    assert text == normalise(text)
    if not 1 <= line <= len(lines):
        assert text == ""
    context_text(lines, line, end_line)


places = st.tuples(code_lines, code_lines, st.sampled_from(STATEMENTS), st.booleans())


@settings(deadline=None)
@given(places, st.integers(0, 3))
def test_a_span_stays_the_same_wherever_it_stands_and_however_deep(
    place: tuple[list[str], list[str], str, bool], depth: int
) -> None:
    before, after, statement, python = place
    count = len(statement.split("\n"))
    alone = span_text(lines_of(statement), 1, count, python=python)

    lines = [*before, *lines_of(indent(statement, "    " * depth)), *after]

    assert alone == normalise(statement)
    assert span_text(lines, len(before) + 1, len(before) + count, python=python) == alone


@settings(deadline=None)
@given(places, st.integers(0, 3))
def test_of_python_the_first_line_is_enough(
    place: tuple[list[str], list[str], str, bool], depth: int
) -> None:
    before, after, statement, _ = place

    lines = [*before, *lines_of(indent(statement, "\t" * depth)), *after]

    found = span_text(lines, len(before) + 1, len(before) + 1, python=True)
    assert found == normalise(statement)


@settings(deadline=None)
@given(any_lines, st.data(), st.text(" \t", max_size=3), any_lines, any_lines)
def test_spans_of_other_languages_never_depend_on_what_stands_around(
    lines: list[str], data: st.DataObject, deeper: str, before: list[str], after: list[str]
) -> None:
    assume(lines)
    first = data.draw(st.integers(1, len(lines)))
    last = data.draw(st.integers(first, len(lines)))
    moved = [*before, *(deeper + line for line in lines), *after]

    assert span_text(moved, len(before) + first, len(before) + last, python=False) == span_text(
        lines, first, last, python=False
    )


@pytest.mark.parametrize("statement", [it for it in STATEMENTS if "2" in it])
def test_a_changed_argument_changes_the_span(statement: str) -> None:
    before, after = lines_of(statement), lines_of(statement.replace("2", "3"))

    assert span_text(before, 1, 1, python=True) != span_text(after, 1, 1, python=True)


def test_surroundings_are_the_nearest_lines_that_say_something() -> None:
    lines = ["a", "b", "", "  c", "here", "", "here, too", "\t", "d  d", "e", "f"]

    assert context_text(lines, 5, 7) == "b\nc\n\nd d\ne"
    assert context_text(lines, 1, 1) == "\nb\nc"
    assert context_text(lines, 11, 99) == "d d\ne\n"
    assert context_text(lines, 0, 0) == context_text(lines, 12, 12) == ""


@settings(deadline=None)
@given(st.lists(st.text()), st.lists(st.text()))
def test_a_digest_tells_lists_of_texts_apart(one: list[str], other: list[str]) -> None:
    assert (digest(*one) == digest(*other)) is (one == other)
    assert len(digest(*one)) == 32


class TestSecretAnchor:
    def test_holds_the_text_around_but_not_the_value(self) -> None:
        anchor = secret_anchor("  key = 'open sesame'  # door", 9, 20)

        assert "sesame" not in anchor
        assert anchor.startswith("key = ' \u2022 ' # door ")

    def test_another_value_is_another_secret(self) -> None:
        assert secret_anchor("k=one", 2, 5) != secret_anchor("k=two", 2, 5)

    def test_indentation_does_not_matter(self) -> None:
        assert secret_anchor("k=one", 2, 5) == secret_anchor("\t k=one", 4, 7)

    @settings(deadline=None)
    @given(st.text(max_size=30), st.text(max_size=30))
    def test_tells_no_more_than_twenty_bits(self, one: str, other: str) -> None:
        """Five hex digits: a million values share each anchor with billions of others."""
        shown = [secret_anchor(f"k={value}", 2, 2 + len(value)) for value in (one, other)]

        assert [anchor[:-5] for anchor in shown] == ["k= \u2022 "] * 2
        assert all(len(anchor) == 10 for anchor in shown)

"""Names for people: nothing printed can move the cursor, and nothing misspelt is a dead end."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.text.names import did_you_mean, nearest, plural, printable

# Other, unassigned, control, format, surrogate; separators but for the plain blank.
_INVISIBLE = ("C", "Zl", "Zp")


@given(st.text(st.characters()))
def test_no_control_character_and_no_escape_sequence_gets_through(text: str) -> None:
    shown = printable(text)

    assert shown.isprintable()
    assert not [char for char in shown if unicodedata.category(char).startswith(_INVISIBLE)]
    shown.encode()


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a b-c_d.py", "a b-c_d.py"),
        ("Größe ✓ 漢字 🙂", "Größe ✓ 漢字 🙂"),
        ("two\nlines", r"two\nlines"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\x9b2J", r"\x9b2J"),
        ("right\u202eleft", r"right\u202eleft"),
        ("caf\udce9.py", r"caf\xe9.py"),
        ("\u2028", r"\u2028"),
        ("\0", r"\x00"),
    ],
)
def test_what_would_not_show_is_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("lnt", ("lint", "format", "secrets"), "lint"),
        ("secret", ("lint", "format", "secrets"), "secrets"),
        ("jsn", ("text", "json", "sarif"), "json"),
        ("zzz", ("lint", "format"), ""),
        ("lint", (), ""),
    ],
)
def test_the_nearest_name_is_found_if_any_is_near(
    word: str, known: tuple[str, ...], found: str
) -> None:
    assert nearest(word, known) == found


def test_a_remedy_names_the_nearest_and_all() -> None:
    assert did_you_mean("lnt", ["lint", "format"]) == "did you mean 'lint'? known: format, lint"
    assert did_you_mean("zzz", ["lint", "format"]) == "known: format, lint"


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [
        (0, "file", "0 files"),
        (1, "file", "1 file"),
        (2, "file", "2 files"),
        (12_345, "file", "12,345 files"),
        (2, "branch", "2 branches"),
        (1, "box", "1 box"),
        (2, "box", "2 boxes"),
        (2, "class", "2 classes"),
    ],
)
def test_counts_are_words(count: int, noun: str, text: str) -> None:
    assert plural(count, noun) == text

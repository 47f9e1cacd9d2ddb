"""Fingerprints of lines, as GitHub's upload action computes them.

The expected values are those that the action's own tests have, github/codeql-action (MIT).
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.text.line_hash import line_hashes

END = "c129715d7a2bc9a3:1"
GREETING = " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [END]),
        (" a\nb\n  \t\tc\n d", [
            "271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1",
        ]),
        (GREETING, [
            "e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", END,
        ]),
    ],
)  # fmt: skip
def test_they_are_githubs(text: str, expected: list[str]) -> None:
    assert line_hashes(text) == expected


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_the_kind_of_line_ends_plays_no_part(end: str) -> None:
    assert line_hashes(GREETING.replace("\n", end)) == line_hashes(GREETING)


def test_lines_that_are_followed_by_the_same_are_counted() -> None:
    found = line_hashes("x = 1\n" * 60)

    assert found[0].endswith(":1")
    assert found[1] == found[0].replace(":1", ":2")


@given(st.text())
def test_every_line_has_one(text: str) -> None:
    assert len(line_hashes(text)) == len(re.split(r"\r\n|\r|\n", text))

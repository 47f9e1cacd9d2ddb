"""A tool's own words about a rule, on a page that ends where a paragraph does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.explain.page import _LONGEST, _end_of_page

EXAMPLE = ["Example", "```python", "x = 1", "", "y = 2", "```", ""]


def test_what_fits_is_shown_to_its_end() -> None:
    rows = ["a", ""] * (_LONGEST // 2)

    assert _end_of_page(rows) == len(rows)


def test_an_example_that_does_not_fit_is_left_out_as_a_whole() -> None:
    rows = [*["words"] * (_LONGEST - 5), "", *EXAMPLE, "more"]

    assert rows[_end_of_page(rows)] == ""
    assert "```python" not in rows[: _end_of_page(rows)]


def test_what_announces_an_example_goes_with_it() -> None:
    rows = ["one", "", *["words"] * (_LONGEST - 8), "", "Use instead:", "", *EXAMPLE]

    assert rows[: _end_of_page(rows)][-1] == "words"


@given(st.lists(st.sampled_from(["", "words", "such as:", "```", "    code"]), max_size=90))
def test_a_page_is_never_longer_and_never_empty(rows: list[str]) -> None:
    end = _end_of_page(rows)

    assert end == len(rows) <= _LONGEST or 0 < end <= _LONGEST

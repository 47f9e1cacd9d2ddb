"""Ranges of npm, with the examples of its own documentation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.managers.npm_ranges import npm_allows


@pytest.mark.parametrize(
    ("wanted", "version", "allowed"),
    [
        ("1.2.3", "1.2.3", True),
        ("=v1.2.3", "1.2.4", False),
        ("1.2.7 || >=1.2.9 <2.0.0", "1.2.8", False),
        ("1.2.7 || >=1.2.9 <2.0.0", "1.4.6", True),
        (">= 1.2.7 < 1.3", "1.2.99", True),
        ("1.2.3 - 2.3.4", "2.3.4", True),
        ("1.2 - 2.3.4", "1.2.0", True),
        ("1.2.3 - 2.3", "2.3.9", True),
        ("1.2.3 - 2", "3.0.0", False),
        ("", "1.0.0", True),
        ("*", "0.0.0", True),
        (">=*", "1.0.0", True),
        (">*", "1.0.0", False),
        ("1.x", "1.9.9", True),
        ("1.2.x", "1.3.0", False),
        ("1", "2.0.0", False),
        ("~1.2.3", "1.2.9", True),
        ("~1.2.3", "1.3.0", False),
        ("~>1", "1.9.0", True),
        ("~0.2", "0.2.9", True),
        ("^1.2.3", "1.9.0", True),
        ("^1.2.3", "2.0.0", False),
        ("^0.2.3", "0.2.9", True),
        ("^0.2.3", "0.3.0", False),
        ("^0.0.3", "0.0.4", False),
        ("^1.2.x", "1.3.0", True),
        ("^0.0.x", "0.0.9", True),
        ("^0.0", "0.1.0", False),
        ("^0.x", "0.9.0", True),
        (">1.2", "1.2.9", False),
        (">1.2", "1.3.0", True),
        ("<=1.2", "1.2.9", True),
        ("<1.2", "1.2.0-alpha", False),
        # Pre-releases are let in by those who name one of the same version.
        ("*", "1.0.0-rc.1", False),
        (">1.2.3-alpha.3", "1.2.3-alpha.7", True),
        (">1.2.3-alpha.3", "3.4.5-alpha.9", False),
        (">1.2.3-alpha.3", "3.4.5", True),
        ("^1.2.3-beta.2", "1.2.3-beta.4", True),
        ("^1.2.3-beta.2", "1.2.3-beta.1", False),
        ("^1.2.3-beta.2", "1.2.4-beta.2", False),
        ("^2.0.0", "2.0.0-rc.1", False),
        ("latest", "1.0.0", None),
        ("^1.2.3.4", "1.0.0", None),
        ("^1.0.0", "1.0", None),
        ("1" * 300, "1.0.0", None),
    ],
)
def test_as_npm_reads_them(wanted: str, version: str, allowed: bool | None) -> None:
    assert npm_allows(wanted, version) is allowed


_NUMBERS = st.tuples(*[st.integers(0, 12)] * 3).map(lambda it: ".".join(map(str, it)))


@given(_NUMBERS, _NUMBERS)
def test_a_caret_lies_between_a_tilde_and_no_bound(low: str, version: str) -> None:
    if npm_allows(f"~{low}", version) and not low.startswith("0."):
        assert npm_allows(f"^{low}", version)
    if npm_allows(f"^{low}", version):
        assert npm_allows(f">={low}", version)


@given(st.text(max_size=30), st.text(max_size=15))
def test_whatever_is_written_has_an_answer(wanted: str, version: str) -> None:
    assert npm_allows(wanted, version) in (True, False, None)

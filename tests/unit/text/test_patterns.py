"""Expressions that wait until they are used."""

from __future__ import annotations

import re

import pytest

from gatekeeper.text.patterns import compiled_when_used, regex


def test_it_is_compiled_at_its_first_use_and_is_the_same_then() -> None:
    one = regex(r"(?P<word>a+)", re.IGNORECASE)

    assert one.sub("b", "xAAx") == "xbx"
    assert one.pattern == r"(?P<word>a+)"
    found = one.search("AA")
    assert found is not None
    assert found["word"] == "AA"


def test_a_mistake_shows_at_the_first_use() -> None:
    wrong = regex("(")

    with pytest.raises(re.error):
        wrong.match("")


def test_modules_that_load_meanwhile_wait_as_well_and_nobody_else_does() -> None:
    before = re.compile
    with compiled_when_used():
        theirs = re.compile("(")
        own = regex("a")
        # Used while the other stands in: it is compiled by the real one.
        assert own.match("a")
        with compiled_when_used():
            pass
        assert re.compile("b").match("b")

    assert re.compile is before
    with pytest.raises(re.error):
        theirs.match("")
    with pytest.raises(re.error):
        re.compile("(")


def test_an_error_puts_the_real_one_back() -> None:
    before = re.compile
    with pytest.raises(ImportError), compiled_when_used():
        raise ImportError

    assert re.compile is before

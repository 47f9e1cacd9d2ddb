"""Expressions that are compiled when they are used."""

from __future__ import annotations

import re

import pytest

from gatekeeper.text.patterns import regex


def test_it_is_what_compile_gives() -> None:
    later = regex(r"(a+)(b)?", re.IGNORECASE)

    assert later.pattern == r"(a+)(b)?"
    match = later.fullmatch("AAb")
    assert match is not None
    assert match.groups() == ("AA", "b")


def test_one_can_be_used_while_all_others_are_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML is imported like that, and git's answers are read in another thread meanwhile."""
    later = regex(r"[0-9]+")
    monkeypatch.setitem(vars(re), "compile", regex)

    assert later.findall("1 22") == ["1", "22"]

"""Spans of versions as people write them: comparisons, separated by commas, that all hold."""

from __future__ import annotations

import re
from typing import cast

from gatekeeper.advisories.versions import bound_of, key_of
from gatekeeper.model.dependency import Ecosystem

_COMPARISON = re.compile(r"(<=|>=|==|!=|<|>)\s*(\S+)")


def span_problem(ecosystem: str, text: str) -> str:
    """What is wrong with a span; empty when nothing is."""
    for part in text.split(","):
        found = _COMPARISON.fullmatch(part.strip())
        if found is None:
            return f"{part.strip()!r} is no comparison"
        if bound_of(cast(Ecosystem, ecosystem), found[2]) is None:
            return f"{found[2]!r} is no version that {ecosystem} can order"
    return ""


def within(ecosystem: str, version: str, text: str) -> bool:
    """Whether a version satisfies every comparison; one that cannot be ordered satisfies none."""
    it = cast(Ecosystem, ecosystem)
    key = key_of(it, version)
    if key is None:
        return False
    for part in text.split(","):
        found = _COMPARISON.fullmatch(part.strip())
        bound = bound_of(it, found[2]) if found else None
        if found is None or bound is None:
            return False
        less, same = key.full < bound.full, key.full == bound.full
        holds = {
            "<": less, "<=": less or same, "==": same, "!=": not same,
            ">=": not less, ">": not less and not same,
        }  # fmt: skip
        if not holds[found[1]]:
            return False
    return True

"""Spans of versions as people write them: comparisons, separated by commas, that all hold."""

from __future__ import annotations

from gatekeeper.text.patterns import regex

_COMPARISON = regex(r"(<=|>=|==|!=|<|>)\s*([^\s,<>=!]+)")


def comparisons(text: str) -> list[tuple[str, str]]:
    """Operators with versions, as in `>=1.0, <2.0`. Errors: ValueError for what is none."""
    found: list[tuple[str, str]] = []
    for part in text.split(","):
        match = _COMPARISON.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"{part.strip()!r} is no comparison")
        found.append((match[1], match[2]))
    return found

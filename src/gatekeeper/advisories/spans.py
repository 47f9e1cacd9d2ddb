"""Whether a version lies in a span, as its ecosystem orders versions."""

from __future__ import annotations

from typing import cast

from gatekeeper.advisories.versions import bound_of, key_of
from gatekeeper.model.dependency import Ecosystem
from gatekeeper.text.spans import comparisons


def within(ecosystem: str, version: str, text: str) -> bool:
    """Whether a version satisfies every comparison; what cannot be ordered satisfies none."""
    it = cast(Ecosystem, ecosystem)
    key = key_of(it, version)
    if key is None:
        return False
    for operator, other in comparisons(text):
        bound = bound_of(it, other)
        if bound is None:
            return False
        less, same = key.full < bound.full, key.full == bound.full
        holds = {
            "<": less, "<=": less or same, "==": same, "!=": not same,
            ">=": not less, ">": not less and not same,
        }  # fmt: skip
        if not holds[operator]:
            return False
    return True

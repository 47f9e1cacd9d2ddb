"""How severe a vulnerability is: CVSS base scores, and words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from gatekeeper.model.finding import SEVERITIES, Severity

_WORDS: dict[str, Severity] = {
    "none": "info",
    "informational": "info",
    "negligible": "info",
    "info": "info",
    "low": "low",
    "unimportant": "low",
    "minor": "low",
    "medium": "medium",
    "moderate": "medium",
    "high": "high",
    "important": "high",
    "major": "high",
    "critical": "critical",
}
_LONGEST_VECTOR = 400


class Rating(NamedTuple):
    """`score` and `vector` are there when somebody gave a vector."""

    severity: Severity
    score: float | None = None
    vector: str = ""


def rate(severities: Iterable[tuple[str, str]]) -> Rating | None:
    """The highest rating; None when nobody gave one that makes sense.

    A score says more than a word, and CVSS 3 and 4 say more than CVSS 2.
    """
    current: list[Rating] = []
    old: list[Rating] = []
    words: list[Rating] = []
    for kind, value in severities:
        if kind.startswith("CVSS"):
            score = base_score(value)
            if score is not None:
                found = Rating(severity_of(score), score, value)
                (current if value.startswith("CVSS:") else old).append(found)
        elif word := _WORDS.get(value.strip().lower()):
            words.append(Rating(word))
    for ratings in (current, old, words):
        if ratings:
            return max(ratings, key=lambda it: (SEVERITIES.index(it.severity), it.score or 0))
    return None


def severity_of(score: float) -> Severity:
    """The word for a score, by the scale of CVSS 3 and 4."""
    if score >= 9:
        return "critical"
    if score >= 7:
        return "high"
    if score >= 4:
        return "medium"
    return "low" if score > 0 else "info"


@lru_cache(maxsize=65_536)
def base_score(vector: str) -> float | None:
    """The base score of a CVSS 2, 3 or 4 vector; None for anything else."""
    from cvss import CVSS2, CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    if len(vector) > _LONGEST_VECTOR:
        return None
    try:
        if vector.startswith("CVSS:4"):
            # Version 4 has one score; without the other metrics it is that of the base.
            base = "/".join(it for it in vector.split("/") if it.partition(":")[0] in _BASE_4)
            return float(CVSS4(base).base_score)
        if vector.startswith("CVSS:3"):
            return float(CVSS3(vector).base_score)
        return float(CVSS2(vector).base_score)
    except CVSSError:
        return None


_BASE_4 = ("CVSS", "AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA")

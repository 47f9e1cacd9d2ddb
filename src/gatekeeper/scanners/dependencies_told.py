"""Findings about dependencies with what identifies them, and which of them a change brings in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from gatekeeper.model.dependency import Dependency
from gatekeeper.model.finding import Confidence, Severity
from gatekeeper.scanners.interface import RawFinding


class Told(Struct, frozen=True):
    """A finding with what identifies it. `always`: it blocks, whoever brought it in."""

    finding: RawFinding
    identity: str
    always: bool = False

    @property
    def place(self) -> tuple[str, str]:
        """The file and the identity."""
        return self.finding.path, self.identity


def finding_about(
    it: Dependency,
    rule: str,
    message: str,
    severity: Severity,
    confidence: Confidence = "high",
    what: str = "",
) -> Told:
    """A finding about a dependency, at its line, whatever its version; `what` tells kinds apart."""
    identity = " ".join(word for word in (rule, what, f"{it.ecosystem}:{it.name}") if word)
    raw = RawFinding(
        path=it.place.path,
        rule=rule,
        message=message,
        severity=severity,
        confidence=confidence,
        line=it.place.line,
        end_line=it.place.line,
        anchor=identity,
        subject=f"{it.ecosystem}:{it.name}@{it.version}",
    )
    return Told(raw, identity)


def finding_in(
    path: str,
    rule: str,
    message: str,
    severity: Severity,
    confidence: Confidence = "high",
    what: str = "",
) -> Told:
    """A finding about all of a file."""
    identity = f"{rule} {what}"
    raw = RawFinding(
        path=path,
        rule=rule,
        message=message,
        severity=severity,
        confidence=confidence,
        line=0,
        end_line=0,
        anchor=identity,
    )
    return Told(raw, identity)


def surplus(findings: Sequence[Told], base: Sequence[Told]) -> list[bool]:
    """For each finding whether head has more of it than the base, its own file first."""
    new = [True] * len(findings)
    places = Counter(it.place for it in base)
    for index, it in enumerate(findings):
        if places[it.place] > 0:
            places[it.place] -= 1
            new[index] = False
    elsewhere: Counter[str] = Counter()
    for place, count in places.items():
        elsewhere[place[1]] += count
    for index, it in enumerate(findings):
        if new[index] and elsewhere[it.identity] > 0:
            elsewhere[it.identity] -= 1
            new[index] = False
    return new

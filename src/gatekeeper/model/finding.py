"""What a scanner found, and what it could not look at."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Severity = Literal["info", "low", "medium", "high", "critical"]
Confidence = Literal["low", "medium", "high"]
State = Literal["new", "existing", "waived", "suppressed"]

SEVERITIES: tuple[Severity, ...] = ("info", "low", "medium", "high", "critical")
CONFIDENCES: tuple[Confidence, ...] = ("low", "medium", "high")

UncheckedReason = Literal[
    "parse-error",
    "undecodable",
    "too-large",
    "timeout",
    "unreadable",
    "changed-during-check",
    "not-reported",
    # Of dependencies; see OpenReason.
    "unpinned",
    "not-on-index",
    "private",
    "vcs",
    "url",
    "path",
    "unsupported-ecosystem",
    "no-advisories",
    "invalid-version",
    "service-unavailable",
]


class Suppression(Struct, frozen=True, array_like=True):
    """An inline ignore in the source: the directive as written, and the reason beside it."""

    directive: str
    reason: str = ""


class Introduced(Struct, frozen=True, array_like=True):
    """When something came into the history: the commit, its author's date (ISO 8601), the blob.

    `versions` is in how many blobs it is; `current`: one of them is in HEAD. The commit is empty
    for what is in none.
    """

    commit: str
    date: str
    blob: str
    versions: int
    current: bool


class Finding(Struct, frozen=True, array_like=True):
    """One problem at one place.

    `line` and `end_line` count from 1; 0 means the finding has no place in the file. `column`
    counts from 1; 0 is unknown. `fingerprint` identifies the content (never the place), so it
    survives shifts, renames and re-indentation; two identical problems share it. `context` is a
    hash of the lines around, used only to tell which of several equal ones is which.
    `sensitive` asks reports to hide literals in the excerpt. `subject` is what the finding is
    about, when that is a dependency: `ecosystem:name@version`. `introduced` is told of what was
    found in the history.
    """

    scanner: str
    rule: str
    severity: Severity
    confidence: Confidence
    path: str
    line: int
    end_line: int
    column: int
    message: str
    fingerprint: str
    context: str = ""
    cwe: tuple[str, ...] = ()
    help_url: str = ""
    suppression: Suppression | None = None
    sensitive: bool = False
    subject: str = ""
    introduced: Introduced | None = None


class Unchecked(Struct, frozen=True, array_like=True):
    """A file, or one thing in it, that a scanner could not judge. Not checked is never clean.

    `subject` names the thing, when it is not all of the file. Line 0 is unknown.
    """

    scanner: str
    path: str
    reason: UncheckedReason
    message: str
    subject: str = ""
    line: int = 0


class Measurement(Struct, frozen=True):
    """A number a scanner measured, such as `size.changed_lines`."""

    scanner: str
    name: str
    value: float
    unit: str


# There can be many thousands of findings.
_SEVERITY = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_CONFIDENCE = {confidence: rank for rank, confidence in enumerate(CONFIDENCES)}


def at_least(severity: Severity, floor: Severity) -> bool:
    """Whether `severity` reaches `floor`."""
    return _SEVERITY[severity] >= _SEVERITY[floor]


def sure_enough(confidence: Confidence, floor: Confidence) -> bool:
    """Whether `confidence` reaches `floor`."""
    return _CONFIDENCE[confidence] >= _CONFIDENCE[floor]

"""Code excerpts that show no secret."""

from __future__ import annotations

from gatekeeper.model.finding import Finding
from gatekeeper.model.verdict import Report
from gatekeeper.reports.interface import Sources
from gatekeeper.text.names import printable
from gatekeeper.text.redact import HIDDEN, hide_literals, redact

MOST_LINES = 5
_KEY_BEGINS = "-----BEGIN "
_KEY_ENDS = "-----END "


def secret_lines(report: Report) -> frozenset[tuple[str, int]]:
    """Every place a sensitive finding points at: other findings there must not show it either."""
    return frozenset(
        (judged.finding.path, line)
        for judged in report.findings
        if judged.finding.sensitive
        for line in range(judged.finding.line, judged.finding.end_line + 1)
    )


def excerpt(
    finding: Finding, sources: Sources, secrets: frozenset[tuple[str, int]]
) -> list[tuple[int, str, bool]]:
    """Lines of the finding as (number, text, whether it is the finding's own line)."""
    if not (finding.path and finding.line):
        return []
    lines = sources.lines(finding.path)
    keys = _key_lines(lines)
    last = min(finding.end_line, finding.line + MOST_LINES - 1, len(lines))
    shown: list[tuple[int, str, bool]] = []
    for number in range(finding.line, last + 1):
        text = lines[number - 1].expandtabs(4).rstrip()
        if "\ufffd" in text or "\0" in text:
            return []  # binary: nothing a reader could use
        hide = hide_literals if (finding.path, number) in secrets else redact
        shown.append((number, HIDDEN if number in keys else printable(hide(text)), True))
    if shown and finding.end_line > last:
        shown.append((last + 1, "…", False))
    return shown


def _key_lines(lines: list[str]) -> frozenset[int]:
    """Lines of private keys in PEM form: scanners point at the first one, the others leak too."""
    found: set[int] = set()
    inside = False
    for number, line in enumerate(lines, 1):
        if _KEY_BEGINS in line:
            inside = "PRIVATE KEY" in line
        if inside:
            found.add(number)
        if _KEY_ENDS in line:
            inside = False
    return frozenset(found)

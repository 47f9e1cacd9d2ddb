"""Code excerpts that show no secret."""

from __future__ import annotations

from gatekeeper.model.finding import Finding
from gatekeeper.model.verdict import Report
from gatekeeper.reports.interface import Sources
from gatekeeper.text.names import printable
from gatekeeper.text.redact import hide_literals, redact

MOST_LINES = 5


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
    last = min(finding.end_line, finding.line + MOST_LINES - 1, len(lines))
    shown: list[tuple[int, str, bool]] = []
    for number in range(finding.line, last + 1):
        text = lines[number - 1].expandtabs(4).rstrip()
        if "\ufffd" in text or "\0" in text:
            return []  # binary: nothing a reader could use
        hidden = (finding.path, number) in secrets
        shown.append((number, printable(hide_literals(text) if hidden else redact(text)), True))
    if shown and finding.end_line > last:
        shown.append((last + 1, "…", False))
    return shown

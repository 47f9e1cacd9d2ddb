"""Code excerpts that show no secret."""

from __future__ import annotations

from gatekeeper.model.finding import Finding
from gatekeeper.model.verdict import Report
from gatekeeper.reports.interface import Sources
from gatekeeper.text.names import printable
from gatekeeper.text.redact import HIDDEN, hide_literals, redact

MOST_LINES = 5
CUT = "…"


def secret_lines(report: Report) -> frozenset[tuple[str, int]]:
    """Every place a sensitive finding points at: other findings there must not show it either."""
    return frozenset(
        (finding.path, line)
        for judged in report.findings
        for finding in (judged.finding, *judged.also)
        if finding.sensitive
        for line in range(finding.line, finding.end_line + 1)
    )


def excerpt(
    finding: Finding,
    sources: Sources,
    secrets: frozenset[tuple[str, int]],
    around: int = 0,
) -> list[tuple[int, str, bool]]:
    """Lines of the finding as (number, text, whether it is the finding's own line).

    `around` asks for so many lines before and after it, too; blank ones at the ends are left out.
    """
    if not (finding.path and finding.line):
        return []
    lines = sources.lines(finding.path)
    if finding.line > len(lines):
        return []
    keys = sources.key_lines(finding.path)
    last = min(finding.end_line, finding.line + MOST_LINES - 1, len(lines))
    whole = finding.end_line <= last
    shown: list[tuple[int, str, bool]] = []
    for number in range(
        max(1, finding.line - around), min(last + (around if whole else 0), len(lines)) + 1
    ):
        text = lines[number - 1].expandtabs(4).rstrip()
        own = finding.line <= number <= last
        if "\ufffd" in text or "\0" in text:
            if own:
                return []  # binary: nothing a reader could use
            continue
        hide = hide_literals if (finding.path, number) in secrets else redact
        shown.append((number, HIDDEN if number in keys else printable(hide(text)), own))
    while shown and not (shown[0][1] or shown[0][2]):
        del shown[0]
    while shown and not (shown[-1][1] or shown[-1][2]):
        del shown[-1]
    if not whole and shown:
        shown.append((last + 1, CUT, False))
    return shown

"""The findings as data for the page's script: small, since names, messages and lines come once."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from gatekeeper.model.finding import CONFIDENCES, Severity
from gatekeeper.model.verdict import Judged
from gatekeeper.reports.excerpt import CUT, excerpt
from gatekeeper.reports.interface import Sources
from gatekeeper.reports.markup import lines
from gatekeeper.reports.overview import STATES, WORST_FIRST, also_by, rule_of
from gatekeeper.text.names import printable

AROUND = 2
# Text of excerpts that goes into a page; beyond it findings come without one.
_MOST_TEXT = 12_000_000
_LONGEST_LINE = 400
_LONGEST_MESSAGE = 4_000


class Row(Struct, frozen=True, kw_only=True):
    """A finding as the page shows it: everything in it is printable, nothing is escaped."""

    id: str
    blocks: bool
    severity: Severity
    state: str
    gate: str
    rule: str
    path: str
    line: int
    end_line: int
    column: int
    message: str
    remark: str
    fingerprint: str
    confidence: str
    cwe: tuple[str, ...]
    help_url: str
    code: tuple[tuple[int, str, bool], ...]


def place_of(row: Row) -> str:
    """Where it is, as far as it is known."""
    if not row.path:
        return "the change as a whole"
    line = f":{row.line}" if row.line else ""
    return f"{row.path}{line}{f':{row.column}' if line and row.column else ''}"


class Encoded(Struct, frozen=True):
    """All findings for the script, and as rows for readers without it."""

    json: str
    rows: tuple[Row, ...]


class _Table:
    """Texts by number; equal ones share theirs."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, ...], int] = {}

    def at(self, *item: str) -> int:
        return self.items.setdefault(item, len(self.items))


def encode(
    findings: Sequence[Judged], sources: Sources, secrets: frozenset[tuple[str, int]]
) -> Encoded:
    """The findings in the order given."""
    rows = _rows(findings, sources, secrets)
    gates, rules, paths, messages, remarks = (_Table() for _ in range(5))
    code: list[dict[str, str]] = []
    packed: list[list[int | str]] = []
    for row in rows:
        path = paths.at(row.path)
        if path == len(code):
            code.append({})
        # A mark for missing lines is no line: another finding may have the real one there.
        lines_shown = [(number, text) for number, text, _ in row.code if text != CUT]
        code[path].update({str(number): text for number, text in lines_shown})
        packed.append(
            [
                row.id,
                rules.at(row.rule, row.help_url, " ".join(row.cwe)),
                gates.at(row.gate),
                WORST_FIRST.index(row.severity),
                STATES.index(row.state),
                int(row.blocks),
                path,
                row.line,
                row.end_line,
                row.column,
                messages.at(row.message),
                remarks.at(row.remark),
                lines_shown[0][0] if lines_shown else 0,
                lines_shown[-1][0] if lines_shown else 0,
                CONFIDENCES.index(row.confidence),
            ]
        )
    document = {
        "severities": WORST_FIRST,
        "states": STATES,
        "confidences": CONFIDENCES,
        "gates": [name for (name,) in gates.items],
        "rules": list(rules.items),
        "paths": [name for (name,) in paths.items],
        "messages": [name for (name,) in messages.items],
        "remarks": [name for (name,) in remarks.items],
        "code": code,
        "findings": packed,
    }
    return Encoded(_inert(msgspec.json.encode(document).decode()), tuple(rows))


def _inert(json: str) -> str:
    """JSON that cannot end the element it is in, nor be taken for a comment or an entity."""
    for char in "<>&\u2028\u2029":
        json = json.replace(char, f"\\u{ord(char):04x}")
    return json


def _rows(
    findings: Sequence[Judged], sources: Sources, secrets: frozenset[tuple[str, int]]
) -> list[Row]:
    rows: list[Row] = []
    seen: dict[str, int] = {}
    room = _MOST_TEXT
    for judged in findings:
        finding = judged.finding
        nth = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        code: tuple[tuple[int, str, bool], ...] = ()
        if room > 0:
            code = tuple(
                (number, text[:_LONGEST_LINE], own)
                for number, text, own in excerpt(finding, sources, secrets, AROUND)
            )
            room -= sum(len(text) for _, text, _ in code)
        mark = printable(finding.fingerprint)
        rows.append(
            Row(
                id=mark if nth == 1 else f"{mark}-{nth}",
                blocks=judged.blocks,
                severity=finding.severity,
                state=judged.state,
                gate=judged.gate,
                rule=printable(rule_of(finding)),
                path=printable(finding.path),
                line=finding.line,
                end_line=max(finding.line, finding.end_line),
                column=finding.column,
                message=lines(finding.message)[:_LONGEST_MESSAGE] or printable(finding.rule),
                remark=_remark(judged),
                fingerprint=mark,
                confidence=finding.confidence,
                cwe=tuple(map(printable, finding.cwe)),
                help_url=printable(finding.help_url)
                if finding.help_url.startswith(("https://", "http://"))
                else "",
                code=code,
            )
        )
    return rows


def _remark(judged: Judged) -> str:
    """What somebody decided about the finding, and who else found it."""
    also = f"Also found by {also_by(judged)}." if judged.also else ""
    return " ".join(it for it in (_decided(judged), printable(also)) if it)


def _decided(judged: Judged) -> str:
    if waiver := judged.waiver:
        until = "for good" if waiver.expires == "never" else f"until {waiver.expires}"
        return printable(f"Waived {until} by {waiver.owner}: {waiver.reason} ({waiver.source})")
    if ignored := judged.finding.suppression:
        reason = f": {ignored.reason}" if ignored.reason else ""
        missing = ". It needs a reason behind the directive" if judged.blocks else ""
        return printable(f"Ignored inline by {ignored.directive}{reason}{missing}")
    return ""

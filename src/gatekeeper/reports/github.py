"""Annotations, as commands to the Actions runner: `::error file=…,line=…::message`.

The runner keeps ten of each level per step, and drops the others in the order in which they come.
So the ten most important are chosen here, and the rest is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from gatekeeper.model.finding import Finding, at_least
from gatekeeper.model.verdict import Judged, Report
from gatekeeper.reports.interface import Rendered, Sources, Style
from gatekeeper.reports.overview import WORST_FIRST, failures, one_line, rule_of
from gatekeeper.text.names import plural, printable

PER_LEVEL = 10
LONGEST_MESSAGE = 4_096
_LONGEST_TITLE = 200
Level = Literal["error", "warning", "notice"]
LEVELS: tuple[Level, ...] = ("error", "warning", "notice")


class GithubReport:
    """One command per line. No text from elsewhere can begin a line, so none can be a command."""

    def whole(self, report: Report, sources: Sources, style: Style) -> str:
        lines: list[str] = []
        left: list[str] = []
        for level in LEVELS:
            commands = list(_commands(level, report))
            lines += commands[:PER_LEVEL]
            if len(commands) > PER_LEVEL:
                left.append(plural(len(commands) - PER_LEVEL, f"more {level}"))
        if left:
            lines.append(
                f"{', '.join(left)}: GitHub shows {PER_LEVEL} annotations of each level; the job"
                " summary and the other reports have the rest"
            )
        return "".join(f"{line}\n" for line in lines)

    def parts(self, report: Report, sources: Sources) -> list[Rendered]:
        return [Rendered("gatekeeper-annotations.txt", self.whole(report, sources, Style()))]


def inert(text: str, token: str) -> str:
    """Lines that the runner shows and does not obey.

    It takes commands of the form `::name::` after any blanks, and `##[name]` in the middle of a
    line. `token` ends it, so nobody may be able to guess it.
    """
    return f"::stop-commands::{token}\n{text}::{token}::\n"


def data(text: str) -> str:
    """Text as the data of a command: on one line, cut to what the runner keeps."""
    return _cut(printable(text), LONGEST_MESSAGE).replace("%", "%25")


def value(text: str) -> str:
    """Text as the value of a property."""
    return printable(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def level_of(judged: Judged) -> Level | None:
    """Error: it blocks. Warning, notice: new, and blocks not. What is old annotates nothing: the
    change did not bring it in, and its author should not have to look for his own among it."""
    if judged.blocks:
        return "error"
    if judged.state != "new":
        return None
    return "warning" if at_least(judged.finding.severity, "medium") else "notice"


def _commands(level: Level, report: Report) -> Iterator[str]:
    """All annotations of this level, the most important first."""
    inconclusive = {gate.id for gate in report.gates if gate.verdict != "pass"}
    for item, failed in failures(report):
        if level == ("error" if item.gate in inconclusive else "warning"):
            remedy = f"; {failed.remedy}" if failed.remedy else ""
            title = value(f"not checked: {item.scanner}")
            yield f"::{level} title={title}::{data(one_line(failed.message + remedy))}"
    for gate in report.gates:
        if level == "error" and gate.reason_code == "files-not-checked" and gate.verdict != "pass":
            yield f"::error title={value(f'not checked: {gate.id}')}::{data(gate.message)}"
    for judged in _spread([it for it in report.findings if level_of(it) == level]):
        yield _command(level, judged.finding)


def _spread(findings: Sequence[Judged]) -> list[Judged]:
    """The worst first; among equally bad ones each rule's first in a file before its second.

    So one rule broken forty times in one file does not take all the places there are.
    """
    in_order = sorted(findings, key=lambda it: (it.finding.path, it.finding.line, it.finding.rule))
    seen: dict[tuple[str, str, str], int] = {}
    keyed: list[tuple[int, int, Judged]] = []
    for judged in in_order:
        finding = judged.finding
        kind = (finding.scanner, finding.rule, finding.path)
        seen[kind] = nth = seen.get(kind, 0) + 1
        keyed.append((WORST_FIRST.index(finding.severity), nth, judged))
    return [judged for *_, judged in sorted(keyed, key=lambda key: key[:2])]


def _command(level: Level, finding: Finding) -> str:
    properties = []
    if finding.path:
        properties.append(f"file={value(finding.path)}")
        if finding.line:
            last = max(finding.line, finding.end_line)
            properties += [f"line={finding.line}", f"endLine={last}"]
            if finding.column and last == finding.line:
                properties.append(f"col={finding.column}")
    title = _cut(f"{rule_of(finding)} ({finding.severity})", _LONGEST_TITLE)
    properties.append(f"title={value(title)}")
    return f"::{level} {','.join(properties)}::{data(one_line(finding.message) or finding.rule)}"

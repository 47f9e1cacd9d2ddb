"""What the reports for people have in common: an order, counts, and the verdict in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from gatekeeper.model.finding import Finding, Measurement, Severity, State, Unchecked
from gatekeeper.model.outcome import Failed, Ran
from gatekeeper.model.policy import GateId
from gatekeeper.model.verdict import GateReason, GateVerdict, Judged, Report, ScannerOutcome
from gatekeeper.text.names import plural

WORST_FIRST: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")
STATES: tuple[State, ...] = ("new", "existing", "waived", "suppressed")
IDLE: dict[GateReason, str] = {
    "nothing-to-check": "Nothing to check",
    "not-in-stage": "Checked in a later stage",
}
HEADLINE = {"pass": "Pass", "block": "Blocked", "inconclusive": "Inconclusive"}  # nosec B105 - no password


def also_by(judged: Judged) -> str:
    """The rules of other scanners that found it, too; empty when there are none."""
    return ", ".join(dict.fromkeys(rule_of(it) for it in judged.also))


def importance(judged: Judged) -> tuple[bool, int, int, str, int, int, str]:
    """A sort key: what blocks, then what is new, then what is worst, then as files are read."""
    finding = judged.finding
    return (
        not judged.blocks,
        STATES.index(judged.state),
        WORST_FIRST.index(finding.severity),
        finding.path,
        finding.line,
        finding.column,
        finding.rule,
    )


def noun_of(left: Sequence[Unchecked]) -> str:
    """What could not be checked: files, or dependencies in them."""
    return (
        "dependency" if any(":" in it.subject and " " not in it.subject for it in left) else "file"
    )


def place_of(it: Unchecked) -> str:
    """The file, with the line when it is known."""
    return f"{it.path}:{it.line}" if it.line else it.path


def ranked(findings: Iterable[Judged]) -> list[Judged]:
    """The most important first."""
    return sorted(findings, key=importance)


class Counts(Struct):
    """How many findings there are, by what became of them, and of those that count, how bad."""

    blocking: int = 0
    new: int = 0
    existing: int = 0
    waived: int = 0
    suppressed: int = 0
    severities: dict[Severity, int] = {}

    @property
    def open(self) -> int:
        """Neither waived nor ignored."""
        return self.new + self.existing

    def add(self, judged: Judged) -> None:
        """One more."""
        self.blocking += judged.blocks
        setattr(self, judged.state, getattr(self, judged.state) + 1)
        if judged.blocks or judged.state in ("new", "existing"):
            severity = judged.finding.severity
            self.severities[severity] = self.severities.get(severity, 0) + 1


def count(findings: Iterable[Judged]) -> Counts:
    """All of them together."""
    counts = Counts()
    for judged in findings:
        counts.add(judged)
    return counts


def count_by_gate(report: Report) -> dict[GateId, Counts]:
    """Counts for every gate of the report, in its order."""
    gates = {gate.id: Counts() for gate in report.gates}
    for judged in report.findings:
        gates.setdefault(judged.gate, Counts()).add(judged)
    return gates


def headline(report: Report) -> str:
    """The verdict in a sentence or two, in words of our own only."""
    blocking = sum(judged.blocks for judged in report.findings)
    if report.verdict == "inconclusive":
        return "Not everything could be checked, so this is no pass."
    if report.verdict == "pass":
        return "Nothing blocks."
    if not blocking:
        return "Something that is needed could not be checked, and the policy lets that block."
    gates = sum(bool(gate.blocking) for gate in report.gates)
    verb = "blocks" if blocking == 1 else "block"
    unsure = sum(gate.verdict == "inconclusive" for gate in report.gates)
    more = f" {plural(unsure, 'gate')} could not be judged." if unsure else ""
    return f"{plural(blocking, 'problem')} {verb}, in {plural(gates, 'gate')}.{more}"


def idle_gates(gates: Iterable[GateVerdict]) -> list[str]:
    """A sentence for each reason to have nothing to do, with the gates it holds for."""
    groups: dict[str, list[str]] = {}
    for gate in gates:
        if gate.reason_code in IDLE:
            groups.setdefault(IDLE[gate.reason_code], []).append(gate.id)
    return [f"{why}: {', '.join(names)}." for why, names in groups.items()]


def compared(report: Report) -> str:
    """What was compared with what, and why. Names come from the repository: escape it."""
    comparison = report.comparison
    if not comparison.base:
        return f"{comparison.head} ({comparison.why})"
    return (
        f"{comparison.head} against {comparison.base} ({comparison.why};"
        f" {plural(comparison.changed_files, 'changed file')})"
    )


def place(finding: Finding) -> str:
    """`path:line:column`, as far as it is known. The path comes from the repository: escape it."""
    if not finding.path:
        return "the change as a whole"
    line = f":{finding.line}" if finding.line else ""
    return f"{finding.path}{line}{f':{finding.column}' if line and finding.column else ''}"


def rule_of(finding: Finding) -> str:
    """`scanner/rule`, as waivers name it."""
    return f"{finding.scanner}/{finding.rule}"


def one_line(message: str) -> str:
    """Its lines joined."""
    return " ".join(message.split())


def failures(report: Report) -> list[tuple[ScannerOutcome, Failed]]:
    """The scanners that should have run and could not."""
    return [(it, it.outcome) for it in report.outcomes if isinstance(it.outcome, Failed)]


def measurements(report: Report) -> list[Measurement]:
    """Every number measured."""
    return [
        number
        for item in report.outcomes
        if isinstance(item.outcome, Ran)
        for number in item.outcome.measurements
    ]


def most(counted: dict[str, int], limit: int) -> list[tuple[str, int]]:
    """The largest first, then by name."""
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:limit]


def folders(paths: Sequence[str], limit: int) -> list[tuple[str, int]]:
    """Where they are: folders with how many below each, the fullest first.

    A folder that holds more than half of all is shown by what is in it, so that a project with
    one top folder is told more than its own name. `folder/*` are files right in a folder.
    """
    groups: dict[str, list[str]] = {"": list(paths)}
    while paths:
        name = max(groups, key=lambda name: (len(groups[name]), name))
        if name.endswith("*") or (name and len(groups[name]) * 2 <= len(paths)):
            break
        split: dict[str, list[str]] = {}
        for path in groups[name]:
            part, slash, _ = path[len(name) :].partition("/")
            split.setdefault(f"{name}{part}/" if slash else f"{name}*", []).append(path)
        if name and split.keys() == {f"{name}*"}:
            break  # all of them are right in it
        del groups[name]
        groups.update(split)
    return most({name: len(inside) for name, inside in groups.items() if inside}, limit)

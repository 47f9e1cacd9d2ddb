"""The JSON report: versioned, documented by a generated schema, the same for the same inputs."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct

from gatekeeper.model.account import Account, AccountStatus, Imported
from gatekeeper.model.dependency import Ecosystem, Scope
from gatekeeper.model.finding import Confidence, Finding, Severity, State, UncheckedReason
from gatekeeper.model.outcome import Failed, FailReason, Ran, Skipped, SkipReason
from gatekeeper.model.policy import GateId
from gatekeeper.model.verdict import GateReason, Report, VerdictWord, WaiverProblem
from gatekeeper.reports.interface import Rendered, Sources, Style
from gatekeeper.text.names import printable
from gatekeeper.version import VERSION

SCHEMA_VERSION: Literal["1.0"] = "1.0"


class GateDoc(Struct, frozen=True, kw_only=True):
    """One gate's verdict and the fingerprints that block it."""

    id: GateId
    verdict: VerdictWord
    reason_code: GateReason
    message: str
    blocking: tuple[str, ...]


class OutcomeDoc(Struct, frozen=True, kw_only=True):
    """How one scanner ended. `seconds`, `cached_files` and `scanned_files` differ between runs."""

    scanner: str
    gate: GateId
    status: Literal["ran", "skipped", "failed"]
    reason_code: Literal["ok"] | SkipReason | FailReason
    message: str
    remedy: str
    seconds: float
    cached_files: int
    scanned_files: int
    tool_version: str


class SuppressionDoc(Struct, frozen=True):
    """An inline ignore."""

    directive: str
    reason: str


class WaiverDoc(Struct, frozen=True, kw_only=True):
    """A waiver."""

    target: str
    paths: tuple[str, ...]
    owner: str
    reason: str
    expires: str
    source: str


class AlsoDoc(Struct, frozen=True, kw_only=True):
    """What another scanner found: the same weakness at the same place."""

    scanner: str
    rule: str
    severity: Severity
    confidence: Confidence
    line: int
    message: str
    fingerprint: str
    help_url: str


class FindingDoc(Struct, frozen=True, kw_only=True):
    """One finding. Lines and columns count from 1; 0 is unknown."""

    scanner: str
    gate: GateId
    rule: str
    severity: Severity
    confidence: Confidence
    path: str
    line: int
    end_line: int
    column: int
    message: str
    fingerprint: str
    state: State
    blocks: bool
    cwe: tuple[str, ...]
    help_url: str
    subject: str
    suppression: SuppressionDoc | None
    waiver: WaiverDoc | None
    also_found_by: tuple[AlsoDoc, ...]


class UncheckedDoc(Struct, frozen=True, kw_only=True):
    """A file that a scanner could not judge. `new`: the change has to answer for it."""

    scanner: str
    gate: GateId
    path: str
    line: int
    subject: str
    reason_code: UncheckedReason
    message: str
    new: bool


class DependencyDoc(Struct, frozen=True, kw_only=True):
    """One dependency at one place. `via` leads to it from what the project asks for itself."""

    scanner: str
    ecosystem: Ecosystem
    name: str
    version: str
    path: str
    line: int
    status: AccountStatus
    reason_code: str
    message: str
    direct: bool | None
    scope: Scope
    via: tuple[str, ...]
    vulnerabilities: tuple[str, ...]
    fixed: str
    imported: Imported


class MeasurementDoc(Struct, frozen=True, kw_only=True):
    """A number."""

    scanner: str
    name: str
    value: float
    unit: str


class WaiverNoteDoc(Struct, frozen=True, kw_only=True):
    """A waiver that needs attention."""

    waiver: WaiverDoc
    problem: WaiverProblem
    message: str


class ComparisonDoc(Struct, frozen=True, kw_only=True):
    """What was compared with what."""

    head: str
    base: str
    why: str
    changed_files: int


class DigestsDoc(Struct, frozen=True, kw_only=True):
    """Identity of everything the verdict rests on."""

    tree: str
    base: str
    policy: str
    tools: str


class ReportDoc(Struct, frozen=True, kw_only=True):
    """The same inputs give the same bytes, but for `seconds`, `cached_files`, `scanned_files`."""

    schema_version: Literal["1.0"]
    gatekeeper_version: str
    verdict: VerdictWord
    stage: str
    comparison: ComparisonDoc
    gates: tuple[GateDoc, ...]
    outcomes: tuple[OutcomeDoc, ...]
    findings: tuple[FindingDoc, ...]
    unchecked: tuple[UncheckedDoc, ...]
    dependencies: tuple[DependencyDoc, ...]
    measurements: tuple[MeasurementDoc, ...]
    waivers_used: tuple[WaiverDoc, ...]
    waiver_notes: tuple[WaiverNoteDoc, ...]
    notes: tuple[str, ...]
    digests: DigestsDoc
    seconds: float


class JsonReport:
    """One document, whole or in a folder."""

    def whole(self, report: Report, sources: Sources, style: Style) -> str:
        return encode(document(report))

    def parts(self, report: Report, sources: Sources) -> list[Rendered]:
        return [Rendered("gatekeeper.json", encode(document(report)))]


def encode(doc: Any) -> str:
    """Indented JSON with a final newline."""
    return msgspec.json.format(msgspec.json.encode(doc), indent=2).decode() + "\n"


def report_schema() -> dict[str, Any]:
    """The JSON Schema of this report."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "gatekeeper-report-1.schema.json",
        "title": "gatekeeper report",
        **msgspec.json.schema(ReportDoc),
    }


def document(report: Report) -> ReportDoc:
    """The report as its public types."""
    return ReportDoc(
        schema_version=SCHEMA_VERSION,
        gatekeeper_version=VERSION,
        verdict=report.verdict,
        stage=report.stage,
        comparison=ComparisonDoc(
            head=text(report.comparison.head),
            base=text(report.comparison.base),
            why=text(report.comparison.why),
            changed_files=report.comparison.changed_files,
        ),
        gates=tuple(_gate(report, index) for index in range(len(report.gates))),
        outcomes=tuple(_outcome(report, index) for index in range(len(report.outcomes))),
        findings=tuple(_finding(report, index) for index in range(len(report.findings))),
        unchecked=tuple(
            UncheckedDoc(
                scanner=item.unchecked.scanner,
                gate=item.gate,
                path=text(item.unchecked.path),
                line=item.unchecked.line,
                subject=text(item.unchecked.subject),
                reason_code=item.unchecked.reason,
                message=text(item.unchecked.message),
                new=item.new,
            )
            for item in report.unchecked
        ),
        dependencies=tuple(
            _dependency(outcome.scanner, it)
            for outcome in report.outcomes
            if isinstance(outcome.outcome, Ran)
            for it in outcome.outcome.accounts
        ),
        measurements=tuple(
            MeasurementDoc(scanner=it.scanner, name=it.name, value=it.value, unit=it.unit)
            for outcome in report.outcomes
            if isinstance(outcome.outcome, Ran)
            for it in outcome.outcome.measurements
        ),
        waivers_used=tuple(map(_waiver, report.waivers_used)),
        waiver_notes=tuple(
            WaiverNoteDoc(waiver=_waiver(it.waiver), problem=it.problem, message=text(it.message))
            for it in report.waivers
        ),
        notes=tuple(map(text, report.notes)),
        digests=DigestsDoc(
            tree=report.comparison.tree_digest,
            base=report.comparison.base_digest,
            policy=report.policy_digest,
            tools=report.tools_digest,
        ),
        seconds=round(report.seconds, 3),
    )


def text(value: str) -> str:
    """Text that is valid UTF-8: undecodable bytes of a path become `\\xNN`."""
    if value.isprintable():
        return value
    return "".join(printable(char) if "\ud800" <= char <= "\udfff" else char for char in value)


def _dependency(scanner: str, it: Account) -> DependencyDoc:
    return DependencyDoc(
        scanner=scanner,
        ecosystem=it.ecosystem,
        name=text(it.name),
        version=text(it.version),
        path=text(it.place.path),
        line=it.place.line,
        status=it.status,
        reason_code=it.reason,
        message=text(it.message),
        direct=it.direct,
        scope=it.scope,
        via=tuple(map(text, it.via)),
        vulnerabilities=tuple(map(text, it.vulnerabilities)),
        fixed=text(it.fixed),
        imported=it.imported,
    )


def _gate(report: Report, index: int) -> GateDoc:
    gate = report.gates[index]
    return GateDoc(
        id=gate.id,
        verdict=gate.verdict,
        reason_code=gate.reason_code,
        message=text(gate.message),
        blocking=tuple(report.findings[at].finding.fingerprint for at in gate.blocking),
    )


def _outcome(report: Report, index: int) -> OutcomeDoc:
    item = report.outcomes[index]
    outcome = item.outcome
    ran = outcome if isinstance(outcome, Ran) else Ran()
    status: Literal["ran", "skipped", "failed"] = "ran"
    reason: Literal["ok"] | SkipReason | FailReason = "ok"
    message, remedy = ran.summary, ""
    seconds = ran.seconds
    if isinstance(outcome, Skipped):
        status, reason, message = "skipped", outcome.reason, outcome.message
    elif isinstance(outcome, Failed):
        status, reason, message, remedy = "failed", outcome.reason, outcome.message, outcome.remedy
        seconds = outcome.seconds
    return OutcomeDoc(
        scanner=item.scanner,
        gate=item.gate,
        status=status,
        reason_code=reason,
        message=printable(message),
        remedy=printable(remedy),
        seconds=round(seconds, 3),
        cached_files=ran.cached_files,
        scanned_files=ran.scanned_files,
        tool_version=text(ran.tool_version),
    )


def _finding(report: Report, index: int) -> FindingDoc:
    judged = report.findings[index]
    finding = judged.finding
    ignored = finding.suppression
    return FindingDoc(
        scanner=finding.scanner,
        gate=judged.gate,
        rule=text(finding.rule),
        severity=finding.severity,
        confidence=finding.confidence,
        path=text(finding.path),
        line=finding.line,
        end_line=finding.end_line,
        column=finding.column,
        message=text(finding.message),
        fingerprint=finding.fingerprint,
        state=judged.state,
        blocks=judged.blocks,
        cwe=tuple(map(text, finding.cwe)),
        help_url=text(finding.help_url),
        subject=text(finding.subject),
        suppression=SuppressionDoc(text(ignored.directive), text(ignored.reason))
        if ignored
        else None,
        waiver=_waiver(judged.waiver) if judged.waiver else None,
        also_found_by=tuple(map(_also, judged.also)),
    )


def _also(finding: Finding) -> AlsoDoc:
    return AlsoDoc(
        scanner=finding.scanner,
        rule=text(finding.rule),
        severity=finding.severity,
        confidence=finding.confidence,
        line=finding.line,
        message=text(finding.message),
        fingerprint=finding.fingerprint,
        help_url=text(finding.help_url),
    )


def _waiver(waiver: Any) -> WaiverDoc:
    return WaiverDoc(
        target=text(waiver.target),
        paths=tuple(map(text, waiver.paths)),
        owner=text(waiver.owner),
        reason=text(waiver.reason),
        expires=text(waiver.expires),
        source=text(waiver.source),
    )

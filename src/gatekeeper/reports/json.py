"""The JSON report: versioned, documented by a generated schema, the same for the same inputs."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from gatekeeper.model.account import Account
from gatekeeper.model.advice import Advice
from gatekeeper.model.finding import Finding
from gatekeeper.model.outcome import Failed, FailReason, Ran, Skipped, SkipReason
from gatekeeper.model.verdict import Report
from gatekeeper.reports.interface import Rendered, Sources, Style
from gatekeeper.reports.json_types import (
    SCHEMA_VERSION,
    AdviceDoc,
    AlsoDoc,
    ComparisonDoc,
    DependencyDoc,
    DigestsDoc,
    FindingDoc,
    GateDoc,
    IntroducedDoc,
    MeasurementDoc,
    OutcomeDoc,
    ReportDoc,
    StepDoc,
    SuggestionDoc,
    SuppressionDoc,
    UncheckedDoc,
    WaiverDoc,
    WaiverNoteDoc,
)
from gatekeeper.text.names import printable
from gatekeeper.version import VERSION


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
        project=text(report.project),
        suggestions=tuple(
            SuggestionDoc(
                path=text(it.path),
                line=it.line,
                end_line=it.end_line,
                text=text(it.text),
                removes=it.removes,
                by=it.by,
            )
            for it in report.suggestions
        ),
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
        advice=_advice(it.advice) if it.advice else None,
    )


def _advice(it: Advice) -> AdviceDoc:
    return AdviceDoc(
        kind=it.kind,
        steps=tuple(StepDoc(name=text(step.name), version=text(step.version)) for step in it.steps),
        fixed=text(it.fixed),
        path=text(it.path),
        proof=it.proof,
        untried=text(it.untried),
        command=text(it.command),
        message=text(it.message),
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
        fresh=judged.fresh,
        sensitive=finding.sensitive,
        also_found_by=tuple(map(_also, judged.also)),
        introduced=_introduced(finding),
    )


def _introduced(finding: Finding) -> IntroducedDoc | None:
    it = finding.introduced
    if it is None:
        return None
    return IntroducedDoc(
        commit=text(it.commit),
        author_date=text(it.date),
        blob=text(it.blob),
        versions=it.versions,
        current=it.current,
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

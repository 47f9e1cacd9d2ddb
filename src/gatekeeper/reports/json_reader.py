"""A JSON report read back, so that what was judged in one job can be told by another.

It may come from anywhere: sizes and the schema are checked, and all of its text is text.
"""

from __future__ import annotations

import msgspec

from gatekeeper.errors import UsageError
from gatekeeper.model.account import Account
from gatekeeper.model.advice import Advice, Step
from gatekeeper.model.dependency import Place
from gatekeeper.model.finding import Finding, Introduced, Measurement, Suppression, Unchecked
from gatekeeper.model.outcome import Failed, FailReason, Outcome, Ran, Skipped, SkipReason
from gatekeeper.model.verdict import (
    Comparison,
    GateVerdict,
    Judged,
    JudgedUnchecked,
    Report,
    ScannerOutcome,
    Suggestion,
    WaiverNote,
)
from gatekeeper.model.waiver import Waiver
from gatekeeper.reports.json_types import (
    AdviceDoc,
    DependencyDoc,
    FindingDoc,
    OutcomeDoc,
    ReportDoc,
    WaiverDoc,
)

MOST_BYTES = 64 * 1024 * 1024
# No file has more lines, and no fix replaces more: somebody will count up to what is said here.
_MOST_LINES = 10_000_000
_MOST_REPLACED = 10_000
_REMEDY = "write it with `gatekeeper check --format json --output FILE`"


def read_report(data: bytes, where: str) -> Report:
    """The report. Raises UsageError, with `where`, for what is none."""
    if len(data) > MOST_BYTES:
        raise UsageError(f"the report has more than {MOST_BYTES >> 20} MiB", where=where)
    try:
        doc = msgspec.json.decode(data, type=ReportDoc)
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        raise UsageError(f"this is no JSON report: {error}", where=where, remedy=_REMEDY) from None
    findings = tuple(map(_judged, doc.findings))
    return Report(
        verdict=doc.verdict,
        gates=tuple(
            GateVerdict(
                gate.id, gate.verdict, gate.reason_code, gate.message,
                tuple(
                    at for at, it in enumerate(findings)
                    if it.gate == gate.id and it.blocks
                ),
            )
            for gate in doc.gates
        ),
        outcomes=tuple(
            ScannerOutcome(it.scanner, it.gate, _outcome(it, doc)) for it in doc.outcomes
        ),
        findings=findings,
        unchecked=tuple(
            JudgedUnchecked(
                Unchecked(
                    it.scanner, it.path, it.reason_code, it.message, line=it.line,
                    subject=it.subject,
                ),
                it.gate,
                it.new,
            )
            for it in doc.unchecked
        ),
        waivers=tuple(
            WaiverNote(_waiver(it.waiver), it.problem, it.message) for it in doc.waiver_notes
        ),
        waivers_used=tuple(map(_waiver, doc.waivers_used)),
        comparison=Comparison(
            doc.comparison.head, doc.comparison.base, doc.comparison.why,
            doc.comparison.changed_files, doc.digests.tree, doc.digests.base,
        ),
        stage=doc.stage,
        policy_digest=doc.digests.policy,
        tools_digest=doc.digests.tools,
        notes=doc.notes,
        seconds=doc.seconds,
        project=doc.project,
        suggestions=tuple(
            Suggestion(it.path, it.line, it.end_line, it.text, it.by, it.removes)
            for it in doc.suggestions
            if 0 < it.line <= it.end_line < min(it.line + _MOST_REPLACED, _MOST_LINES)
        ),
    )  # fmt: skip


def _number(given: int) -> int:
    """A line or a column."""
    return min(max(0, given), _MOST_LINES)


def _judged(doc: FindingDoc) -> Judged:
    ignored = doc.suppression
    finding = Finding(
        scanner=doc.scanner,
        rule=doc.rule,
        severity=doc.severity,
        confidence=doc.confidence,
        path=doc.path,
        line=_number(doc.line),
        end_line=_number(doc.end_line),
        column=_number(doc.column),
        message=doc.message,
        fingerprint=doc.fingerprint,
        cwe=doc.cwe,
        help_url=doc.help_url,
        suppression=Suppression(ignored.directive, ignored.reason) if ignored else None,
        sensitive=doc.sensitive,
        subject=doc.subject,
        introduced=Introduced(came.commit, came.author_date, came.blob, came.versions, came.current)
        if (came := doc.introduced)
        else None,
    )
    waiver = _waiver(doc.waiver) if doc.waiver else None
    also = tuple(
        Finding(
            it.scanner, it.rule, it.severity, it.confidence, doc.path, _number(it.line),
            _number(it.line), 0, it.message, it.fingerprint, help_url=it.help_url,
        )
        for it in doc.also_found_by
    )  # fmt: skip
    return Judged(finding, doc.state, doc.gate, doc.fresh, doc.blocks, waiver, also)


def _outcome(it: OutcomeDoc, doc: ReportDoc) -> Outcome:
    """The reason of a skipped or failed one is of its own closed set; else it did not end well."""
    ran = {each.scanner: each for each in doc.outcomes if each.status == "ran"}
    first = next(iter(ran.values()), None)
    if it.status == "ran":
        return Ran(
            measurements=tuple(
                Measurement(each.scanner, each.name, each.value, each.unit)
                for each in doc.measurements
                if each.scanner == it.scanner or (it is first and each.scanner not in ran)
            ),
            seconds=it.seconds,
            cached_files=it.cached_files,
            scanned_files=it.scanned_files,
            tool_version=it.tool_version,
            summary=it.message,
            accounts=tuple(
                _account(each) for each in doc.dependencies if each.scanner == it.scanner
            ),
        )
    if it.status == "skipped":
        try:
            return Skipped(msgspec.convert(it.reason_code, SkipReason), it.message)
        except msgspec.ValidationError:
            return Failed("tool-output-invalid", it.message, it.remedy, it.seconds)
    try:
        reason = msgspec.convert(it.reason_code, FailReason)
    except msgspec.ValidationError:
        reason = "tool-output-invalid"
    return Failed(reason, it.message, it.remedy, it.seconds)


def _account(doc: DependencyDoc) -> Account:
    return Account(
        ecosystem=doc.ecosystem,
        name=doc.name,
        version=doc.version,
        place=Place(doc.path, doc.line),
        status=doc.status,
        reason=doc.reason_code,
        message=doc.message,
        direct=doc.direct,
        scope=doc.scope,
        via=doc.via,
        vulnerabilities=doc.vulnerabilities,
        fixed=doc.fixed,
        imported=doc.imported,
        advice=_advice(doc.advice) if doc.advice else None,
    )


def _advice(doc: AdviceDoc) -> Advice:
    steps = tuple(Step(it.name, it.version) for it in doc.steps)
    return Advice(
        kind=doc.kind,
        steps=steps,
        fixed=doc.fixed,
        path=doc.path,
        proof=doc.proof,
        untried=doc.untried,
        command=doc.command,
        message=doc.message,
    )


def _waiver(doc: WaiverDoc) -> Waiver:
    # A rule is `scanner/rule`; a fingerprint has no slash.
    rule = doc.target if "/" in doc.target else ""
    return Waiver(
        doc.owner, doc.reason, doc.expires, rule, "" if rule else doc.target, doc.paths, doc.source
    )

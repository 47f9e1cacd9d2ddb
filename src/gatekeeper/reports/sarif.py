"""SARIF 2.1.0 for code scanning: one run per tool, full results, within GitHub's limits."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import quote

import msgspec

from gatekeeper.model.finding import Finding, Severity
from gatekeeper.model.outcome import Failed, Ran
from gatekeeper.model.verdict import Judged, Report, ScannerOutcome
from gatekeeper.reports.interface import Rendered, Sources, Style
from gatekeeper.reports.json import text
from gatekeeper.reports.overview import rule_of
from gatekeeper.text.line_hash import line_hashes
from gatekeeper.version import VERSION

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MAX_RESULTS = 25_000
MAX_RULES = 25_000
MAX_RUNS = 20
_MAX_MESSAGE = 4_000
_MOST_HASHED = 1024 * 1024
_LEVEL: dict[Severity, str] = {
    "critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note",
}  # fmt: skip
_SCORE: dict[Severity, str] = {
    "critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "0.0",
}  # fmt: skip
# Gates whose findings are about no line, so that code scanning never shows any.
_UNPLACED = ("commits", "size")
_SECURITY = frozenset({"sast", "secrets", "workflows", "iac"})


class SarifReport:
    """A log with a run per tool, or a folder with a file per tool."""

    def whole(self, report: Report, sources: Sources, style: Style) -> str:
        hashes = _Hashes(sources)
        return _encode([_run(report, item, hashes) for item in _fitting(report)])

    def parts(self, report: Report, sources: Sources) -> list[Rendered]:
        hashes = _Hashes(sources)
        return [
            Rendered(f"{item.scanner}.sarif", _encode([_run(report, item, hashes)]))
            for item in _tools(report)
        ]


def _encode(runs: list[dict[str, Any]]) -> str:
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": runs}
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def _tools(report: Report) -> list[ScannerOutcome]:
    """The scanners that had something to do. A skipped one has no say: an empty file for it
    would make its alerts look fixed."""
    return [item for item in report.outcomes if isinstance(item.outcome, Ran | Failed)]


def _fitting(report: Report) -> list[ScannerOutcome]:
    """As many as GitHub takes in one file: those that say least are left out, their alerts stay."""
    tools = _tools(report)
    placed = Counter(it.finding.scanner for it in report.findings if it.finding.path)
    # Of equals the last ones: those of the first gates are in nearly every project.
    backwards = tools[::-1]
    last = sorted(backwards, key=lambda it: (placed[it.scanner], it.gate not in _UNPLACED))
    left_out = {it.scanner for it in last[: max(0, len(tools) - MAX_RUNS)]}
    return [it for it in tools if it.scanner not in left_out]


class _Hashes:
    """What GitHub knows lines by, for the files with results. Each file is hashed once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._known: dict[str, list[str]] = {}

    def of(self, path: str, line: int) -> str:
        """The line's; empty where there is none, or the file is huge."""
        if not line:
            return ""
        if path not in self._known:
            lines = self._sources.lines(path)
            small = sum(map(len, lines)) <= _MOST_HASHED
            self._known[path] = line_hashes("\n".join(lines)) if lines and small else []
        known = self._known[path]
        return known[line - 1] if line <= len(known) else ""


def _run(report: Report, item: ScannerOutcome, hashes: _Hashes) -> dict[str, Any]:
    judged = [it for it in report.findings if it.finding.scanner == item.scanner]
    # Past GitHub's limit the most important ones stay.
    order = ("critical", "high", "medium", "low", "info")
    if len(judged) > MAX_RESULTS:
        judged = sorted(judged, key=lambda it: (not it.blocks, order.index(it.finding.severity)))
        judged = judged[:MAX_RESULTS]
    rules: dict[str, int] = {}
    described: list[dict[str, Any]] = []
    for it in judged:
        if it.finding.rule not in rules and len(rules) < MAX_RULES:
            rules[it.finding.rule] = len(rules)
            described.append(_rule(it))
    version = item.outcome.tool_version if isinstance(item.outcome, Ran) else ""
    driver: dict[str, Any] = {
        "name": item.scanner,
        "informationUri": "https://pypi.org/project/gatekeeper-ci/",
        "rules": described,
        "properties": {"gatekeeperVersion": VERSION},
    }
    if version:
        driver["version"] = text(version)
    occurrences: dict[str, int] = {}
    placed = [it for it in judged if it.finding.path]
    return {
        "tool": {"driver": driver},
        # Of one tool and one id the last upload counts, so projects need ids of their own.
        "automationDetails": {"id": f"gatekeeper/{_category(report)}{item.scanner}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The repository's root."}}},
        "invocations": [_invocation(report, item)],
        "results": [_result(it, rules, occurrences, hashes) for it in placed],
    }


def _category(report: Report) -> str:
    return f"{quote(report.project.strip('/'))}/" if report.project else ""


def _invocation(report: Report, item: ScannerOutcome) -> dict[str, Any]:
    """Whether the tool did its work, the files it could not check, and what has no place.

    Code scanning rejects a whole file in which one result has no place, so what concerns the
    change as a whole is told here.
    """
    notifications = [
        {
            "level": _LEVEL[it.finding.severity],
            "message": {"text": text(f"{it.finding.rule}: {it.finding.message}")[:_MAX_MESSAGE]},
        }
        for it in report.findings
        if it.finding.scanner == item.scanner and not it.finding.path
    ]
    notifications += [
        {
            "level": "warning",
            "message": {"text": text(f"not checked: {it.unchecked.path}: {it.unchecked.message}")},
        }
        for it in report.unchecked
        if it.unchecked.scanner == item.scanner
    ]
    if isinstance(item.outcome, Failed):
        notifications.append({"level": "error", "message": {"text": text(item.outcome.message)}})
    invocation: dict[str, Any] = {"executionSuccessful": isinstance(item.outcome, Ran)}
    if notifications:
        invocation["toolExecutionNotifications"] = notifications
    return invocation


def _rule(judged: Judged) -> dict[str, Any]:
    finding = judged.finding
    tags = [f"external/cwe/{text(cwe).lower()}" for cwe in finding.cwe][:10]
    properties: dict[str, Any] = {"precision": finding.confidence}
    if judged.gate in _SECURITY:
        tags = ["security", *tags]
        properties["security-severity"] = _SCORE[finding.severity]
    rule: dict[str, Any] = {
        "id": text(finding.rule),
        "shortDescription": {"text": text(finding.message)[:1000] or text(finding.rule)},
        "defaultConfiguration": {"level": _LEVEL[finding.severity]},
        "properties": {**properties, "tags": tags} if tags else properties,
    }
    if finding.help_url.startswith("https://"):
        rule["helpUri"] = text(finding.help_url)
    return rule


def _result(
    judged: Judged, rules: dict[str, int], occurrences: dict[str, int], hashes: _Hashes
) -> dict[str, Any]:
    finding = judged.finding
    nth = occurrences[finding.fingerprint] = occurrences.get(finding.fingerprint, 0) + 1
    result: dict[str, Any] = {
        "ruleId": text(finding.rule),
        "level": _LEVEL[finding.severity],
        "message": {"text": text(finding.message)[:_MAX_MESSAGE] or text(finding.rule)},
        "partialFingerprints": {"gatekeeper/v1": f"{finding.fingerprint}:{nth}"},
        "properties": {
            "state": judged.state,
            "blocks": judged.blocks,
            "fingerprint": finding.fingerprint,
            "severity": finding.severity,
        },
        "locations": [_location(finding)],
    }
    if came := finding.introduced:
        result["properties"]["introduced"] = {
            "commit": text(came.commit),
            "authorDate": text(came.date),
            "versions": came.versions,
            "current": came.current,
        }
    if judged.also:
        result["properties"]["alsoFoundBy"] = [text(rule_of(it)) for it in judged.also]
    if hashed := hashes.of(finding.path, finding.line):
        # Without it, code scanning calls every alert new whose line has moved.
        result["partialFingerprints"]["primaryLocationLineHash"] = hashed
    if finding.rule in rules:
        result["ruleIndex"] = rules[finding.rule]
    if judged.state in ("new", "existing"):
        result["baselineState"] = "new" if judged.fresh else "unchanged"
    if suppression := _suppression(judged):
        result["suppressions"] = [suppression]
    return result


def _location(finding: Finding) -> dict[str, Any]:
    try:
        raw = finding.path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # no path on disk is spelled like that; a report may still name it
        raw = finding.path.encode("utf-8", "replace")
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(raw), "uriBaseId": "%SRCROOT%"}}
    if finding.line:
        place["region"] = {
            "startLine": finding.line,
            "endLine": max(finding.line, finding.end_line),
        }
        if finding.column:
            place["region"]["startColumn"] = finding.column
    return {"physicalLocation": place}


def _suppression(judged: Judged) -> dict[str, Any] | None:
    if judged.finding.suppression is not None:
        ignored = judged.finding.suppression
        return {"kind": "inSource", "justification": text(ignored.reason or ignored.directive)}
    if judged.waiver is not None:
        waiver = judged.waiver
        return {
            "kind": "external",
            "justification": text(f"{waiver.reason} ({waiver.owner}, until {waiver.expires})"),
        }
    return None

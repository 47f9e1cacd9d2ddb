"""What semgrep says, and what it amounts to."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from gatekeeper.model.finding import Confidence, Severity, UncheckedReason
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.interface import Batch, RawFinding, RawUnchecked
from gatekeeper.scanners.output import real_path, relative
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

PYTHON = (".py", ".pyi")
_SEVERITY: dict[str, Severity] = {
    "CRITICAL": "critical", "HIGH": "high", "ERROR": "high", "MEDIUM": "medium",
    "WARNING": "medium", "LOW": "low", "INFO": "info",
}  # fmt: skip
_CONFIDENCE: dict[str, Confidence] = {"LOW": "low", "MEDIUM": "medium", "HIGH": "high"}
_CWE = regex(r"CWE-\d+")


class Position(Struct):
    """A line and a column, from 1."""

    line: int
    col: int = 0


class Extra(Struct):
    """What a result says beyond its place."""

    message: str = ""
    severity: str = ""
    metadata: dict[str, Any] = {}


class Result(Struct):
    """One match."""

    check_id: str
    path: str
    start: Position
    end: Position
    extra: Extra


class Trouble(Struct):
    """Something that went wrong, for one file or for all."""

    message: str = ""
    level: str = ""
    path: str = ""
    type: Any = None


class Paths(Struct):
    """The files semgrep looked at."""

    scanned: list[str]


class Output(Struct):
    """Semgrep's JSON report."""

    results: list[Result]
    errors: list[Trouble]
    paths: Paths


def severity_of(word: str) -> Severity:
    """What a rule's severity amounts to."""
    return _SEVERITY.get(word.upper(), "medium")


def findings_of(output: Output, known: dict[str, str], cwd: str) -> list[RawFinding]:
    findings: list[RawFinding] = []
    for result in output.results:
        metadata = result.extra.metadata
        path = real_path(result.path, known, cwd, "semgrep")
        url = metadata.get("source") or metadata.get("help_url") or ""
        findings.append(
            RawFinding(
                path=path,
                rule=result.check_id,
                message=result.extra.message.strip(),
                severity=severity_of(result.extra.severity),
                confidence=_CONFIDENCE.get(str(metadata.get("confidence", "")).upper(), "medium"),
                line=result.start.line,
                end_line=result.end.line,
                column=result.start.col,
                cwe=tuple(dict.fromkeys(_CWE.findall(str(metadata.get("cwe", ""))))),
                help_url=url if isinstance(url, str) and url.startswith("https://") else "",
                # The line holds a secret; reports hide the literals of its excerpt.
                sensitive=metadata.get("sensitive") is True,
            )
        )
    return findings


def unchecked_of(output: Output, known: dict[str, str], batch: Batch) -> list[RawUnchecked]:
    """Files semgrep gave up on. Raises ToolError when the trouble is not about single files."""
    found: dict[str, RawUnchecked] = {}
    for trouble in output.errors:
        path = known.get(relative(trouble.path, batch.cwd)) if trouble.path else None
        kind = (
            trouble.type
            if isinstance(trouble.type, str)
            else str(trouble.type[0] if isinstance(trouble.type, list) and trouble.type else "")
        )
        if path is None:
            if trouble.level == "error":
                raise ToolError(
                    "tool-misconfigured", f"semgrep: {printable(one_line(trouble.message))[:300]}"
                )
            continue
        reason: UncheckedReason = (
            "timeout" if "imeout" in kind or "OutOfMemory" in kind else "parse-error"
        )
        message = one_line(trouble.message) or kind
        found.setdefault(path, RawUnchecked(path, reason, message))
    scanned = {known.get(relative(name, batch.cwd)) for name in output.paths.scanned}
    for path in batch.paths:
        if path not in scanned and path not in found and path.endswith(PYTHON):
            found[path] = RawUnchecked(path, "not-reported", "semgrep did not look at the file")
    return list(found.values())


def one_line(message: str) -> str:
    return " ".join(message.split())

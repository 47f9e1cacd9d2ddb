"""zizmor: security of GitHub workflows and actions, offline."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from msgspec import Struct, field

from gatekeeper.model.finding import Confidence, Severity, Suppression, UncheckedReason
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import (
    Batch,
    Context,
    Layout,
    Prepared,
    RawFinding,
    RawUnchecked,
    Scanned,
    ScanScope,
)
from gatekeeper.scanners.output import (
    config_files,
    decode,
    expect_status,
    files_digest,
    path_map,
    real_path,
)
from gatekeeper.scanners.suppression import directive_in, files_with, suppressed, text_lines
from gatekeeper.scanners.tools import ZIZMOR
from gatekeeper.text.fingerprint import digest
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

_MARKER = regex(rb"zizmor:")
_DIRECTIVE = regex(r"#\s*zizmor:\s*ignore\[[^\]]*\]")
_SEVERITY: dict[str, Severity] = {
    "Informational": "info", "Low": "low", "Medium": "medium", "High": "high",
}  # fmt: skip
_CONFIDENCE: dict[str, Confidence] = {"Low": "low", "Medium": "medium", "High": "high"}
_CONFIGS = ("zizmor.yml", "zizmor.yaml", ".github/zizmor.yml", ".github/zizmor.yaml")
_CAUSE = regex(r"^\s*\d+: (.*\S)", re.MULTILINE)
# 0: nothing; 11 to 14: findings by severity.
_STATUSES = (0, 11, 12, 13, 14)


class Point(Struct):
    """A row and a column, from 0."""

    row: int
    column: int


class Span(Struct):
    """Where something is."""

    start_point: Point
    end_point: Point


class Concrete(Struct):
    """A place in a file."""

    location: Span


class Given(Struct):
    """The path as it was given."""

    verbatim_path: str | None = None
    given_path: str | None = None


class Key(Struct):
    """Which input a place is in."""

    local: Given | None = field(default=None, name="Local")


class Symbolic(Struct):
    """What a place means."""

    key: Key
    kind: str = ""
    annotation: str = ""


class Location(Struct):
    """One of a finding's places."""

    symbolic: Symbolic
    concrete: Concrete


class Determinations(Struct):
    """How bad, how sure."""

    severity: str
    confidence: str


class Audit(Struct):
    """One finding."""

    ident: str
    desc: str
    url: str
    determinations: Determinations
    locations: list[Location]


class Zizmor:
    """Template injection, broad permissions, unpinned actions and the like."""

    id = "zizmor"
    gate: GateId = "workflows"
    stage: Stage = "hook"
    scope: ScanScope = "file"
    layout: Layout = "tree"
    tool = ZIZMOR
    size_limited = True
    revision = 1
    startup = 0.05
    rate = 0.5

    def prepare(self, context: Context) -> Prepared | Skipped:
        if not any(is_workflow(path) or is_action(path) for path in context.snapshot.entries()):
            return Skipped("no-matching-files", "no GitHub workflows or actions")
        configs = config_files(context.snapshot, lambda path: path in _CONFIGS)
        return Prepared(
            selects=lambda path: is_workflow(path) or is_action(path),
            digest=digest(files_digest(configs), context.config.scanners.zizmor.persona),
            options=next(iter(configs), ""),
            support=lambda paths: (list(configs), ()),
        )

    def scan(self, batch: Batch) -> Scanned:
        takes = [path for path in batch.paths if _is_unicode(path)]
        findings, unchecked = self._audit(batch, takes) if takes else ([], [])
        unchecked += [
            RawUnchecked(path, "unreadable", "zizmor takes no path that is not valid UTF-8")
            for path in batch.paths
            if not _is_unicode(path)
        ]
        broken = {item.path for item in unchecked}
        marked = [path for path in files_with(batch, _MARKER) if path not in broken]
        if marked:
            everything, _ = self._audit(batch, marked, "--no-ignores")
            lines = {path: text_lines(batch.read(path)) for path in marked}

            def directive(finding: RawFinding) -> Suppression:
                return directive_in(
                    lines[finding.path],
                    finding.line,
                    finding.end_line,
                    _DIRECTIVE,
                    "zizmor: ignore",
                )

            findings += suppressed(findings, everything, directive)
        return Scanned(findings, unchecked)

    def fix(self, batch: Batch, leave: Collection[str]) -> None:
        takes = [path for path in batch.paths if _is_unicode(path)]
        if takes and self._run(batch, takes, "--fix=safe").status not in _STATUSES:
            # One file that it cannot read makes zizmor refuse all of them.
            for path in takes if len(takes) > 1 else ():
                self._run(batch, [path], "--fix=safe")

    def _audit(
        self, batch: Batch, paths: Sequence[str], *more: str
    ) -> tuple[list[RawFinding], list[RawUnchecked]]:
        """All files at once; when zizmor refuses, one by one, to learn which it cannot read."""
        done = self._run(batch, paths, *more)
        if done.status in _STATUSES:
            return _findings(done, paths, batch.cwd), []
        if "error: configuration error" in done.stderr:
            causes = ": ".join(dict.fromkeys(_CAUSE.findall(done.stderr)))
            raise ToolError("tool-misconfigured", f"zizmor: {printable(causes)[:300]}")
        if len(paths) > 1:
            parts = [self._audit(batch, [path], *more) for path in paths]
            return [f for part in parts for f in part[0]], [u for part in parts for u in part[1]]
        expect_status(done, (1,) if "no audit was performed" in done.stderr else (), "zizmor")
        why = (_CAUSE.findall(done.stderr) or ["it cannot be read"])[0]
        reason: UncheckedReason = "undecodable" if "UTF-8" in why else "parse-error"
        return [], [RawUnchecked(paths[0], reason, printable(why))]

    def _run(self, batch: Batch, paths: Sequence[str], *more: str) -> Completed:
        config: str = batch.prepared.options
        how = ("--config", config) if config else ("--no-config",)
        return batch.run(
            "--offline", "--format", "json-v1", "--no-progress", "--strict-collection",
            "--collect", "all", "--persona", batch.config.scanners.zizmor.persona, *how, *more,
            "--", *(f"./{path}" for path in paths),
        )  # fmt: skip


def _findings(done: Completed, paths: Sequence[str], cwd: str) -> list[RawFinding]:
    known = path_map(paths)
    findings: list[RawFinding] = []
    for audit in decode(done, list[Audit], "zizmor"):
        primary = next((it for it in audit.locations if it.symbolic.kind == "Primary"), None)
        place = primary or (audit.locations[0] if audit.locations else None)
        local = place.symbolic.key.local if place else None
        if place is None or local is None:
            raise ToolError("tool-output-invalid", f"zizmor gave no place for {audit.ident}")
        name = local.verbatim_path or local.given_path or ""
        start, end = place.concrete.location.start_point, place.concrete.location.end_point
        note = place.symbolic.annotation
        findings.append(
            RawFinding(
                path=real_path(name, known, cwd, "zizmor"),
                rule=audit.ident,
                message=f"{audit.desc}: {note}" if note else audit.desc,
                severity=_SEVERITY.get(audit.determinations.severity, "medium"),
                confidence=_CONFIDENCE.get(audit.determinations.confidence, "low"),
                line=start.row + 1,
                end_line=max(end.row + (end.column > 0), start.row + 1),
                column=start.column + 1,
                help_url=audit.url,
            )
        )
    return findings


def is_workflow(path: str) -> bool:
    """A file GitHub runs as a workflow."""
    folder, _, name = path.rpartition("/")
    return folder == ".github/workflows" and name.endswith((".yml", ".yaml"))


def is_action(path: str) -> bool:
    """A file that defines an action."""
    return path.rpartition("/")[2] in ("action.yml", "action.yaml")


def _is_unicode(path: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in path)

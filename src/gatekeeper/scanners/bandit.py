"""Bandit, with the project's own bandit configuration."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from gatekeeper.model.finding import Confidence, Severity, Suppression, UncheckedReason
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.ports.process import ToolError
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
    last_line,
    path_map,
    real_path,
    relative,
)
from gatekeeper.scanners.suppression import directive_in, suppressed, text_lines
from gatekeeper.scanners.tools import BANDIT
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

_DIRECTIVE = regex(
    r"#\s*nosec\b(?:\s*:?\s*(?:B\d+|[a-z]+_\w+)(?:[,\s]+(?:B\d+|[a-z]+_\w+))*)?", re.IGNORECASE
)
_SEVERITY: dict[str, Severity] = {"LOW": "low", "MEDIUM": "medium", "HIGH": "high"}
_CONFIDENCE: dict[str, Confidence] = {"LOW": "low", "MEDIUM": "medium", "HIGH": "high"}
_PASSWORDS = ("B105", "B106", "B107")
_CONFIGS = ("bandit.yaml", "bandit.yml", ".bandit", "pyproject.toml")
_EXCLUDES = regex(rb"^\s*exclude\s*[=:]", re.MULTILINE)
# By default bandit leaves out every path with `.git` in it, and so `.github/scripts/` as well.
# What it leaves out by name is compared with paths in which no two slashes meet.
_NOTHING_EXCLUDED = "--exclude=//"
_SKIPPED_FOLDERS = frozenset((".tox", ".eggs", "__pycache__", ".svn", "CVS", ".bzr", ".hg"))


class Cwe(Struct, frozen=True):
    """A weakness number."""

    id: int = 0


class Issue(Struct):
    """The part of one of bandit's results that is used."""

    filename: str
    test_id: str
    issue_text: str
    line_number: int
    issue_severity: str = ""
    issue_confidence: str = ""
    line_range: tuple[int, ...] = ()
    col_offset: int = -1
    more_info: str = ""
    issue_cwe: Cwe = Cwe()


class Trouble(Struct):
    """A file bandit could not read."""

    filename: str
    reason: str


class Output(Struct):
    """Bandit's JSON report."""

    results: list[Issue]
    errors: list[Trouble]
    metrics: dict[str, dict[str, float]]


class Bandit:
    """Python weaknesses that a look at the syntax tree reveals."""

    id = "bandit"
    gate: GateId = "sast"
    stage: Stage = "ci"
    scope: ScanScope = "file"
    layout: Layout = "tree"
    tool = BANDIT
    size_limited = True
    revision = 1
    startup = 0.5
    rate = 5.0

    def prepare(self, context: Context) -> Prepared | Skipped:
        if not any(_selects(path) for path in context.snapshot.entries()):
            return Skipped("no-matching-files", "no Python files")
        configs = config_files(context.snapshot, lambda path: path in _CONFIGS)
        ini = ".bandit" in configs
        arguments = ["--ini", ".bandit"] if ini else []
        if not (ini and _EXCLUDES.search(context.snapshot.read(".bandit"))):
            arguments.append(_NOTHING_EXCLUDED)
        chosen = next((name for name in _CONFIGS[:2] if name in configs), "")
        if (
            not chosen
            and "pyproject.toml" in configs
            and _speaks_of_bandit(context.snapshot.read("pyproject.toml"))
        ):
            chosen = "pyproject.toml"
        if chosen:
            arguments += ["-c", chosen]
        used = {name: configs[name] for name in configs if name in arguments}
        return Prepared(
            selects=_selects,
            digest=files_digest(used),
            options=tuple(arguments),
            support=lambda paths: (list(used), ()),
        )

    def scan(self, batch: Batch) -> Scanned:
        findings, unchecked, hiding = self._run(batch, batch.paths)
        if hiding:
            everything, _, _ = self._run(batch, hiding, "--ignore-nosec")
            lines = {path: text_lines(batch.read(path)) for path in hiding}

            def directive(finding: RawFinding) -> Suppression:
                return directive_in(
                    lines[finding.path], finding.line, finding.end_line, _DIRECTIVE, "nosec"
                )

            findings += suppressed(findings, everything, directive)
        return Scanned(findings, unchecked)

    def _run(
        self, batch: Batch, paths: Sequence[str], *more: str
    ) -> tuple[list[RawFinding], list[RawUnchecked], list[str]]:
        """Findings, what was not read, and the files in which inline ignores hid something."""
        options: tuple[str, ...] = batch.prepared.options
        done = batch.run("--quiet", "--format", "json", *options, *more, "--", *paths)
        if done.status == 2:
            raise ToolError("tool-misconfigured", f"bandit: {printable(last_line(done.stderr))}")
        expect_status(done, (0, 1), "bandit")
        output = decode(done, Output, "bandit")
        known = path_map(paths)

        def real(name: str) -> str:
            return real_path(name, known, batch.cwd, "bandit")

        unchecked = [
            RawUnchecked(path, _unread(batch.read(path)), trouble.reason)
            for trouble in output.errors
            if (path := real(trouble.filename))
        ]
        # Files the project's own configuration excludes are in neither list.
        seen = {known.get(relative(name, batch.cwd)) for name in output.metrics}
        seen |= {item.path for item in unchecked}
        if options == (_NOTHING_EXCLUDED,):
            unchecked += [
                RawUnchecked(path, "not-reported", "bandit did not mention the file")
                for path in paths
                if path not in seen
            ]
        hiding = {
            known.get(relative(name, batch.cwd))
            for name, counts in output.metrics.items()
            if counts.get("nosec") or counts.get("skipped_tests")
        }
        findings = [_finding(issue, real(issue.filename)) for issue in output.results]
        return findings, unchecked, [path for path in paths if path in hiding]


def _finding(issue: Issue, path: str) -> RawFinding:
    secret = issue.test_id in _PASSWORDS
    lines = issue.line_range or (issue.line_number,)
    return RawFinding(
        path=path,
        rule=issue.test_id,
        # The original message quotes the password.
        message=issue.issue_text.partition(":")[0] if secret else issue.issue_text,
        severity=_SEVERITY.get(issue.issue_severity, "info"),
        confidence=_CONFIDENCE.get(issue.issue_confidence, "low"),
        line=issue.line_number,
        end_line=max(*lines, issue.line_number),
        column=issue.col_offset + 1,
        cwe=(f"CWE-{issue.issue_cwe.id}",) if issue.issue_cwe.id else (),
        help_url=issue.more_info,
        sensitive=secret,
    )


def _unread(content: bytes) -> UncheckedReason:
    """Why Python cannot read the file."""
    import io
    import tokenize

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError):
        return "undecodable"
    return "parse-error"


def _selects(path: str) -> bool:
    return path.endswith((".py", ".pyw")) and _SKIPPED_FOLDERS.isdisjoint(path.split("/"))


def _speaks_of_bandit(content: bytes) -> bool:
    import tomllib

    try:
        tool = tomllib.loads(content.decode("utf-8", "replace")).get("tool")
    except tomllib.TOMLDecodeError:
        return False
    return isinstance(tool, dict) and "bandit" in tool

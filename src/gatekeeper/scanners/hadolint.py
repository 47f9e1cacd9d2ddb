"""hadolint: Dockerfiles, and the shell code inside them, by the project's own settings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from gatekeeper.model.finding import Severity, Suppression
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.ports.process import ToolError
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.iac_files import is_dockerfile
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
from gatekeeper.scanners.output import decode, expect_status, path_map, real_path, told_apart
from gatekeeper.scanners.suppression import files_with, reason_in, suppressed, text_lines
from gatekeeper.scanners.tools import HADOLINT
from gatekeeper.text.fingerprint import digest
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex
from gatekeeper.text.redact import redact

_SETTINGS = (".hadolint.yaml", ".hadolint.yml")
_MARKER = regex(rb"hadolint[ \t]+(?:global[ \t]+)?ignore", re.IGNORECASE)
_DIRECTIVE = regex(
    r"#\s*hadolint\s+(?P<all>global\s+)?ignore\s*=\s*(?P<rules>\w+(?:\s*,\s*\w+)*)", re.IGNORECASE
)
_LEVELS: dict[str, Severity] = {
    "error": "high", "warning": "medium", "info": "low", "style": "info",
}  # fmt: skip
_UNREADABLE = "DL1000"
# The program decodes paths and prints JSON as the locale says.
_LOCALE = {"LC_ALL": "C.UTF-8"}


class Diagnostic(Struct):
    """The part of hadolint's JSON that is used."""

    code: str
    file: str
    line: int
    column: int
    level: str
    message: str


class Hadolint:
    """Mistakes in Dockerfiles, and in the shell code inside them."""

    id = "hadolint"
    gate: GateId = "iac"
    stage: Stage = "ci"
    scope: ScanScope = "file"
    # Settings of the repository could change how hadolint prints: it must not find them.
    layout: Layout = "copy"
    tool = HADOLINT
    size_limited = True
    revision = 1
    startup = 0.1
    rate = 5.0

    def prepare(self, context: Context) -> Prepared | Skipped:
        if not any(map(is_dockerfile, context.snapshot.entries())):
            return Skipped("no-matching-files", "no Dockerfiles")
        options, ignores = _options(context.snapshot)
        return Prepared(
            selects=is_dockerfile,
            digest=digest(*options, str(ignores)),
            options=(options, ignores),
        )

    def scan(self, batch: Batch) -> Scanned:
        options, ignores = batch.prepared.options
        findings: list[RawFinding] = []
        unchecked: list[RawUnchecked] = []
        for paths in told_apart(batch.paths):
            found, open_ = _run(batch, paths, *options)
            findings += found
            unchecked += open_
        marked = files_with(batch, _MARKER) if ignores else []
        everything: list[RawFinding] = []
        for paths in told_apart(marked):
            everything += _run(batch, paths, *options, "--disable-ignore-pragma")[0]
        lines = {path: text_lines(batch.read(path)) for path in marked}
        visible = [finding for finding in findings if finding.path in lines]
        findings += suppressed(visible, everything, lambda it: _directive(lines[it.path], it))
        return Scanned(findings, unchecked)


def _options(snapshot: Snapshot) -> tuple[list[str], bool]:
    """What the project's settings say, as options; whether inline ignores count."""
    from gatekeeper.scanners.tool_settings import settings_of

    settings = settings_of(snapshot, "hadolint", _SETTINGS)
    if settings is None:
        return [], True
    options = [f"--ignore={rule}" for rule in settings.texts("ignored")]
    for level in _LEVELS:
        options += [f"--{level}={rule}" for rule in settings.texts("override", level)]
    options += [f"--trusted-registry={name}" for name in settings.texts("trustedRegistries")]
    labels = settings.table("label-schema")
    options += [f"--require-label={name}:{form}" for name, form in labels.items()]
    if settings.flag("strict-labels"):
        options.append("--strict-labels")
    ignores = not settings.flag("disable-ignore-pragma")
    return [*options, *([] if ignores else ["--disable-ignore-pragma"])], ignores


def _run(
    batch: Batch, paths: Sequence[str], *more: str
) -> tuple[list[RawFinding], list[RawUnchecked]]:
    # Whatever the project would let pass: what fails a check is the gate's business.
    fixed = ("--no-color", "--format", "json", "--failure-threshold", "style")
    done = batch.run(*fixed, *more, "--", *paths, env=_LOCALE)
    expect_status(done, (0, 1), "hadolint")
    if told := next((line for line in done.stderr.splitlines() if line.strip()), ""):
        said = printable(redact(told))[:300]
        if told.startswith("option --"):
            where = f"look at {' or '.join(_SETTINGS)}"
            raise ToolError("tool-misconfigured", f"hadolint: {said}", where)
        raise ToolError("tool-output-invalid", f"hadolint did not look at everything: {said}")
    known = path_map(paths)
    findings: list[RawFinding] = []
    unchecked: dict[str, RawUnchecked] = {}
    for item in decode(done, list[Diagnostic], "hadolint"):
        path = real_path(item.file, known, batch.cwd, "hadolint")
        if item.code == _UNREADABLE:
            message = printable(item.message)[:300]
            unchecked[path] = RawUnchecked(path, "parse-error", message, line=item.line)
            continue
        findings.append(
            RawFinding(
                path=path,
                rule=item.code,
                message=item.message,
                severity=_LEVELS.get(item.level, "medium"),
                line=max(item.line, 1),
                end_line=max(item.line, 1),
                column=max(item.column, 0),
                help_url=help_url(item.code),
            )
        )
    return findings, list(unchecked.values())


def help_url(rule: str) -> str:
    """The page about a rule: hadolint's own, or ShellCheck's."""
    if rule.startswith("SC"):
        return f"https://www.shellcheck.net/wiki/{rule}"
    return f"https://github.com/hadolint/hadolint/wiki/{rule}"


def _directive(lines: Sequence[str], finding: RawFinding) -> Suppression:
    """The comment that hides a finding: on the line above, else the one for the whole file."""
    above = lines[max(finding.line - 2, 0) : max(finding.line - 1, 0)]
    for line in (*above, *lines):
        match = _DIRECTIVE.search(line)
        named = re.split(r"\s*,\s*", match["rules"]) if match else ()
        if match and finding.rule in named and (match["all"] or line in above):
            directive = match.group().strip("# \t")[:100]
            return Suppression(directive, reason_in(line[match.end() :]))
    return Suppression("hadolint ignore")

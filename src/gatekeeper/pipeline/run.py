"""Running one scanner over one batch of files, and giving its findings an identity."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from gatekeeper.config.schema import Config
from gatekeeper.model.finding import (
    Finding,
    Measurement,
    Suppression,
    Unchecked,
    UncheckedReason,
)
from gatekeeper.pipeline.written import written_since
from gatekeeper.ports.advisories import Advisories
from gatekeeper.ports.auditors import Auditors
from gatekeeper.ports.environment import Environment
from gatekeeper.ports.package_index import PackageIndexes
from gatekeeper.ports.process import Completed, Processes, ToolError
from gatekeeper.ports.remotes import Remotes
from gatekeeper.ports.repository import Snapshot
from gatekeeper.ports.resolver import Resolver
from gatekeeper.ports.toolbox import Toolbox
from gatekeeper.ports.workspace import Beside, Workspaces
from gatekeeper.scanners.interface import Prepared, RawFinding, Scanner
from gatekeeper.text.fingerprint import context_text, digest, mask_literals, span_text
from gatekeeper.text.redact import redact

_STATEMENTS = (".py", ".pyi", ".pyw")


class Means(Struct, frozen=True):
    """What a run needs besides files."""

    root: str
    settings: Snapshot
    config: Config
    toolbox: Toolbox
    processes: Processes
    workspaces: Workspaces
    environment: Environment
    advisories: Callable[[], Advisories]
    resolver: Callable[[], Resolver]
    auditors: Callable[[], Auditors]
    indexes: Callable[[], PackageIndexes]
    remotes: Callable[[], Remotes]
    today: str


class FileAnswer(Struct, frozen=True, array_like=True):
    """What is known about one file."""

    findings: tuple[Finding, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()


class BatchAnswer(Struct, frozen=True):
    """Every path of the batch, with its answer; `uncertain` ones must not be remembered."""

    files: dict[str, FileAnswer]
    measurements: tuple[Measurement, ...]
    uncertain: frozenset[str]
    seconds: float
    bytes: int


class ToolBatch:
    """Files laid out for a tool, under the names the tool sees."""

    def __init__(
        self, scanner: Scanner, prepared: Prepared, means: Means, cwd: str,
        names: Mapping[str, str], executable: str,
    ) -> None:  # fmt: skip
        self._scanner = scanner
        self._means = means
        self._executable = executable
        self._environment = {} if scanner.tool.locked else project_variables(executable)
        self.prepared = prepared
        self.config = means.config
        self.cwd = cwd
        self.names = names
        self.paths: Sequence[str] = list(names)

    @property
    def tool_version(self) -> str:
        return self._means.toolbox.status(self._scanner.tool).version

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> Completed:
        return self._means.processes.run(
            [self._executable, *arguments],
            cwd=self.cwd,
            deadline=self.config.limits.tool_timeout,
            env=self._environment | dict(env or {}),
            inherit_env=not self._scanner.tool.locked,
        )

    def read(self, path: str) -> bytes:
        full = os.path.join(self.cwd, path)
        try:
            with open(os.open(full, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
                return file.read()
        except OSError as error:
            raise ToolError(
                "input-invalid",
                f"{path} cannot be read: {error.strerror or error}",
                "it may have been replaced while it was being checked: run the command again",
            ) from None


def run_batch(
    scanner: Scanner,
    prepared: Prepared,
    snapshot: Snapshot,
    paths: Sequence[str],
    means: Means,
    since: int,
) -> BatchAnswer:
    """Scan `paths` of `snapshot`. Raises ToolError when the tool gave no usable answer.

    `since` is when the snapshot was taken, in nanoseconds: a file in the working tree that was
    written later may not be the content its blob id names.
    """
    started = time.monotonic()
    executable = means.toolbox.executable(scanner.tool)
    answers: dict[str, FileAnswer] = {}
    admitted, size = _admit(scanner, snapshot, paths, means, answers)
    measurements: Sequence[Measurement] = ()
    if admitted or scanner.scope == "tree":
        cwd, names = _lay_out(scanner, prepared, snapshot, admitted, means)
        batch = ToolBatch(scanner, prepared, means, cwd, names, executable)
        scanned = scanner.scan(batch)
        measurements = scanned.measurements
        unchecked: dict[str, list[Unchecked]] = {}
        for item in scanned.unchecked:
            real = names.get(item.path, item.path)
            unchecked.setdefault(real, []).append(
                Unchecked(scanner.id, real, item.reason, redact(item.message)[:300])
            )
        by_path: dict[str, list[RawFinding]] = {}
        for finding in scanned.findings:
            by_path.setdefault(finding.path, []).append(finding)
        found = {
            names.get(path, path): _identify(scanner.id, names.get(path, path), raw, batch, path)
            for path, raw in by_path.items()
        }
        for path in {*admitted, *found, *unchecked}:
            answers[path] = FileAnswer(found.get(path, ()), tuple(unchecked.get(path, ())))
    uncertain = written_since(snapshot, means.root, paths, since)
    for path in uncertain:
        known = answers.get(path, FileAnswer())
        note = Unchecked(
            scanner.id,
            path,
            "changed-during-check",
            "the file was written while it was being checked",
        )
        answers[path] = FileAnswer(known.findings, (*known.unchecked, note))
    return BatchAnswer(
        answers, tuple(measurements), frozenset(uncertain), time.monotonic() - started, size
    )


def _admit(
    scanner: Scanner, snapshot: Snapshot, paths: Sequence[str], means: Means,
    answers: dict[str, FileAnswer],
) -> tuple[list[str], int]:  # fmt: skip
    """The paths to scan and their size; those that cannot be scanned get their answer here."""
    sizes = snapshot.sizes(paths)
    limit = means.config.limits.max_file_mb << 20
    admitted: list[str] = []

    def refuse(path: str, reason: UncheckedReason, message: str) -> None:
        answers[path] = FileAnswer((), (Unchecked(scanner.id, path, reason, message),))

    for path in paths:
        size = sizes.get(path, 0)
        if scanner.size_limited and size > limit:
            shown = f"{size / (1 << 20):.0f} MB is more than limits.max_file_mb ({limit >> 20})"
            refuse(path, "too-large", shown)
        elif snapshot.kind == "worktree" and not _readable(os.path.join(means.root, path)):
            refuse(path, "unreadable", "the file cannot be read")
        else:
            admitted.append(path)
    return admitted, sum(sizes.get(path, 0) for path in admitted)


def _readable(full: str) -> bool:
    """A regular file that may be read, or one that is not checked out: git has its content."""
    try:
        regular = stat.S_ISREG(os.lstat(full).st_mode)
    except OSError:
        return True
    return regular and os.access(full, os.R_OK)


def _lay_out(
    scanner: Scanner, prepared: Prepared, snapshot: Snapshot, paths: Sequence[str], means: Means
) -> tuple[str, Mapping[str, str]]:
    if scanner.layout == "flat":
        return means.workspaces.flatten(snapshot, paths)
    names = {path: path for path in paths}
    in_place = snapshot.kind == "worktree" and scanner.layout == "tree"
    if in_place and all(os.path.lexists(os.path.join(means.root, path)) for path in paths):
        return means.root, names
    # Both versions are judged by the settings of head: changing one makes nothing new.
    files, placeholders = prepared.support(paths)
    # Beside a copy there is nothing but what is asked for: tools run what they find.
    tree = scanner.scope == "tree" and scanner.layout == "tree"
    links = environment_links(means.root) if tree else {}
    beside = Beside(means.settings, tuple(files), tuple(placeholders), links)
    return means.workspaces.checkout(snapshot, snapshot.entries() if tree else names, beside), names


def environment_links(root: str) -> dict[str, str]:
    """The project's environments: settings name them relative to the project."""
    return {
        name: os.path.join(root, name)
        for name in (".venv", "venv")
        if os.path.exists(os.path.join(root, name, "pyvenv.cfg"))
    }


def project_variables(executable: str) -> dict[str, str]:
    """What activating the environment of a program would set: a copy of the tree has none."""
    folder = os.path.dirname(executable)
    environment = os.path.dirname(folder)
    if not os.path.exists(os.path.join(environment, "pyvenv.cfg")):
        return {}
    path = os.environ.get("PATH", os.defpath)
    return {"VIRTUAL_ENV": environment, "PATH": f"{folder}{os.pathsep}{path}"}


def _identify(
    scanner: str, path: str, raw: Iterable[RawFinding], batch: ToolBatch, laid_out: str
) -> tuple[Finding, ...]:
    """Findings of one file with fingerprints, in a stable order."""
    try:
        content = batch.read(laid_out).decode("utf-8", "replace") if laid_out else ""
    except ToolError:
        content = ""
    return identify(scanner, path, raw, content.split("\n"))


def identify(
    scanner: str, path: str, raw: Iterable[RawFinding], lines: list[str]
) -> tuple[Finding, ...]:
    """Give findings an identity that depends on content, not on place; hide credentials."""
    python = path.endswith(_STATEMENTS)
    findings = []
    for item in raw:
        text = item.anchor or mask_literals(
            span_text(lines, item.line, item.end_line, python=python) or item.message
        )
        findings.append(
            Finding(
                scanner=scanner,
                rule=item.rule,
                severity=item.severity,
                confidence=item.confidence,
                path=path,
                line=item.line,
                end_line=max(item.line, item.end_line),
                column=item.column,
                message=redact(item.message),
                fingerprint=digest(scanner, item.rule, text),
                context=digest(context_text(lines, item.line, item.end_line))[:12],
                cwe=item.cwe,
                help_url=item.help_url,
                suppression=_hidden(item.suppression),
                sensitive=item.sensitive,
                subject=item.subject,
            )
        )
    return tuple(sorted(findings, key=lambda it: (it.line, it.column, it.rule, it.message)))


def _hidden(suppression: Suppression | None) -> Suppression | None:
    """People explain in comments what a secret is for, now and then with the secret."""
    if suppression is None:
        return None
    return Suppression(redact(suppression.directive), redact(suppression.reason))

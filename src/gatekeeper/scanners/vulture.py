"""Vulture: Python code that nothing uses, with the project's own settings."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.model.finding import Confidence, UncheckedReason
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.ignores import VULTURE_IGNORES, ignored
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
from gatekeeper.scanners.output import expect_status, invalid, path_map, relative
from gatekeeper.scanners.tools import VULTURE
from gatekeeper.scanners.typecheck import Options, misconfigured, root_text, tool_table
from gatekeeper.text.fingerprint import digest
from gatekeeper.text.patterns import regex

HELP = "https://github.com/jendrikseipp/vulture#readme"
_FOUND = regex(
    r"(?P<path>.+):(?P<line>\d+): (?P<message>.+)"
    r" \((?P<sure>\d+)% confidence(?:, \d+ lines?)?\)"
)
_UNUSED = regex(r"unused (?P<kind>[a-z]+) '")
_BROKEN = regex(r"(?P<path>.+):(?P<line>\d+): (?P<message>.+)")
_UNREAD = regex(r"Error: Could not read file (?P<path>.+) - ?(?P<message>.*)")
# The second line of the trouble before it.
_ADVICE = "Try to change the encoding to UTF-8."
# What a comment calls them.
CODES = {
    "unused-attribute": "V101", "unused-class": "V102", "unused-function": "V103",
    "unused-import": "V104", "unused-method": "V105", "unused-property": "V106",
    "unused-variable": "V107", "unreachable-code": "V201",
}  # fmt: skip
# With these it prints something else.
_OTHER_OUTPUT = ("verbose", "make_whitelist")
_SURE = 90
_LIKELY = 80


class Vulture:
    """What nothing in the whole tree uses. Tests and excluded files count as users."""

    id = "vulture"
    gate: GateId = "lint"
    stage: Stage = "ci"
    scope: ScanScope = "tree"
    # It walks all of the folder that it is started in, environments and all.
    layout: Layout = "copy"
    tool = VULTURE
    size_limited = True
    revision = 1
    startup = 0.1
    rate = 0.8

    def prepare(self, context: Context) -> Prepared | Skipped:
        snapshot = context.snapshot
        modules = [
            path for path, it in snapshot.entries().items() if path.endswith(".py") and it.regular
        ]
        if not modules:
            return Skipped("no-matching-files", "no Python files")
        settings = tool_table(snapshot, self.id)
        if settings is None:
            return Skipped("not-configured", "the root's pyproject.toml does not configure vulture")
        for name in _OTHER_OUTPUT:
            if settings.get(name):
                raise ToolError(
                    "tool-misconfigured",
                    f"[tool.vulture] {name} in pyproject.toml has vulture print something else",
                    f"take it out, and run `vulture --{name.replace('_', '-')}` yourself",
                )
        return Prepared(
            selects=lambda path: path.endswith(".py"),
            digest=digest(root_text(snapshot, "pyproject.toml")),
            options=Options(type_ignore=False),
            # Files that are left out use things, too.
            support=lambda paths: (["pyproject.toml", *({*modules} - {*paths})], ()),
        )

    def scan(self, batch: Batch) -> Scanned:
        # From Python 3.12 on, its parser's warnings would look like files that it could not read.
        done = batch.run(".", env={"PYTHONWARNINGS": "ignore"})
        if done.status not in (0, 3) and not _reads(done.stderr):
            # A setting that it does not know, or a file of settings that it cannot read.
            raise misconfigured(self.id, done)
        expect_status(done, (0, 1, 3), self.id)
        known = path_map(batch.paths)
        unchecked = list(_unchecked(batch, done, known))
        return Scanned(
            [*_findings(batch, done, known), *ignored(batch, VULTURE_IGNORES)], unchecked
        )


def _findings(batch: Batch, done: Completed, known: dict[str, str]) -> Iterator[RawFinding]:
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        told = _FOUND.fullmatch(line)
        if told is None:
            raise invalid(done, "vulture", line)
        path = known.get(relative(told["path"], batch.cwd))
        if path is None:
            continue
        unused = _UNUSED.match(told["message"])
        yield RawFinding(
            path=path,
            rule=f"unused-{unused['kind']}" if unused else "unreachable-code",
            message=told["message"],
            severity="low",
            confidence=_confidence(int(told["sure"])),
            line=int(told["line"]),
            end_line=int(told["line"]),
            help_url=HELP,
        )


def _confidence(percent: int) -> Confidence:
    if percent >= _SURE:
        return "high"
    return "medium" if percent >= _LIKELY else "low"


def _reads(stderr: str) -> bool:
    """Whether all that it says is about single files."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    return bool(lines) and all(
        line == _ADVICE or _UNREAD.fullmatch(line) or _BROKEN.fullmatch(line) for line in lines
    )


def _unchecked(batch: Batch, done: Completed, known: dict[str, str]) -> Iterator[RawUnchecked]:
    for line in done.stderr.splitlines():
        reason: UncheckedReason = "undecodable"
        told = _UNREAD.fullmatch(line)
        if told is None:
            reason = "parse-error"
            told = _BROKEN.fullmatch(line)
        if told and (path := known.get(relative(told["path"], batch.cwd))) is not None:
            place = int(told["line"]) if reason == "parse-error" else 0
            yield RawUnchecked(path, reason, told["message"] or "not UTF-8", line=place)

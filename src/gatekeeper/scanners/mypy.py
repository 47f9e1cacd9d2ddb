"""mypy, with the project's own settings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from gatekeeper.model.finding import Severity, UncheckedReason
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.ignores import MYPY_IGNORES, ignored
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
    decode,
    expect_status,
    invalid,
    last_line,
    path_map,
    relative,
)
from gatekeeper.scanners.tools import MYPY
from gatekeeper.scanners.typecheck import (
    PYTHON,
    ini_section,
    misconfigured,
    prepare,
    problem,
    tool_table,
)
from gatekeeper.text.patterns import regex

_SEVERITY: Mapping[str, Severity] = {"error": "medium", "warning": "low", "note": "info"}
# After these it goes on without the setting, or without all of them. An option it does not know
# or a main section that is not there takes nothing away from the settings it does use.
_UNUSABLE = regex(
    r"^(?:\.?mypy\.ini|setup\.cfg|pyproject\.toml): (?!.*Unrecognized option|No \[mypy\]).*$",
    re.MULTILINE,
)
_CHATTER = regex(rb"[^\s:]+: note: |Generated ")
_UNDECODABLE = regex(r"^(.+): error: Cannot decode file", re.MULTILINE)


class Message(Struct):
    """One line of mypy's JSON: lines from 1, columns from 0, negative when there is none."""

    file: str
    line: int
    column: int
    message: str
    severity: str
    code: str | None = None
    end_line: int = 0
    end_column: int = -1


class Mypy:
    """Type errors as mypy sees them."""

    id = "mypy"
    gate: GateId = "types"
    stage: Stage = "ci"
    scope: ScanScope = "tree"
    layout: Layout = "tree"
    tool = MYPY
    size_limited = True
    revision = 1
    startup = 2.0
    rate = 15.0

    def prepare(self, context: Context) -> Prepared | Skipped:
        return prepare(context, self.id, PYTHON, *_targets(context.snapshot))

    def scan(self, batch: Batch) -> Scanned:
        # Stubs are never installed on the way, whatever the settings say: that needs the network.
        done = batch.run(
            "--output", "json", "--no-error-summary", "--no-install-types",
            *batch.prepared.options.arguments,
        )  # fmt: skip
        if done.status == 2 and (found := _UNDECODABLE.search(done.stderr)):
            return Scanned((), _stopped(batch, {relative(found[1], batch.cwd)}, "undecodable"))
        expect_status(done, (0, 1, 2), "mypy")
        messages = _messages(done)
        known = path_map(batch.paths)
        found_in = {item.file: known.get(relative(item.file, batch.cwd)) for item in messages}
        if done.status == 2:
            _refuse_failure(done, messages, found_in)
        elif said := _UNUSABLE.search(done.stderr):
            raise misconfigured("mypy", done, said.group())
        elif done.status == 1 and not messages:
            raise invalid(done, "mypy", "it reports no errors")
        findings = [
            _finding(message, path, batch.cwd)
            for message in _without_explanations(messages)
            if (path := found_in[message.file])
        ]
        unchecked: Sequence[RawUnchecked] = ()
        if done.status == 2:
            unchecked = _stopped(batch, {finding.path for finding in findings}, "parse-error")
        return Scanned(findings + ignored(batch, MYPY_IGNORES), unchecked)


def _targets(snapshot: Snapshot) -> tuple[str, ...]:
    """Nothing when the settings that mypy will read name what to check, else the whole tree."""
    settings: dict[str, Any] | None = None
    if "mypy.ini" in snapshot.entries():
        settings = ini_section(snapshot, "mypy.ini", "mypy")
    elif ".mypy.ini" in snapshot.entries():
        settings = ini_section(snapshot, ".mypy.ini", "mypy")
    else:
        settings = tool_table(snapshot, "mypy")
        if settings is None:
            settings = ini_section(snapshot, "setup.cfg", "mypy")
    named = settings is not None and any(
        settings.get(key) for key in ("files", "packages", "modules")
    )
    return () if named else (".",)


def _messages(done: Completed) -> list[Message]:
    messages: list[Message] = []
    for line in done.stdout.splitlines():
        if line.startswith(b"{"):
            messages.append(decode(msgspec.structs.replace(done, stdout=line), Message, "mypy"))
        elif line.strip() and not _CHATTER.match(line):
            raise invalid(done, "mypy", line.decode("utf-8", "replace"))
    return messages


def _refuse_failure(
    done: Completed, messages: Sequence[Message], found_in: Mapping[str, str | None]
) -> None:
    """Status 2 means that mypy gave up: fine over errors in the code, else ToolError."""
    if "INTERNAL ERROR" in done.stderr:
        said = next(line for line in done.stderr.splitlines() if "INTERNAL ERROR" in line)
        raise ToolError("tool-crashed", f"mypy crashed: {said[:300]}")
    if "unrecognized arguments: --output" in done.stderr:
        raise ToolError(
            "tool-misconfigured",
            "the project's mypy cannot report in JSON",
            "update it: mypy 1.11 or newer is needed",
        )
    odd = [message for message in messages if message.line < 1 or not found_in[message.file]]
    if odd or not messages:
        said = odd[0].message if odd else last_line(done.stderr)
        raise misconfigured("mypy", done, said)


def _stopped(batch: Batch, over: set[str], reason: UncheckedReason) -> list[RawUnchecked]:
    """Every file, since mypy gave up on all of them because of those in `over`."""
    culprits = ", ".join(sorted(over)[:3])
    return [
        RawUnchecked(path, reason, "mypy could not read it")
        if path in over
        else RawUnchecked(path, "not-reported", f"mypy gave up over {culprits}")
        for path in batch.paths
    ]


def _without_explanations(messages: Sequence[Message]) -> list[Message]:
    """All but the notes that only explain an error, which older versions print beside it."""
    wrong = {(item.file, item.line) for item in messages if item.severity == "error"}
    return [
        item for item in messages if item.severity != "note" or (item.file, item.line) not in wrong
    ]


def _finding(message: Message, path: str, cwd: str) -> RawFinding:
    code = message.code or message.severity
    return problem(
        path,
        code,
        message.message,
        _SEVERITY.get(message.severity, "medium"),
        cwd=cwd,
        start=(message.line, message.column + 1),
        end=(message.end_line, message.end_column + 1),
        help_url=f"https://mypy.readthedocs.io/en/stable/_refs.html#code-{code}"
        if message.code
        else "",
    )

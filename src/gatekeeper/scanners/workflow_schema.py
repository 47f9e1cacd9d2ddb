"""GitHub's schemas for workflows and actions, through check-jsonschema's vendored copies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

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
from gatekeeper.scanners.output import decode, expect_status, path_map, real_path
from gatekeeper.scanners.tools import CHECK_JSONSCHEMA
from gatekeeper.scanners.zizmor import is_action, is_workflow
from gatekeeper.text.patterns import regex

_HELP = {
    "vendor.github-workflows": "https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax",
    "vendor.github-actions": "https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax",
}
_STEP = regex(r"\[(\d+)\]|\['([^']*)'\]|\.([^.\[]+)")
_JOB = regex(r"^\$\.jobs(?:\.[^.\[]+|\['[^']*'\])")
_USING = "$.runs.using"
_NEEDS = {"composite": "'steps'", "docker": "'image'", "node": "'main'"}
_UNKNOWN = "Additional properties are not allowed"
_MISSING = " is a required property"
_VAGUE = " is not valid under any of the given schemas"


class Mistake(Struct):
    """Where a document breaks the schema, as a path such as `$.jobs.a`."""

    path: str
    message: str


class Error(Mistake):
    """Something with mistakes: where the schema has alternatives, all that is wrong with each."""

    filename: str = ""
    sub_errors: list[Mistake] = []


class ParseError(Struct):
    """A document that is no YAML."""

    filename: str
    message: str


class Output(Struct):
    """check-jsonschema's JSON report."""

    status: str
    errors: list[Error] = []
    parse_errors: list[ParseError] = []


class WorkflowSchema:
    """Misspelt keys, wrong types and missing parts, before GitHub refuses the file."""

    id = "workflow-schema"
    gate: GateId = "workflows"
    stage: Stage = "ci"
    scope: ScanScope = "file"
    layout: Layout = "tree"
    tool = CHECK_JSONSCHEMA
    size_limited = True
    revision = 2
    startup = 0.8
    rate = 20.0

    def prepare(self, context: Context) -> Prepared | Skipped:
        if not any(is_workflow(path) or is_action(path) for path in context.snapshot.entries()):
            return Skipped("no-matching-files", "no GitHub workflows or actions")
        return Prepared(selects=lambda path: is_workflow(path) or is_action(path), digest="")

    def scan(self, batch: Batch) -> Scanned:
        workflows = [path for path in batch.paths if is_workflow(path)]
        actions = [path for path in batch.paths if not is_workflow(path)]
        findings: list[RawFinding] = []
        unchecked: list[RawUnchecked] = []
        for schema, paths in (
            ("vendor.github-workflows", workflows),
            ("vendor.github-actions", actions),
        ):
            if paths:
                part = _check(batch, schema, paths)
                findings += part.findings
                unchecked += part.unchecked
        return Scanned(findings, unchecked)


def _check(batch: Batch, schema: str, paths: Sequence[str]) -> Scanned:
    done = batch.run(
        "--builtin-schema", schema, "--output-format", "json", "--color", "never", "--verbose",
        "--", *(f"./{path}" for path in paths),
    )  # fmt: skip
    expect_status(done, (0, 1), "check-jsonschema")
    output = decode(done, Output, "check-jsonschema")
    if output.status != "ok" and not (output.errors or output.parse_errors):
        raise ToolError("tool-output-invalid", "check-jsonschema failed without saying where")
    known = path_map(paths)
    findings: list[RawFinding] = []
    for error in output.errors:
        path = real_path(error.filename, known, batch.cwd, "check-jsonschema")
        content = batch.read(path)
        findings += [_finding(path, content, schema, *mistake) for mistake in _mistakes(error)]
    unchecked = [
        _unread(batch, real_path(trouble.filename, known, batch.cwd, "check-jsonschema"))
        for trouble in output.parse_errors
    ]
    return Scanned(findings, unchecked)


def _mistakes(error: Error) -> Iterator[tuple[str, list[str]]]:
    """Places and what is wrong there: one error may stand for many mistakes in a job.

    The alternatives of the schema all complain. Those that were meant complain deepest, so what
    is said about the places above counts only when no other alternative would say it.
    """
    said: dict[str, list[str]] = {}
    for mistake in error.sub_errors or [error]:
        said.setdefault(mistake.path, []).append(mistake.message)
    if kind := _kind_of_action(said.get(_USING, ())):
        del said[_USING]
        said["$.runs"] = _meant(kind, said.get("$.runs", ()))
    for place, messages in said.items():
        deepest = not any(
            other.startswith((f"{place}.", f"{place}[")) for other in said if other != place
        )
        if kept := messages if deepest else _certain(place, messages):
            yield place, kept


def _kind_of_action(messages: Sequence[str]) -> str:
    """What an action says it runs with, from the complaints of the kinds it is not."""
    others = {f"'{kind}' was expected" for kind in ("composite", "docker")}
    told = [message for message in messages if message not in others]
    if not told and others == set(messages):
        return "node"
    if len(messages) == len(others) and len(told) == 1:
        return next((kind for kind in _NEEDS if told[0].startswith(f"'{kind}' is not")), "")
    return ""  # it does not say, or says something that is no kind


def _meant(kind: str, messages: Sequence[str]) -> list[str]:
    needs = _NEEDS[kind]
    return [
        message
        for message in dict.fromkeys(messages)
        if not (message.startswith(_UNKNOWN) and needs in message)
        and not (message.endswith(_MISSING) and not message.startswith(needs))
    ]


def _certain(place: str, messages: Sequence[str]) -> list[str]:
    match = _JOB.match(place)
    if match is None or match.end() != len(place):
        return [message for message in messages if message.startswith(_UNKNOWN)]
    # A job either runs steps or calls a workflow; the complaints of the other kind are noise.
    calls = f"'uses'{_MISSING}" not in messages
    alien = ("'uses'",) if calls else ("'runs-on'", "'steps'")
    absent = ("'runs-on'",) if calls else ("'uses'",)
    return [
        message
        for message in messages
        if (message.startswith(_UNKNOWN) and not any(name in message for name in alien))
        or (message.endswith(_MISSING) and not message.startswith(absent))
    ]


def _finding(
    path: str, content: bytes, schema: str, place: str, messages: Sequence[str]
) -> RawFinding:
    clear = [message for message in messages if not message.endswith(_VAGUE)] or messages
    told = next((message for message in clear if message.startswith(_UNKNOWN)), clear[0])
    line = line_of(content, place)
    # Neither which job nor which of its steps: both change when others come and go.
    anonymous = re.sub(r"\[\d+\]", "[]", _JOB.sub("$.jobs.*", place))
    return RawFinding(
        path=path,
        rule="schema",
        message=f"{place.removeprefix('$').removeprefix('.') or 'document'}: {told[:300]}",
        severity="high",
        line=line,
        end_line=line,
        help_url=_HELP[schema],
        anchor="\n".join([anonymous, *messages]),
    )


def _unread(batch: Batch, path: str) -> RawUnchecked:
    try:
        batch.read(path).decode("utf-8")
    except UnicodeDecodeError:
        return RawUnchecked(path, "undecodable", "not valid UTF-8")
    return RawUnchecked(path, "parse-error", "not valid YAML")


def line_of(content: bytes, path: str) -> int:
    """The line a path such as `$.jobs.a.steps[0].run` is at: as deep as it can be followed."""
    import yaml

    try:
        node = yaml.compose(content.decode("utf-8", "replace"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return 1
    line = 1
    for index, quoted, name in _STEP.findall(path):
        if isinstance(node, yaml.SequenceNode) and index:
            if int(index) >= len(node.value):
                return line
            node = node.value[int(index)]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            key = index or quoted or name
            pair = next(((k, v) for k, v in node.value if k.value == key), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        else:
            return line
    return line

"""GitHub's schemas for workflows and actions, through check-jsonschema's vendored copies."""

from __future__ import annotations

from collections.abc import Sequence

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
from gatekeeper.scanners.output import decode, expect_status, path_map, relative
from gatekeeper.scanners.tools import CHECK_JSONSCHEMA
from gatekeeper.scanners.zizmor import is_action, is_workflow

_HELP = {
    "vendor.github-workflows": "https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax",
    "vendor.github-actions": "https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax",
}


class Mistake(Struct):
    """Where a document breaks the schema, as a path such as `$.jobs.a`."""

    path: str
    message: str


class Error(Mistake):
    """A mistake and the most telling one below it."""

    filename: str = ""
    best_deep_match: Mistake | None = None


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
    revision = 1
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
        "--builtin-schema", schema, "--output-format", "json", "--color", "never",
        "--", *(f"./{path}" for path in paths),
    )  # fmt: skip
    expect_status(done, (0, 1), "check-jsonschema")
    output = decode(done, Output, "check-jsonschema")
    if output.status != "ok" and not (output.errors or output.parse_errors):
        raise ToolError("tool-output-invalid", "check-jsonschema failed without saying where")
    known = path_map(paths)
    findings: list[RawFinding] = []
    for error in output.errors:
        path = known.get(relative(error.filename, batch.cwd), "")
        if not path:
            raise ToolError("tool-output-invalid", "check-jsonschema named an unknown file")
        best = error.best_deep_match or error
        line = line_of(batch.read(path), best.path)
        findings.append(
            RawFinding(
                path=path,
                rule="schema",
                message=f"{best.path.removeprefix('$.') or 'document'}: {best.message[:300]}",
                severity="high",
                line=line,
                end_line=line,
                help_url=_HELP[schema],
                anchor=f"{best.path} {best.message}",
            )
        )
    unchecked = [
        RawUnchecked(path, "parse-error", "not valid YAML")
        for trouble in output.parse_errors
        if (path := known.get(relative(trouble.filename, batch.cwd), ""))
    ]
    return Scanned(findings, unchecked)


def line_of(content: bytes, path: str) -> int:
    """The line a path such as `$.jobs.a.steps[0].run` is at: as deep as it can be followed."""
    import yaml

    try:
        node = yaml.compose(content.decode("utf-8", "replace"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return 1
    line = 1
    for part in path.removeprefix("$").replace("[", ".[").split("."):
        if isinstance(node, yaml.SequenceNode) and part.startswith("["):
            index = int(part[1:-1]) if part[1:-1].isdigit() else -1
            if not 0 <= index < len(node.value):
                return line
            node = node.value[index]
        elif isinstance(node, yaml.MappingNode) and part:
            pair = next(((k, v) for k, v in node.value if k.value == part.strip("'\"")), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
            continue
        elif part:
            return line
        if node is not None and part:
            line = node.start_mark.line + 1
    return line

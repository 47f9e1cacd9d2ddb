"""What checkov prints: its own report, and a list of every resource that it has seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from msgspec import Struct, field

from gatekeeper.model.finding import Severity, Suppression
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import RawFinding
from gatekeeper.scanners.output import decode, path_map, real_path, relative
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

# Strings of JSON hold no line ends, so that nothing in a file can look like this.
_DELIMITER = b"\n--- OUTPUT DELIMITER ---\n"
_NO_REASON = "No comment provided"
_SENSITIVE = regex(r"secret|credential|password|private key|access key|token|hard.?coded")


class Result(Struct):
    """How a check ended."""

    suppress_comment: str | None = None


class Record(Struct):
    """A check of a resource."""

    check_id: str
    file_path: str
    file_line_range: list[int]
    resource: str
    check_result: Result
    check_name: str | None = None


class Passed(Struct):
    """A check that passed: proof that the file was looked at."""

    file_path: str
    resource: str


class Results(Struct):
    """What was found."""

    passed_checks: list[Passed] = field(default_factory=list)
    failed_checks: list[Record] = field(default_factory=list)
    skipped_checks: list[Record] = field(default_factory=list)
    parsing_errors: list[str] = field(default_factory=list)


class Report(Struct):
    """What one framework found; nothing at all when there was nothing to check."""

    check_type: str = ""
    results: Results = field(default_factory=Results)


class Component(Struct):
    """A resource that was seen."""

    purl: str
    name: str


class Bill(Struct):
    """All of them (CycloneDX)."""

    components: list[Component] = field(default_factory=list)


class Found(Struct, frozen=True):
    """A failed check, or one that the source hides, with the file it is in; `place`: the lines count."""

    record: Record
    path: str
    hidden: bool
    place: bool = True


class Answer(Struct, frozen=True):
    """`seen` names the resources by path, `broken` the framework and path of what was not parsed."""

    findings: list[Found]
    seen: Mapping[str, frozenset[str]]
    broken: frozenset[tuple[str, str]]


def answer(done: Completed, paths: Sequence[str], cwd: str) -> Answer:
    """What checkov said about these files. Raises ToolError when half of it is missing."""
    first, found, second = done.stdout.partition(_DELIMITER)
    if not found:
        raise ToolError("tool-output-invalid", "checkov did not list what it has seen")
    reports = _reports(Completed(done.status, first, done.stderr))
    bill = decode(Completed(done.status, second, done.stderr), Bill, "checkov")
    known = path_map(paths)
    seen: dict[str, set[str]] = {}
    for component in bill.components:
        if path := _path_in(component.purl, known):
            seen.setdefault(path, set()).add(component.name)
    broken = {
        (report.check_type, known.get(relative(name, cwd).lstrip("/"), ""))
        for report in reports
        for name in report.results.parsing_errors
    }
    findings = [
        Found(record, real_path(_relative(record, cwd), known, cwd, "checkov"), hidden)
        for record, hidden in _records(reports)
    ]
    told_of = {path: frozenset(names) for path, names in seen.items()}
    return Answer(findings, told_of, frozenset(broken))


def helm_answer(done: Completed, templates: Sequence[str], cwd: str) -> Answer:
    """What checkov said about charts, whose templates it knows by where helm rendered them to.

    Lines are those of what was rendered. Its list of what it has seen does not work for charts;
    that a check passed is as good.
    """
    reports = _reports(done)
    findings = [
        Found(record, _template(_relative(record, cwd), templates), hidden, place=False)
        for record, hidden in _records(reports)
    ]
    seen = {it.path: frozenset((it.record.resource,)) for it in findings}
    for report in reports:
        for passed in report.results.passed_checks:
            seen[_template(_relative(passed, cwd), templates)] = frozenset((passed.resource,))
    return Answer(findings, seen, frozenset())


def _reports(done: Completed) -> list[Report]:
    """One report stands alone, several in a list."""
    if done.stdout.lstrip().startswith(b"["):
        return decode(done, list[Report], "checkov")
    return [decode(done, Report, "checkov")]


def _records(reports: Sequence[Report]) -> Iterator[tuple[Record, bool]]:
    for report in reports:
        yield from ((record, False) for record in report.results.failed_checks)
        yield from ((record, True) for record in report.results.skipped_checks)


def _relative(record: Record | Passed, cwd: str) -> str:
    return relative(record.file_path, cwd).lstrip("/")


def _template(name: str, templates: Sequence[str]) -> str:
    """The template that `folder/chart/templates/pod.yaml` was rendered from."""
    before, _, within = f"/{name}".partition("/templates/")
    near = [path for path in templates if f"/{path}".endswith(f"/templates/{within}")]
    folder = before.lstrip("/")
    # The chart's name stands behind its folder, unless both are the same.
    exact = [
        path
        for path in near
        if f"/{path}".partition("/templates/")[0].lstrip("/") in (folder, folder.rpartition("/")[0])
    ]
    for found in (exact, near):
        if len(found) == 1:
            return found[0]
    raise ToolError(
        "tool-output-invalid", f"checkov named a template that is in no chart: {printable(name)}"
    )


def _path_in(purl: str, known: Mapping[str, str]) -> str:
    """The path in `pkg:terraform/owner/folder/infra/main.tf/resource@sha1:…`; empty without one."""
    parts = [unquote(part) for part in purl.partition("@sha1:")[0].split("/")[3:]]
    # A resource may have slashes in its name; below a file there is no other one.
    tried = ("/".join(parts[:length]) for length in range(1, len(parts)))
    return next((known[name] for name in tried if name in known), "")


def finding(found: Found, severity: Severity) -> RawFinding:
    """A failed or skipped check."""
    record, path = found.record, found.path
    name = printable(record.check_name or record.check_id)
    lines = [max(line, 1) for line in record.file_line_range[:2]] or [1]
    first, last = (lines[0], max(lines[-1], lines[0])) if found.place else (0, 0)
    reason = (record.check_result.suppress_comment or "").strip()
    whole = record.resource.endswith(".")
    resource = "" if record.resource.lstrip("/").startswith(path) else record.resource
    return RawFinding(
        path=path,
        rule=record.check_id,
        message=f"{name}: {printable(resource)}" if resource else name,
        severity=severity,
        line=first,
        end_line=last,
        suppression=Suppression(
            f"checkov:skip={record.check_id}", "" if reason == _NO_REASON else reason[:200]
        )
        if found.hidden
        else None,
        sensitive=bool(_SENSITIVE.search(name.lower())),
        # A resource is the same one when a line of it changes; so is a file as a whole.
        anchor=resource or ("file" if whole else ""),
    )

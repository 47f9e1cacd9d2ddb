"""The work of the scanner coverage: read, compare, judge."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import UNSET

from gatekeeper.model.finding import Measurement, Severity
from gatekeeper.ports.process import ToolError
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.change_interface import Change, ChangeScanned
from gatekeeper.scanners.coverage_change import Changed, changed_code
from gatekeeper.scanners.coverage_collect import PRAGMA, Collected, Collector, Detail
from gatekeeper.scanners.coverage_data import PROBE, Asked
from gatekeeper.scanners.coverage_diff import Source, changed_file, ratio_of
from gatekeeper.scanners.coverage_findings import Subject, places
from gatekeeper.scanners.coverage_judge import BASE_UNKNOWN, Numbers, judge, told
from gatekeeper.scanners.coverage_model import Ratio, rounded_down, total_of
from gatekeeper.scanners.coverage_paths import Tree
from gatekeeper.scanners.coverage_reports import Report, most_exact, outdated, read_reports
from gatekeeper.scanners.coverage_wanted import RUN_TESTS, Chosen, Origin, asked_for, demands_base
from gatekeeper.scanners.interface import RawUnchecked
from gatekeeper.scanners.output import last_line
from gatekeeper.scanners.tools import COVERAGE
from gatekeeper.text.globs import matches
from gatekeeper.text.names import plural, printable

_PYTHON = (".py", ".pyw")


class CoverageScan:
    """One look at a change. `about` names the memory of versions."""

    def __init__(self, change: Change, chosen: Chosen, about: tuple[str, str]) -> None:
        self._change = change
        self._chosen = chosen
        self._about = about

    def judge(self) -> ChangeScanned:
        """Everything there is to say about the change."""
        change, origin = self._change, self._chosen.origin
        cwd = change.measured.cwd if change.measured and origin == "measured" else ""
        reports = read_reports(change, self._chosen.paths, cwd)
        if origin != "given":
            reports = most_exact(reports)
        changed = changed_code(change)
        touched = changed.lines.items() if changed else ()
        wanted = frozenset(path for path, lines in touched if lines)
        collected = _collect(change, change.head, reports, wanted)
        _expect_fresh(change, origin, reports, collected, wanted)
        subjects = list(_subjects(changed, collected)) if changed else []
        severity: Severity = "low" if asked_for(change, self._chosen) else "info"
        findings = [it for subject in subjects for it in places(subject, severity)]
        numbers = Numbers(
            collected.files,
            {it.path: it.changed for it in subjects} if changed else None,
            [(it.path, it.line, it.end_line) for it in findings if it.rule == "uncovered"],
            self._base(),
        )
        options = change.config.scanners.coverage
        unchecked = list(collected.unchecked)
        if demands_base(options) and change.base is not None and numbers.base is None:
            unchecked.append(RawUnchecked("", "not-reported", BASE_UNKNOWN))
        if not unchecked and not any(it.endswith(_PYTHON) for it in change.changed_meanwhile()):
            change.remember(msgspec.msgpack.encode(_ratios(collected)), change.head, *self._about)
        judged = judge(numbers, options)
        return ChangeScanned(
            new=[*judged.new, *findings],
            existing=judged.existing,
            unchecked=unchecked,
            measurements=list(self._measurements(numbers)),
            summary=told(numbers),
            notes=list(_notes(changed, collected)) if changed else (),
        )

    def _base(self) -> Mapping[str, Ratio] | None:
        """The ratio of each file at the base; None when it is not known, or there is no base."""
        change = self._change
        if change.base is None:
            return None
        if change.given.coverage_base:
            paths = [os.path.abspath(path) for path in change.given.coverage_base]
            reports = read_reports(change, paths)
            return _ratios(_collect(change, change.base, reports, frozenset()))
        remembered = change.recall(change.base, *self._about)
        if remembered is None:
            return None
        return msgspec.msgpack.decode(remembered, type=dict[str, Ratio])

    def _measurements(self, numbers: Numbers) -> Iterator[Measurement]:
        def percent(name: str, ratio: Ratio) -> Measurement:
            return Measurement(
                self._about[0], f"coverage.{name}", rounded_down(ratio.percent), "percent"
            )

        yield percent("total", numbers.total())
        if (base := numbers.base_total()) is not None:
            yield percent("base", base)
        if numbers.diff is not None:
            diff = ratio_of(numbers.diff.values())
            if diff.total:
                yield percent("diff", diff)
            yield Measurement(
                self._about[0], "coverage.changed_statements", diff.total, "statements"
            )
            excluded = sum(len(it.excluded) for it in numbers.diff.values())
            yield Measurement(self._about[0], "coverage.changed_excluded", excluded, "statements")


def _collect(
    change: Change, snapshot: Snapshot, reports: Sequence[Report], wanted: frozenset[str]
) -> Collected:
    exclude = change.config.exclude
    files = [
        path
        for path, entry in snapshot.entries().items()
        if entry.regular and not matches(exclude, path)
    ]
    unknown = frozenset(path for path in wanted if path.endswith(_PYTHON) and path in set(files))
    needed = bool(unknown) or any(report.kind == "data" for report in reports)
    # A copy of the version is only laid out for coverage.py, which reads files itself.
    root = os.path.realpath(change.project.folder(snapshot) if needed else change.project.root)
    here = os.path.realpath(change.project.root)
    asked = {
        folder: Asked(lambda request: _ask(change, request), root, os.path.join(root, folder))
        for folder in {"", *(report.folder for report in reports)}
    }
    tree = Tree(files, tuple(dict.fromkeys((root, here))))
    return Collector(snapshot, tree, asked, wanted).collect(reports, unknown)


def _ask(change: Change, request: bytes) -> bytes:
    """Start the probe in the Python that measured, if it can be told, else in our own."""
    project = change.project
    source = change.config.tools.coverage.source
    own = source is UNSET and project.python and project.has("coverage")
    python = project.python if own or source == "project" else project.tool(COVERAGE)
    if not python:
        raise ToolError(
            "tool-not-installed",
            "the project's environment was not found, so its coverage.py was not either",
            "make one (.venv), activate one, or set tools.coverage.from to locked",
        )
    folder = project.scratch({"request.json": request})
    answer = os.path.join(folder, "answer.json")
    argv = [python, "-I", PROBE, os.path.join(folder, "request.json"), answer]
    deadline = change.config.limits.tool_timeout
    run = project.run(argv, cwd=folder, deadline=deadline, env={})
    if run.late:
        raise ToolError("tool-timeout", f"coverage.py took more than {deadline} s")
    if run.status != 0:
        said = printable(last_line(run.stderr)) or "nothing on standard error"
        raise ToolError("tool-crashed", f"coverage.py ended with status {run.status}: {said}")
    return change.read_report(answer)


def _expect_fresh(
    change: Change,
    origin: Origin,
    reports: Sequence[Report],
    collected: Collected,
    wanted: frozenset[str],
) -> None:
    """Raise ToolError for reports that are not about head as it is."""
    stale = list(collected.stale)
    if origin != "measured" and change.head.kind == "worktree":
        uncommitted = change.uncommitted() if origin == "given" else None
        for report in reports:
            files = collected.sources.get(report.shown, ())
            stale += filter(None, [outdated(change, report, files, uncommitted)])
    elif origin != "measured" and change.head.kind == "index":
        about = wanted & {path for files in collected.sources.values() for path in files}
        stale += [
            f"{printable(path)} was measured as it is in the working tree, and is staged otherwise"
            for path in sorted(about)
            if change.read_report(os.path.join(change.project.root, path)) != change.head.read(path)
        ]
    if stale:
        more = f", and {len(stale) - 1} more" if len(stale) > 1 else ""
        raise ToolError(
            "input-invalid", f"the data is of another version: {stale[0]}{more}", RUN_TESTS
        )


def _subjects(changed: Changed, collected: Collected) -> Iterator[Subject]:
    for path, lines in changed.lines.items():
        covered = collected.files.get(path) or collected.unimported.get(path)
        if covered is None or not lines:
            continue
        detail = collected.details.get(path, Detail())
        text = changed.text[path]
        commented = {
            line
            for line in lines & detail.markers
            if "#" in text[line - 1] and not PRAGMA.search(text[line - 1])
        }
        yield Subject(
            path,
            covered,
            changed_file(Source(covered, lines, detail.lines)),
            detail,
            changed.pragmas.get(path, frozenset()) | commented,
            # Whatever is imported runs its first statement.
            bool(covered.executed) or not path.endswith(_PYTHON),
        )


def _ratios(collected: Collected) -> dict[str, Ratio]:
    return {path: total_of((file,)) for path, file in collected.files.items()}


def _notes(changed: Changed, collected: Collected) -> Iterator[str]:
    for path, why in sorted(collected.left_out.items()):
        count = len(changed.lines.get(path, ()))
        if count and why.startswith("["):
            is_ = "is" if count == 1 else "are"
            yield f"{plural(count, 'changed line')} of {printable(path)} {is_} not measured: {why}"
    if changed.moved:
        yield f"{plural(changed.moved, 'line')} only moved: these do not count as changed"

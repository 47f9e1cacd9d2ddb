"""What a check would do, without starting a tool."""

from __future__ import annotations

from gatekeeper.model.outcome import Failed, Outcome, Ran, Skipped
from gatekeeper.model.plan import Plan, PlanRow
from gatekeeper.model.verdict import ScannerOutcome
from gatekeeper.pipeline.change import TheChange
from gatekeeper.pipeline.check import Check
from gatekeeper.pipeline.run import Means
from gatekeeper.pipeline.scan import ScannerRun
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.change_interface import ChangeScanner


def plan(check: Check) -> Plan:
    """What `check.run` would do."""
    base = check.base
    stage = check.request.stage
    if base.problem:
        rows = [
            PlanRow(item.scanner, item.gate, f"{_PLANNED[type(item.outcome)]}: {_said(item)}")
            for item in check.without_base()
        ]
        return Plan(f"nothing ({base.problem})", stage, tuple(rows))
    check.look()
    against = f" against {base.name}" if base.name else ""
    rows = [plan_row(run, check.services.means) for run in check.runs]
    change = check.change()
    for scanner in check.change_scanners(check.request.shard):
        what = _planned(scanner, change, check.skipped(scanner))
        rows.append(PlanRow(scanner.id, scanner.gate, what))
    return Plan(f"{check.versions.head.label}{against} ({base.why})", stage, tuple(rows))


def _planned(scanner: ChangeScanner, change: TheChange, skipped: Skipped | None) -> str:
    try:
        skipped = skipped or scanner.prepare(change)
        return f"skip: {skipped.message}" if skipped else f"run: {scanner.plan(change)}"
    except ToolError as error:
        return f"fail: {error.message}"


_PLANNED: dict[type[Outcome], str] = {Skipped: "skip", Failed: "fail"}


def _said(item: ScannerOutcome) -> str:
    return "" if isinstance(item.outcome, Ran) else item.outcome.message


def plan_row(run: ScannerRun, means: Means) -> PlanRow:
    """One scanner's line of the plan."""
    scanner = run.scanner
    if isinstance(run.outcome, Skipped):
        return PlanRow(scanner.id, scanner.gate, f"skip: {run.outcome.message}")
    if isinstance(run.outcome, Failed):
        return PlanRow(scanner.id, scanner.gate, f"fail: {run.outcome.message}")
    missing = tuple(run.head.missing) if run.head else ()
    known = run.files - len(missing)
    what = f"{'run' if missing else 'recall'}: {run.files:,} files, {known:,} cached"
    status = means.toolbox.status(scanner.tool)
    ready = "installed" if status.installed else "not installed yet"
    tool = f"{status.id} {status.version} ({status.source}, {ready})".replace("  ", " ")
    return PlanRow(scanner.id, scanner.gate, what, missing, tool)

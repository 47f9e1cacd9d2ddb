"""What was found in the history, judged like everything else."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.config.load import Loaded
from gatekeeper.model.outcome import Outcome
from gatekeeper.model.verdict import Comparison, Report, ScannerOutcome
from gatekeeper.model.waiver import Waiver
from gatekeeper.pipeline.gate import overall
from gatekeeper.pipeline.judge import Judge
from gatekeeper.pipeline.waive import Waived
from gatekeeper.scanners.interface import Scanner
from gatekeeper.text.fingerprint import digest
from gatekeeper.text.names import plural, printable


def history_report(
    outcome: Outcome, scanner: Scanner, loaded: Loaded, waivers: Sequence[Waiver], today: str, *,
    tips: Sequence[str], since: str, tool: str, notes: Sequence[str], seconds: float,
) -> Report:  # fmt: skip
    """One verdict. Nothing is old here: what is in the history counts until it is waived."""
    judge = Judge(
        policy=loaded.policy, gates=(scanner.gate,), deltas=None,
        scopes={scanner.id: scanner.scope}, prefixes=(),
    )  # fmt: skip
    waived = Waived(waivers, today)
    outcomes = (ScannerOutcome(scanner.id, scanner.gate, outcome),)
    judged = judge.judge(outcomes, waived)
    return Report(
        verdict=overall(judged.gates),
        gates=judged.gates,
        outcomes=outcomes,
        findings=judged.findings,
        unchecked=judged.unchecked,
        waivers=waived.notes(loaded.config.waivers.max_findings, complete=False),
        waivers_used=waived.used(),
        comparison=Comparison(
            head=f"the history behind {plural(len(tips), 'ref')}",
            base=printable(since),
            why="--since" if since else "all that was ever committed",
            changed_files=0,
            tree_digest=digest("tips", *tips),
            base_digest="",
        ),
        stage="ci",
        policy_digest=digest(loaded.digest, *(repr(waiver) for waiver in waivers)),
        tools_digest=digest(f"{scanner.id} {tool}"),
        notes=tuple(notes),
        seconds=seconds,
    )

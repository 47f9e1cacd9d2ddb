"""Judging a commit message before there is a commit."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.config.load import Loaded
from gatekeeper.model.outcome import Ran
from gatekeeper.model.verdict import ScannerOutcome
from gatekeeper.model.waiver import Waiver
from gatekeeper.pipeline.judge import Judge, Judgement
from gatekeeper.pipeline.run import identify
from gatekeeper.pipeline.waive import Waived
from gatekeeper.scanners.interface import RawFinding


def judge_message(
    findings: Sequence[RawFinding], loaded: Loaded, waivers: Sequence[Waiver], today: str
) -> Judgement:
    """What the gate `commits` says about the problems of one message; all of them are new."""
    ran = Ran(findings=identify("commits", "", findings, []))
    judge = Judge(loaded.policy, ("commits",), None, {}, ())
    return judge.judge([ScannerOutcome("commits", "commits", ran)], Waived(waivers, today))

"""The answer: one verdict, a verdict per gate, and everything it rests on."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from gatekeeper.model.finding import Finding, State, Unchecked
from gatekeeper.model.outcome import Outcome
from gatekeeper.model.policy import GateId
from gatekeeper.model.waiver import Waiver

VerdictWord = Literal["pass", "block", "inconclusive"]

GateReason = Literal[
    "clean",
    "nothing-to-check",
    "not-in-stage",
    "no-blocking-findings",
    "findings",
    "suppression-without-reason",
    "files-not-checked",
    "scanner-failed",
    "base-unavailable",
    "warned",
]

WaiverProblem = Literal["expired", "unused", "too-broad"]


class GateVerdict(Struct, frozen=True):
    """One gate's answer. `blocking` holds indices into `Report.findings`."""

    id: GateId
    verdict: VerdictWord
    reason_code: GateReason
    message: str
    blocking: tuple[int, ...] = ()


class Judged(Struct, frozen=True):
    """A finding and what became of it. `fresh`: the change brought it in, whatever its state.

    `also`: what other scanners found, the same weakness at the same place.
    """

    finding: Finding
    state: State
    gate: GateId
    fresh: bool = False
    blocks: bool = False
    waiver: Waiver | None = None
    also: tuple[Finding, ...] = ()


class JudgedUnchecked(Struct, frozen=True):
    """A file that was not checked; `new` when the change is to answer for it."""

    unchecked: Unchecked
    gate: GateId
    new: bool


class WaiverNote(Struct, frozen=True):
    """Something about a waiver that its owner should know."""

    waiver: Waiver
    problem: WaiverProblem
    message: str


class ScannerOutcome(Struct, frozen=True):
    """An outcome with the scanner and the gate it belongs to."""

    scanner: str
    gate: GateId
    outcome: Outcome


class Comparison(Struct, frozen=True):
    """What was checked against what, in words and in object names."""

    head: str
    base: str
    why: str
    changed_files: int
    tree_digest: str
    base_digest: str


class Suggestion(Struct, frozen=True):
    """Lines `line` to `end_line` of a file as a tool would safely have them; `by` names scanners.

    `text` has no line break at its end; it is empty, with `removes` set, when the lines just go.
    """

    path: str
    line: int
    end_line: int
    text: str
    by: tuple[str, ...]
    removes: bool = False


class Report(Struct, frozen=True):
    """Everything a report may say. Reports render it; none of them recomputes it.

    `project` is the folder of a monorepo that was judged, as it was named; empty for all of it.
    `suggestions` are there when they were asked for.
    """

    verdict: VerdictWord
    gates: tuple[GateVerdict, ...]
    outcomes: tuple[ScannerOutcome, ...]
    findings: tuple[Judged, ...]
    unchecked: tuple[JudgedUnchecked, ...]
    waivers: tuple[WaiverNote, ...]
    waivers_used: tuple[Waiver, ...]
    comparison: Comparison
    stage: str
    policy_digest: str
    tools_digest: str
    notes: tuple[str, ...]
    seconds: float
    project: str = ""
    suggestions: tuple[Suggestion, ...] = ()

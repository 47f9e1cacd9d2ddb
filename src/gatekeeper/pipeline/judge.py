"""From outcomes to gates: what is new, what is waived, what blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from gatekeeper.model.outcome import Ran
from gatekeeper.model.policy import GateId, Policy
from gatekeeper.model.tree import Delta
from gatekeeper.model.verdict import GateVerdict, Judged, JudgedUnchecked, ScannerOutcome
from gatekeeper.pipeline.classify import is_new, newly_unchecked
from gatekeeper.pipeline.gate import blocks, judge_gate
from gatekeeper.pipeline.same import fold
from gatekeeper.pipeline.select import below
from gatekeeper.pipeline.waive import Waived
from gatekeeper.scanners.interface import ScanScope


class Judgement(Struct, frozen=True):
    """Everything that was found, judged, and the gates' verdicts."""

    findings: tuple[Judged, ...]
    unchecked: tuple[JudgedUnchecked, ...]
    gates: tuple[GateVerdict, ...]


class Judge(Struct, frozen=True):
    """Pure: the same outcomes give the same judgement.

    `deltas` None: everything counts as new. `scopes` names the scope of each scanner that looks
    at files; those that judge the change itself are absent. `prefixes` limit what is judged.
    """

    policy: Policy
    gates: tuple[GateId, ...]
    deltas: Sequence[Delta] | None
    scopes: Mapping[str, ScanScope]
    prefixes: tuple[str, ...]

    def judge(self, outcomes: Sequence[ScannerOutcome], waived: Waived) -> Judgement:
        """Judge all outcomes."""
        findings: list[Judged] = []
        unchecked: list[JudgedUnchecked] = []
        for item in outcomes:
            if isinstance(item.outcome, Ran):
                findings += self._findings(item, item.outcome, waived)
                unchecked += self._unchecked(item, item.outcome)
        findings = fold(findings)
        gates = tuple(
            judge_gate(
                gate,
                self.policy,
                [item for item in outcomes if item.gate == gate],
                [(index, judged) for index, judged in enumerate(findings) if judged.gate == gate],
                [item for item in unchecked if item.gate == gate],
            )
            for gate in self.gates
        )
        return Judgement(tuple(findings), tuple(unchecked), gates)

    def _touched(self, scanner: str, ran: Ran) -> frozenset[str] | None:
        """The paths whose findings are compared with the base."""
        if self.deltas is None:
            return None
        scope = self.scopes.get(scanner)
        if scope == "file" or (scope == "tree" and not self.deltas):
            return frozenset(delta.path for delta in self.deltas)
        # A change in one file may bring in findings in others.
        return frozenset(finding.path for finding in ran.findings)

    def _findings(self, item: ScannerOutcome, ran: Ran, waived: Waived) -> list[Judged]:
        flags = is_new(ran.findings, ran.base or (), self._touched(item.scanner, ran))
        judged: list[Judged] = []
        for finding, fresh in zip(ran.findings, flags, strict=True):
            if not self._counts(finding.path):
                continue
            state, waiver = waived.cover(
                finding, "suppressed" if finding.suppression else "new" if fresh else "existing"
            )
            stops = blocks(self.policy, item.gate, finding, state, fresh)
            judged.append(Judged(finding, state, item.gate, fresh, stops, waiver))
        return judged

    def _unchecked(self, item: ScannerOutcome, ran: Ran) -> list[JudgedUnchecked]:
        deltas = self.deltas
        touched = None if deltas is None else frozenset(delta.path for delta in deltas)
        by_blob = {delta.old.blob: delta.path for delta in deltas or () if delta.old}
        same_content = {
            delta.path: by_blob[delta.new.blob]
            for delta in deltas or ()
            if delta.new and delta.new.blob in by_blob
        }
        flags = newly_unchecked(ran.unchecked, ran.base_unchecked, touched, same_content)
        return [
            JudgedUnchecked(unchecked, item.gate, new)
            for unchecked, new in zip(ran.unchecked, flags, strict=True)
            if self._counts(unchecked.path)
        ]

    def _counts(self, path: str) -> bool:
        return not path or not self.prefixes or below(path, self.prefixes)

"""Gates decide. Nothing here reads, writes or starts anything."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.model.finding import Finding, State, Unchecked, at_least, sure_enough
from gatekeeper.model.outcome import Failed, Ran, Skipped
from gatekeeper.model.policy import GateId, GatePolicy, OnInconclusive, Policy
from gatekeeper.model.verdict import (
    GateReason,
    GateVerdict,
    Judged,
    JudgedUnchecked,
    ScannerOutcome,
    VerdictWord,
)
from gatekeeper.text.globs import matches
from gatekeeper.text.names import plural


def policy_for(policy: Policy, gate: GateId, path: str) -> GatePolicy:
    """A gate's demands for one path: the last matching override, else the gate's own."""
    found = policy.gates[gate]
    for override in policy.overrides:
        if override.gate == gate and path and matches(override.patterns, path):
            found = override.policy
    return found


def blocks(policy: Policy, gate: GateId, finding: Finding, state: State, fresh: bool) -> bool:
    """Whether this finding, in this state, blocks. `fresh`: the change brought it in."""
    demands = policy_for(policy, gate, finding.path)
    if not demands.enabled:
        return False
    if state == "waived" or (demands.on == "new" and not fresh):
        return False
    if state == "suppressed":
        return demands.require_reason and _unexplained(finding)
    return at_least(finding.severity, demands.block_from) and sure_enough(
        finding.confidence, demands.confidence
    )


def _unexplained(finding: Finding) -> bool:
    return finding.suppression is not None and not finding.suppression.reason


def judge_gate(
    gate: GateId,
    policy: Policy,
    outcomes: Sequence[ScannerOutcome],
    findings: Sequence[tuple[int, Judged]],
    unchecked: Sequence[JudgedUnchecked],
) -> GateVerdict:
    """One gate's verdict from its own outcomes, findings (with their index) and unchecked files."""
    blocking = tuple(index for index, judged in findings if judged.blocks)
    if blocking:
        first = [judged for _, judged in findings if judged.blocks]
        if all(judged.state == "suppressed" for judged in first):
            return GateVerdict(
                gate,
                "block",
                "suppression-without-reason",
                f"{plural(len(blocking), 'inline ignore')} without a reason",
                blocking,
            )
        new = sum(judged.state == "new" for judged in first)
        kind = "new " if new == len(first) else ""
        return GateVerdict(
            gate, "block", "findings", f"{plural(len(blocking), f'{kind}problem')}", blocking
        )
    if doubt := _doubt(gate, policy, outcomes, unchecked):
        return doubt
    if not any(isinstance(item.outcome, Ran) for item in outcomes):
        later = any(
            isinstance(it.outcome, Skipped) and it.outcome.reason == "not-in-stage"
            for it in outcomes
        )
        idle: GateReason = "not-in-stage" if later else "nothing-to-check"
        return GateVerdict(gate, "pass", idle, _why_skipped(outcomes))
    rest = [judged for _, judged in findings]
    if not rest:
        return GateVerdict(gate, "pass", "clean", "no problems")
    return GateVerdict(gate, "pass", "no-blocking-findings", _summary(rest))


def _doubt(
    gate: GateId,
    policy: Policy,
    outcomes: Sequence[ScannerOutcome],
    unchecked: Sequence[JudgedUnchecked],
) -> GateVerdict | None:
    """The verdict when something could not be checked; None when everything was."""
    for item in outcomes:
        if isinstance(item.outcome, Failed):
            reason: GateReason = (
                "base-unavailable"
                if item.outcome.reason == "base-unavailable"
                else "scanner-failed"
            )
            message = f"{item.scanner}: {item.outcome.message}"
            return _inconclusive(gate, policy.gates[gate].inconclusive, reason, message)
    by_demand: dict[OnInconclusive, list[Unchecked]] = {}
    for left in unchecked:
        demands = policy_for(policy, gate, left.unchecked.path)
        if left.new and demands.enabled:
            by_demand.setdefault(demands.inconclusive, []).append(left.unchecked)
    # The strictest demand among the files decides.
    strictest: tuple[OnInconclusive, ...] = ("block", "inconclusive", "warn")
    for demand in strictest:
        if files := by_demand.get(demand):
            more = f" and {len(files) - 1} more" if len(files) > 1 else ""
            what = f" could not check {files[0].path}" if files[0].path else ""
            message = f"{files[0].scanner}{what}: {files[0].message}{more}"
            return _inconclusive(gate, demand, "files-not-checked", message)
    return None


def _inconclusive(
    gate: GateId, demand: OnInconclusive, reason: GateReason, message: str
) -> GateVerdict:
    if demand == "warn":
        return GateVerdict(gate, "pass", "warned", f"not fully checked: {message}")
    verdict: VerdictWord = "block" if demand == "block" else "inconclusive"
    return GateVerdict(gate, verdict, reason, message)


def _why_skipped(outcomes: Sequence[ScannerOutcome]) -> str:
    skipped = [
        (item.scanner, item.outcome) for item in outcomes if isinstance(item.outcome, Skipped)
    ]
    # What could be done here and is not says most about the gate.
    if hinted := dict.fromkeys(outcome.message for _, outcome in skipped if outcome.hint):
        return "; ".join(hinted)
    unconfigured = [name for name, outcome in skipped if outcome.reason == "not-configured"]
    if len(unconfigured) > 1 and len(unconfigured) == len(skipped):
        return f"not configured: {', '.join(unconfigured)}"
    return "; ".join(dict.fromkeys(outcome.message for _, outcome in skipped)) or "nothing to check"


def _summary(judged: Sequence[Judged]) -> str:
    parts = []
    for state, word in (
        ("new", "new below the threshold"),
        ("existing", "existing"),
        ("waived", "waived"),
        ("suppressed", "ignored inline"),
    ):
        if count := sum(item.state == state for item in judged):
            parts.append(f"{count:,} {word}")
    return ", ".join(parts)


def overall(gates: Sequence[GateVerdict]) -> VerdictWord:
    """One verdict: a block decides, then doubt, then pass. No gates at all is no pass."""
    words = {gate.verdict for gate in gates}
    if "block" in words:
        return "block"
    return "inconclusive" if "inconclusive" in words or not words else "pass"

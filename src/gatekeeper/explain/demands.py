"""Why something blocks here: a gate's demands, each with the file and line that sets it."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from gatekeeper.config.load import Loaded
from gatekeeper.model.finding import Finding, at_least, sure_enough
from gatekeeper.model.policy import GateId, GatePolicy
from gatekeeper.model.verdict import Judged
from gatekeeper.pipeline.gate import policy_for
from gatekeeper.text.globs import matches

_WORDS = {
    "enabled": {"true": "the gate is on", "false": "the gate is off"},
    "on": {"new": "only what a change brings in blocks", "all": "existing problems block, too"},
    "require_reason": {
        "true": "an inline ignore without a reason blocks",
        "false": "an inline ignore needs no reason",
    },
}


class Demand(Struct, frozen=True):
    """One demand in words, its key and value, and where it comes from."""

    words: str
    key: str
    origin: str


def demands(loaded: Loaded, gate: GateId, path: str = "") -> list[Demand]:
    """What a gate demands, for one path if it is given."""
    index = _override(loaded, gate, path)
    policy = policy_for(loaded.policy, gate, path)
    rows = []
    for field in GatePolicy.__struct_fields__:
        if field == "inconclusive":
            continue
        value = _text(getattr(policy, field))
        own = f"gates.{gate}.{field}"
        above = f"overrides[{index}].gates.{gate}.{field}"
        key = above if index >= 0 and above in loaded.origins else own
        words = _WORDS.get(field, {}).get(value) or {
            "block_from": f"severity {value} and above blocks",
            "confidence": f"confidence {value} and above counts",
        }.get(field, f"{field}: {value}")
        rows.append(Demand(words, f"{key}: {value}", loaded.origins.get(key, "default")))
    return rows


def exceptions(loaded: Loaded, gate: GateId) -> list[tuple[str, str]]:
    """Paths with other demands: the patterns, and what is demanded there, with its origin."""
    rows = []
    for index, override in enumerate(loaded.config.overrides):
        own = msgspec.to_builtins(getattr(override.gates, gate))
        said = ", ".join(f"{key}: {_text(value)}" for key, value in own.items())
        if said:
            origin = loaded.origins.get(f"overrides[{index}].paths", "")
            rows.append((" ".join(override.paths), f"{said}  ({origin})"))
    return rows


def why(loaded: Loaded, judged: Judged) -> str:
    """Why this finding blocks, or why it does not, in a sentence."""
    finding, policy = judged.finding, policy_for(loaded.policy, judged.gate, judged.finding.path)
    if judged.blocks:
        if judged.state == "suppressed":
            return "It blocks: it is ignored inline without a reason."
        brought = "the change brings it in" if judged.fresh else "existing problems count here"
        return (
            f"It blocks: {brought}, and its severity {finding.severity} reaches"
            f" `block_from: {policy.block_from}`."
        )
    return f"It does not block: {_why_not(judged, policy)}."


def _why_not(judged: Judged, policy: GatePolicy) -> str:
    if waiver := judged.waiver:
        until = "for good" if waiver.expires == "never" else f"until {waiver.expires}"
        return f"{waiver.owner} accepts it {until} ({waiver.source}): {waiver.reason.rstrip('.')}"
    if judged.state == "suppressed":
        said = judged.finding.suppression.directive if judged.finding.suppression else ""
        return f"`{said}` ignores it inline"
    if not policy.enabled:
        return "the gate is off for this path"
    if policy.on == "new" and not judged.fresh:
        return "it was there before, and only new problems block"
    return _below(judged.finding, policy)


def _below(finding: Finding, policy: GatePolicy) -> str:
    if not at_least(finding.severity, policy.block_from):
        return f"its severity {finding.severity} is below `block_from: {policy.block_from}`"
    if not sure_enough(finding.confidence, policy.confidence):
        return f"its confidence {finding.confidence} is below `confidence: {policy.confidence}`"
    return "the policy was another one when it was checked"


def _override(loaded: Loaded, gate: GateId, path: str) -> int:
    """The entry of `overrides` that decides for a path; -1 when none does."""
    found = -1
    for index, override in enumerate(loaded.config.overrides):
        named = bool(msgspec.to_builtins(getattr(override.gates, gate)))
        if named and path and matches(override.paths, path):
            found = index
    return found


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

"""What a check would do."""

from __future__ import annotations

from msgspec import Struct

from gatekeeper.model.policy import GateId, Stage


class PlanRow(Struct, frozen=True):
    """What one scanner would do. `files` are those it would have to scan."""

    scanner: str
    gate: GateId
    what: str
    files: tuple[str, ...] = ()
    tool: str = ""


class Plan(Struct, frozen=True):
    """What a check would do."""

    comparison: str
    stage: Stage
    rows: tuple[PlanRow, ...]

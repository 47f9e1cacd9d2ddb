"""What one shard of a check found out, for `gatekeeper merge`."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from gatekeeper.model.outcome import Failed, Outcome
from gatekeeper.model.policy import GateId
from gatekeeper.model.shard import Shard

PARTIAL_VERSION: Literal["1"] = "1"


class Identity(Struct, frozen=True, forbid_unknown_fields=True):
    """All that has to be the same for parts to belong together.

    `question` is what was asked on the command line; the others name what the answer rests on.
    """

    gatekeeper: str
    head: str
    base: str
    policy: str
    question: str


class PartialOutcome(Struct, frozen=True, forbid_unknown_fields=True):
    """How one scanner ended in this part, and the tool it used.

    `base_failed` says why the base could not be scanned: it matters only if the base does, which
    only all parts together tell. `tool` is the tool's digest here, `shared` one that all machines
    have in common.
    """

    scanner: str
    gate: GateId
    outcome: Outcome
    base_failed: Failed | None = None
    tool: str = ""
    shared: str = ""


class Partial(Struct, frozen=True, forbid_unknown_fields=True):
    """One part's result."""

    schema_version: Literal["1"]
    shard: Shard
    identity: Identity
    outcomes: tuple[PartialOutcome, ...]
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

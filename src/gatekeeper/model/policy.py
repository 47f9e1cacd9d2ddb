"""What a gate demands, fully resolved: no defaults left to guess."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from gatekeeper.model.finding import Confidence, Severity

GateId = Literal[
    "lint",
    "format",
    "types",
    "tests",
    "coverage",
    "sast",
    "secrets",
    "dependencies",
    "licenses",
    "workflows",
    "iac",
    "commits",
    "size",
    "external",
]
GATE_IDS: tuple[GateId, ...] = (
    "lint",
    "format",
    "types",
    "tests",
    "coverage",
    "sast",
    "secrets",
    "dependencies",
    "licenses",
    "workflows",
    "iac",
    "commits",
    "size",
    "external",
)

Stage = Literal["hook", "ci", "full"]
STAGES: tuple[Stage, ...] = ("hook", "ci", "full")
BlockOn = Literal["new", "all"]
OnInconclusive = Literal["inconclusive", "block", "warn"]


class GatePolicy(Struct, frozen=True):
    """When a gate blocks."""

    enabled: bool
    block_from: Severity
    confidence: Confidence
    on: BlockOn
    inconclusive: OnInconclusive
    require_reason: bool


class PathPolicy(Struct, frozen=True):
    """A gate's policy for the paths that match `patterns`; the last match wins."""

    patterns: tuple[str, ...]
    gate: GateId
    policy: GatePolicy


class Policy(Struct, frozen=True):
    """Every gate's demands, and where they differ by path."""

    gates: dict[GateId, GatePolicy]
    overrides: tuple[PathPolicy, ...] = ()

"""How a scanner ended. `Skipped` and `Failed` are values with a closed set of reasons."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from gatekeeper.model.account import Account
from gatekeeper.model.finding import Finding, Measurement, Unchecked

SkipReason = Literal[
    "no-matching-files",
    "not-configured",
    "disabled",
    "not-in-stage",
    "nothing-changed",
]

FailReason = Literal[
    "tool-not-installed",
    "tool-install-failed",
    "tool-crashed",
    "tool-timeout",
    "tool-output-invalid",
    "tool-output-too-large",
    "tool-misconfigured",
    "base-unavailable",
    "input-invalid",
    "no-tests",
    "advisories-unavailable",
    "disk-full",
    "cancelled",
]


class Ran(Struct, frozen=True, tag="ran"):
    """The scanner did its work; what it could not judge is in `unchecked`.

    `findings` holds those at the version under check, suppressed ones included. `base` holds
    those at the base, for the files the change touches; None means that no base was needed.
    `summary` tells in a few words what was measured. `accounts` are those of dependencies.
    """

    findings: tuple[Finding, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    base: tuple[Finding, ...] | None = None
    base_unchecked: tuple[Unchecked, ...] = ()
    seconds: float = 0.0
    cached_files: int = 0
    scanned_files: int = 0
    tool_version: str = ""
    summary: str = ""
    notes: tuple[str, ...] = ()
    accounts: tuple[Account, ...] = ()


class Skipped(Struct, frozen=True, tag="skipped"):
    """The scanner had no business here; a gate may pass without it.

    `hint` tells what it could do here, if it were asked to.
    """

    reason: SkipReason
    message: str
    hint: str = ""


class Failed(Struct, frozen=True, tag="failed"):
    """The scanner should have run and could not; a gate that needs it is inconclusive."""

    reason: FailReason
    message: str
    remedy: str = ""
    seconds: float = 0.0


Outcome = Ran | Skipped | Failed

"""What one look found: fine, worth a thought, or something that has to be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

State = Literal["ok", "warn", "fail"]
AREAS = ("machine", "tools", "configuration", "base", "hooks", "workflows", "waivers", "advisories")


class Check(Struct, frozen=True):
    """`name` says what was looked at, `message` what was found, `remedy` what to do about it."""

    area: str
    name: str
    state: State
    message: str
    remedy: str = ""


def worst(checks: Sequence[Check]) -> State:
    """The state of them all together."""
    states = {check.state for check in checks}
    return "fail" if "fail" in states else "warn" if "warn" in states else "ok"

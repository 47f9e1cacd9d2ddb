"""Other auditors, and what they say about exact versions."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from gatekeeper.model.advisory import Vulnerability

AuditorName = Literal["pip-audit", "uv", "safety"]


class Opinion(Struct, frozen=True):
    """What one auditor says: `judged` are the (name, version) pairs that it looked at, as asked."""

    vulnerabilities: tuple[Vulnerability, ...]
    judged: frozenset[tuple[str, str]]

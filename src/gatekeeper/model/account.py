"""What became of each dependency: vulnerable, clean, or not checked and why."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from gatekeeper.model.advice import Advice
from gatekeeper.model.advisory import Vulnerability
from gatekeeper.model.dependency import Ecosystem, Place, Scope
from gatekeeper.model.vex import Statement

AccountStatus = Literal["vulnerable", "clean", "not-checked", "left-out"]
Imported = Literal["imported", "not-found", "unknown"]


class Analysis(Struct, frozen=True):
    """A vulnerability of one dependency, and the statement that settles it here, if one does."""

    vulnerability: Vulnerability
    settled: Statement | None = None


class Account(Struct, frozen=True, kw_only=True):
    """One dependency at one place, with what is known about it.

    `via` are the names from what the project itself asks for down to this one. `reason` and
    `message` say why it was not checked or left out. `vulnerabilities` are the ids for people,
    `fixed` the nearest version without any of them, empty when there is none or nobody knows.
    `advice` is the smallest change that leads there. `analyses` tell all about them, for documents that are made of it; no report has them.
    """

    ecosystem: Ecosystem
    name: str
    version: str
    place: Place
    status: AccountStatus
    reason: str = ""
    message: str = ""
    direct: bool | None = None
    scope: Scope = "unknown"
    via: tuple[str, ...] = ()
    vulnerabilities: tuple[str, ...] = ()
    fixed: str = ""
    imported: Imported = "unknown"
    analyses: tuple[Analysis, ...] = ()
    advice: Advice | None = None

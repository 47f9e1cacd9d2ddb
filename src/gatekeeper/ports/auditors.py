"""Asking other auditors about exact versions of Python packages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gatekeeper.model.auditor import AuditorName
from gatekeeper.ports.advisories import PackageVersion


class Auditors(Protocol):
    """Starts auditors that others wrote, over the advisories that the audit itself uses.

    `lacking` says why one cannot be asked here at all, empty when it can: that is no failure.
    `identity` tells one version of it from another. `ask` gives what it prints, as JSON, about
    packages of which each is named once. Raises ToolError: it cannot be had, gives no answer in
    time, or ends in a way in which nothing was audited.
    """

    def lacking(self, auditor: AuditorName) -> str: ...

    def identity(self, auditor: AuditorName) -> str: ...

    def ask(self, auditor: AuditorName, packages: Sequence[PackageVersion]) -> bytes: ...

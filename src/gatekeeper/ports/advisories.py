"""Asking what is known about packages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple, Protocol

from gatekeeper.model.advisory import Open, PackageAdvisories, Priority
from gatekeeper.model.dependency import Ecosystem

UnavailableReason = Literal[
    "snapshot-missing",
    "snapshot-stale",
    "snapshot-damaged",
    "snapshot-mismatch",
    "service-unavailable",
]


class AdvisoriesError(Exception):
    """Nothing can be said about any package: the outcome is inconclusive, and never clean."""

    def __init__(self, reason: UnavailableReason, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.reason: UnavailableReason = reason
        self.message = message
        self.remedy = remedy


class PackageVersion(NamedTuple):
    """An exact version; `name` as its ecosystem normalises it."""

    ecosystem: Ecosystem
    name: str
    version: str


class AdvisorySource(NamedTuple):
    """Where answers come from: `name` for people, `digest` to pin them, `as_of` their time."""

    name: str
    digest: str = ""
    as_of: str = ""


class Advisories(Protocol):
    """What is known about packages. Not known is never clean.

    Every package that is asked for is in the answer: with all that is known of it, which is nothing
    when no advisory names it, or with the reason why nothing can be said. Raises AdvisoriesError
    when that is so for all of them.
    """

    def source(self) -> AdvisorySource: ...

    def lookup(
        self, packages: Collection[PackageVersion]
    ) -> Mapping[PackageVersion, PackageAdvisories | Open]: ...

    def priority(self, cve: str) -> Priority:
        """How urgent a CVE is, as far as anybody knows."""
        ...

    def close(self) -> None: ...

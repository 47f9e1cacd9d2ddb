"""What a scanner is that judges the change itself, and what it may know about the change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from gatekeeper.config.schema import Config
from gatekeeper.model.account import Account
from gatekeeper.model.finding import Measurement
from gatekeeper.model.given import Given
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.model.tree import Commit, Delta, Hunk, LineCount
from gatekeeper.ports.advisories import Advisories
from gatekeeper.ports.auditors import Auditors
from gatekeeper.ports.package_index import PackageIndexes
from gatekeeper.ports.remotes import Remotes
from gatekeeper.ports.repository import Snapshot
from gatekeeper.ports.resolver import Resolver
from gatekeeper.scanners.interface import RawFinding, RawUnchecked
from gatekeeper.scanners.project import Measured, Project


class Change(Protocol):
    """What is being changed: for scanners that judge the change and not the files.

    `base` is None when everything counts as new. `measured` is None unless the project's tests
    have run in this very check.
    """

    @property
    def config(self) -> Config: ...

    @property
    def given(self) -> Given: ...

    @property
    def head(self) -> Snapshot: ...

    @property
    def base(self) -> Snapshot | None: ...

    @property
    def project(self) -> Project: ...

    @property
    def measured(self) -> Measured | None: ...

    @property
    def today(self) -> str:
        """The ISO date in UTC."""
        ...

    def advisories(self) -> Advisories:
        """What is known about packages, as configured; whoever asks closes it.

        Raises AdvisoriesError when nothing is.
        """
        ...

    def resolver(self) -> Resolver:
        """Chooses versions for what manifests leave open; offline where the check is."""
        ...

    def auditors(self) -> Auditors:
        """Auditors that others wrote, over the same advisories."""
        ...

    def indexes(self) -> PackageIndexes:
        """Package indexes, to be asked about packages; whoever asks closes it."""
        ...

    def remotes(self) -> Remotes:
        """Asks other repositories what belongs to them; offline where the check is."""
        ...

    @property
    def deltas(self) -> Sequence[Delta]: ...

    @property
    def asked(self) -> Sequence[GateId]:
        """The gates that were asked for by name; empty when nobody chose."""
        ...

    def recall_tree(self, snapshot: Snapshot, *about: str) -> bytes | None:
        """What `remember_tree` was told about this very version: found without a look at it.

        For what follows from the files alone. Unlike `recall`, what lay in the working tree and
        what was committed of it are different versions.
        """
        ...

    def remember_tree(
        self, make: Callable[[], bytes | None], snapshot: Snapshot, *about: str
    ) -> None:
        """Keep what was read in a version. Name the scanner and its revision in `about`.

        `make` is called if it can be kept: files that changed meanwhile are another version. It
        gives None for what has no form.
        """
        ...

    def recall_content(self, *about: str) -> bytes | None:
        """What `remember_content` was told about exactly this: it follows from `about` alone."""
        ...

    def remember_content(self, value: bytes, *about: str) -> None:
        """Keep what follows from `about`, whatever else changes. Name the revision in it."""
        ...

    def recall(self, snapshot: Snapshot, *about: str) -> bytes | None:
        """What `remember` was told about exactly these files, and `about`, in any earlier check."""
        ...

    def remember(self, value: bytes, snapshot: Snapshot, *about: str) -> None:
        """Keep a measurement of a version. Name the scanner and its revision in `about`."""
        ...

    def changed_meanwhile(self) -> Sequence[str]:
        """Files that are no longer what they were when the check began."""
        ...

    def commits(self) -> Sequence[Commit]: ...

    def line_counts(self) -> Sequence[LineCount]: ...

    def changed_lines(self) -> Mapping[str, Sequence[tuple[int, int]]] | None: ...

    def hunks(self) -> Sequence[Hunk]:
        """What is deleted and added, line by line; nothing when everything counts."""
        ...

    def uncommitted(self) -> frozenset[str]:
        """Files of head that are not as the last commit has them."""
        ...

    def read_report(self, path: str) -> bytes:
        """A report's bytes. Raises ToolError `input-invalid` when missing or too large."""
        ...

    def has_file(self, path: str) -> bool: ...


class ChangeScanned(Struct, frozen=True):
    """Findings of the change itself; `existing` holds those that were there before.

    Something unchecked without a path is about all of it, and the change has to answer for it,
    unless `base_unchecked` has it, too. `summary` stands beside the gate's verdict, `notes` below
    all gates. `measured` is for the scanners after this one. `accounts` tell what became of each
    dependency.
    """

    new: Sequence[RawFinding] = ()
    existing: Sequence[RawFinding] = ()
    unchecked: Sequence[RawUnchecked] = ()
    base_unchecked: Sequence[RawUnchecked] = ()
    accounts: Sequence[Account] = ()
    measurements: Sequence[Measurement] = ()
    summary: str = ""
    notes: Sequence[str] = ()
    measured: Measured | None = None


class ChangeScanner(Protocol):
    """Judges the change itself, after all scanners that look at files, in the registry's order.

    `plan` says in a few words what `scan` would do. `scan` raises ToolError for unusable input,
    and may find, once it has looked, that it has no business here.
    """

    id: str
    gate: GateId
    stage: Stage
    revision: int

    def prepare(self, change: Change) -> Skipped | None: ...

    def plan(self, change: Change) -> str: ...

    def scan(self, change: Change) -> ChangeScanned | Skipped: ...

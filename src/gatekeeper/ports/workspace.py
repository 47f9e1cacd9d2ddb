"""Folders that tools may look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from gatekeeper.ports.repository import Snapshot


class Workspaces(Protocol):
    """Temporary folders with the content of a snapshot; all are gone after `close`.

    `checkout` lays files out under their own paths, with empty stand-ins for `placeholders`.
    `flatten` gives each file a folder and a harmless name of its own, so that no rule of a tool
    about folder names, ignore files or odd characters can hide it; it returns the root and the
    map from laid-out path to real path. Symlinks and submodules are never laid out.
    Errors: ToolError `disk-full`.
    """

    def checkout(
        self, snapshot: Snapshot, paths: Iterable[str], placeholders: Iterable[str] = ()
    ) -> str: ...

    def flatten(
        self, snapshot: Snapshot, paths: Iterable[str]
    ) -> tuple[str, Mapping[str, str]]: ...

    def close(self) -> None: ...

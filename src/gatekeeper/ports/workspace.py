"""Folders that tools may look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from msgspec import Struct

from gatekeeper.ports.repository import Snapshot


class Beside(Struct, frozen=True):
    """What a tool needs to find beside the files it looks at."""

    settings: Snapshot
    files: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    links: dict[str, str] = {}


class Workspaces(Protocol):
    """Temporary folders with the content of a snapshot; all are gone after `close`.

    `checkout` lays files out under their own paths, then those of `settings` over them: its named
    files with the content they have there, `placeholders` as empty files where nothing is, and
    `links` to folders outside (the project's environment).
    `flatten` gives each file a folder and a harmless name of its own, so that no rule of a tool
    about folder names, ignore files or odd characters can hide it; it returns the root and the
    map from laid-out path to real path. Symlinks and submodules are never laid out.
    `scratch` holds the named files and nothing else. Errors: ToolError `disk-full`.
    """

    def checkout(self, snapshot: Snapshot, paths: Iterable[str], beside: Beside) -> str: ...

    def flatten(
        self, snapshot: Snapshot, paths: Iterable[str]
    ) -> tuple[str, Mapping[str, str]]: ...

    def scratch(self, files: Mapping[str, bytes]) -> str: ...

    def close(self) -> None: ...

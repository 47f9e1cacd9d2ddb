"""The files of the working tree, to be read and changed by hand-written commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class ProjectFiles(Protocol):
    """Files below the repository's root, by `/`-separated path. Symlinks are never followed.

    `read` gives None for what is not there. `write` puts every file in place or none: all contents
    are on the disk before the first one appears under its name, and each appears as a whole.
    Errors: SetupError for a symlink or something else that is no plain file, on the path or at its
    end, and for what the system refuses.
    """

    @property
    def root(self) -> str: ...

    def read(self, path: str) -> bytes | None: ...

    def write(self, contents: Mapping[str, bytes]) -> None: ...

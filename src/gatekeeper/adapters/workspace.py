"""Temporary folders that hold a version of the files for tools to look at."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterable, Mapping

from gatekeeper.errors import RepositoryError
from gatekeeper.ports.process import ToolError
from gatekeeper.ports.repository import Snapshot
from gatekeeper.ports.workspace import Beside

_ODD = re.compile(r"[^A-Za-z0-9._-]")


class TemporaryWorkspaces:
    """Folders below the system's temporary folder, readable by this user only."""

    def __init__(self) -> None:
        self._made: list[str] = []
        self._lock = threading.Lock()

    def checkout(self, snapshot: Snapshot, paths: Iterable[str], beside: Beside) -> str:
        root = self._folder()
        made: set[str] = {root}
        try:
            for source, wanted in ((snapshot, paths), (beside.settings, beside.files)):
                entries = source.entries()
                regular = [path for path in wanted if path in entries and entries[path].regular]
                for path, content in source.read_many(regular):
                    _write(os.path.join(root, path), content, made)
            for path in beside.placeholders:
                full = os.path.join(root, path)
                if not os.path.lexists(full):
                    _write(full, b"", made)
            for name, target in beside.links.items():
                os.symlink(target, os.path.join(root, name))
        except OSError as error:
            raise _no_room(error) from None
        except RepositoryError as error:
            raise ToolError("base-unavailable", error.message) from None
        return root

    def flatten(self, snapshot: Snapshot, paths: Iterable[str]) -> tuple[str, Mapping[str, str]]:
        root = self._folder()
        names: dict[str, str] = {}
        try:
            for number, (path, content) in enumerate(snapshot.read_many(paths)):
                # The name's end often decides which rules apply; the folder never should.
                name = f"{number:06d}/{_ODD.sub('_', path.rpartition('/')[2])[-100:].lstrip('.')}"
                names[name] = path
                os.mkdir(os.path.join(root, name[:6]))
                with open(os.path.join(root, name), "wb") as file:
                    file.write(content)
        except OSError as error:
            raise _no_room(error) from None
        except RepositoryError as error:
            raise ToolError("base-unavailable", error.message) from None
        return root, names

    def close(self) -> None:
        with self._lock:
            for folder in self._made:
                shutil.rmtree(folder, ignore_errors=True)
            self._made.clear()

    def _folder(self) -> str:
        with self._lock:
            try:
                folder = os.path.realpath(tempfile.mkdtemp(prefix="gatekeeper-"))
            except OSError as error:
                raise _no_room(error) from None
            self._made.append(folder)
            return folder


def _write(full: str, content: bytes, made: set[str]) -> None:
    folder = os.path.dirname(full)
    if folder not in made:
        os.makedirs(folder, exist_ok=True)
        made.add(folder)
    with open(full, "wb") as file:
        file.write(content)


def _no_room(error: OSError) -> ToolError:
    return ToolError(
        "disk-full",
        f"files could not be laid out for the tool: {error.strerror or error}",
        "free some space in the temporary folder, or point TMPDIR elsewhere",
    )

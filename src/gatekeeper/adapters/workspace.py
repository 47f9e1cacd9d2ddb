"""Temporary folders that hold a version of the files for tools to look at."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping

from gatekeeper.errors import RepositoryError
from gatekeeper.ports.process import ToolError
from gatekeeper.ports.repository import Snapshot
from gatekeeper.ports.workspace import Beside
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

_ODD = regex(r"[^A-Za-z0-9._-]")


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
                for path, content in _contents(source, wanted):
                    _write(os.path.join(root, path), content, made)
            for path in beside.placeholders:
                full = os.path.join(root, path)
                if not os.path.lexists(full):
                    _write(full, b"", made)
            for name, target in beside.links.items():
                os.symlink(target, os.path.join(root, name))
        except OSError as error:
            raise _no_room(error) from None
        return root

    def flatten(self, snapshot: Snapshot, paths: Iterable[str]) -> tuple[str, Mapping[str, str]]:
        root = self._folder()
        names: dict[str, str] = {}
        try:
            for number, (path, content) in enumerate(_contents(snapshot, paths)):
                # The name's end often decides which rules apply; the folder never should.
                plain = _ODD.sub("_", path.rpartition("/")[2])[-100:].lstrip(".")
                name = f"{number:06d}/{plain or 'dots'}"
                names[name] = path
                os.mkdir(os.path.join(root, name[:6]))
                with open(os.path.join(root, name), "wb") as file:
                    file.write(content)
        except OSError as error:
            raise _no_room(error) from None
        return root, names

    def scratch(self, files: Mapping[str, bytes]) -> str:
        root = self._folder()
        made: set[str] = {root}
        try:
            for name, content in files.items():
                _write(os.path.join(root, name), content, made)
        except OSError as error:
            raise _no_room(error) from None
        return root

    def close(self) -> None:
        with self._lock:
            for folder in self._made:
                import shutil

                shutil.rmtree(folder, ignore_errors=True)
            self._made.clear()

    def _folder(self) -> str:
        import tempfile

        with self._lock:
            try:
                folder = os.path.realpath(tempfile.mkdtemp(prefix="gatekeeper-"))
            except OSError as error:
                raise _no_room(error) from None
            self._made.append(folder)
            return folder


def _contents(snapshot: Snapshot, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The regular files among `paths`. What cannot be read is no matter of room."""
    entries = snapshot.entries()
    try:
        yield from snapshot.read_many(
            path for path in paths if path in entries and entries[path].regular
        )
    except RepositoryError as error:
        gone = snapshot.kind == "commit"
        raise ToolError("base-unavailable" if gone else "input-invalid", error.message) from None
    except OSError as error:
        raise ToolError(
            "input-invalid",
            f"{printable(str(error.filename))} cannot be read: {error.strerror or error}",
            "it may have been replaced while it was being checked: run the command again",
        ) from None


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

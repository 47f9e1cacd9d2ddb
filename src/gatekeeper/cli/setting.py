"""The configuration and waivers of the version under check."""

from __future__ import annotations

import os
from collections.abc import Callable

from msgspec import Struct

from gatekeeper.adapters.clock import SystemClock
from gatekeeper.config.load import Loaded, load
from gatekeeper.config.waivers import load_waivers
from gatekeeper.errors import ConfigError
from gatekeeper.model.waiver import Waiver
from gatekeeper.ports.repository import Snapshot

_LIMIT = 8 * 1024 * 1024


class Setting(Struct, frozen=True):
    """What the repository demands, and what it has accepted."""

    loaded: Loaded
    waivers: tuple[Waiver, ...]


def load_setting(root: str, head: Snapshot, explicit: str) -> Setting:
    """Read them as they are in `head`: staged ones when what is staged is judged.

    `explicit` is a path as given on the command line; it may lie outside the repository.
    """
    read = _from_disk(root) if head.kind == "worktree" else _from_snapshot(head)
    name = ""
    if explicit:
        full = os.path.realpath(explicit)
        inside = full.startswith(os.path.realpath(root) + os.sep)
        if inside and head.kind == "worktree":
            name = os.path.relpath(full, os.path.realpath(root))
        else:
            name = os.path.basename(full)
            read = _with_file(read, name, full)
        if read(name) is None:
            raise ConfigError("there is no such file", where=explicit)
    loaded = load(read, name)
    return Setting(loaded, load_waivers(read, loaded.config.waivers, SystemClock().today()))


def _from_disk(root: str) -> Callable[[str], bytes | None]:
    def read(path: str) -> bytes | None:
        return _content(os.path.join(root, path), path)

    return read


def _from_snapshot(head: Snapshot) -> Callable[[str], bytes | None]:
    def read(path: str) -> bytes | None:
        entry = head.entries().get(path)
        return head.read(path) if entry is not None and entry.regular else None

    return read


def _with_file(
    read: Callable[[str], bytes | None], name: str, full: str
) -> Callable[[str], bytes | None]:
    def read_also(path: str) -> bytes | None:
        return _content(full, name) if path == name else read(path)

    return read_also


def _content(full: str, shown: str) -> bytes | None:
    try:
        with open(os.open(full, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            return file.read(_LIMIT)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(
            f"the file cannot be read: {error.strerror or error}", where=shown
        ) from None

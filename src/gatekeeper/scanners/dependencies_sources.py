"""Every manifest and lock file of a version, read once and remembered for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gatekeeper.managers.gather import gathered
from gatekeeper.managers.interface import Manager
from gatekeeper.managers.reading import MAX_BYTES
from gatekeeper.managers.registry import sources
from gatekeeper.model.dependency import Inventory, Place, Problem
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.change_interface import Change
from gatekeeper.scanners.interface import RawUnchecked
from gatekeeper.text.fingerprint import digest
from gatekeeper.text.globs import matches

# Grows whenever the same files would be read differently.
READING = "inventories 3"


def inventories(change: Change, snapshot: Snapshot) -> tuple[Inventory, ...]:
    """What all manifests and lock files of a version say, in the order of their paths.

    Or what the environments hold that are to be judged instead.
    """
    if change.given.environments:
        return tuple(map(change.project.installed, change.given.environments))
    exclude = (*change.config.exclude, *change.config.scanners.dependencies.exclude)
    about = (READING, digest(*exclude))
    known = change.recall_tree(snapshot, *about)
    if known is not None:
        return msgspec.msgpack.decode(known, type=tuple[Inventory, ...])
    found = read_inventories(snapshot, exclude)
    change.remember_tree(lambda: _stored(found), snapshot, *about)
    return found


def _stored(found: tuple[Inventory, ...]) -> bytes | None:
    """A path that is no UTF-8 has no stored form: such a version is read again."""
    try:
        return msgspec.msgpack.encode(found)
    except UnicodeEncodeError:
        return None


def read_inventories(snapshot: Snapshot, exclude: Sequence[str]) -> tuple[Inventory, ...]:
    """The same without a memory."""
    paths = [
        path
        for path, entry in sorted(snapshot.entries().items())
        if entry.regular and not matches(exclude, path)
    ]
    return tuple(_read(snapshot, manager, path) for manager, path in sources(paths))


def _read(snapshot: Snapshot, manager: Manager, path: str) -> Inventory:
    entries = snapshot.entries()

    def read(name: str) -> bytes | None:
        entry = entries.get(name)
        if entry is None or not entry.regular:
            return None
        if snapshot.sizes([name]).get(name, 0) > MAX_BYTES:
            raise _TooLargeError(name)
        return snapshot.read(name)

    problem: Problem
    try:
        return gathered(manager, path, read)
    except _TooLargeError as error:
        problem = Problem(
            Place(error.name),
            f"the file is larger than {MAX_BYTES >> 20} MiB, so it was not read",
            "no lock file grows so large by itself: make it anew",
        )
    except OSError as error:
        problem = Problem(Place(path), f"it cannot be read: {error.strerror or error}")
    return Inventory(manager=manager.id, path=path, problems=(problem,))


class _TooLargeError(Exception):
    """A file that is not even read."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def unreadable(found: Iterable[Inventory]) -> Iterator[RawUnchecked]:
    """What could not be read of manifests and locks."""
    for inventory in found:
        for it in inventory.problems:
            remedy = f"; {it.remedy}" if it.remedy else ""
            message = f"{it.message}{remedy}"
            # What is wrong is what identifies it: the line may shift.
            yield RawUnchecked(it.place.path, "unreadable", message, it.message, it.place.line)

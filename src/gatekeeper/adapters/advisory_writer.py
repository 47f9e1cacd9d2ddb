"""Writes a snapshot of advisories: as a whole, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from gatekeeper.advisories import format as layout
from gatekeeper.advisories.compiling import Compiler
from gatekeeper.advisories.format import Header, Listed, Place, Source, Stored
from gatekeeper.model.advisory import Advisory, Priority

Item = TypeVar("Item")


class SnapshotWriter:
    """Collects records and writes them into `folder`; several processes may do so at once.

    The same records from the same sources make the same bytes. Use as a context manager: what is
    temporary is gone afterwards.
    """

    def __init__(self, folder: str) -> None:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self._folder = folder
        self._data = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - __exit__ closes it
        self._size = 0
        self._compiler = Compiler()
        self._stored: dict[str, Stored] = {}
        self._withdrawn: dict[str, bool] = {}
        self.unreadable = 0

    def __enter__(self) -> SnapshotWriter:
        return self

    def __exit__(self, *error: object) -> None:
        self._data.close()

    def add(self, advisory: Advisory, raw: bytes, *, keep: bool) -> None:
        """Take a record; `keep` its JSON unless it only says how severe others are."""
        if self._compiler.add(advisory) and keep:
            place = self._append(zlib.compress(raw, 6))
            self._stored[advisory.id] = Stored(
                advisory.id, advisory.modified, place.offset, place.length, place.digest
            )
            self._withdrawn[advisory.id] = bool(advisory.withdrawn)

    def add_unreadable(self, packages: Iterable[tuple[str, str]], what: str) -> None:
        """A record that nobody can read: its packages are open."""
        self.unreadable += 1
        self._compiler.add_unreadable(packages, what)

    def write(
        self,
        path: str,
        sources: Sequence[Source],
        as_of: Mapping[str, str],
        priorities: Mapping[str, Priority],
        feeds: tuple[str, str] = ("", ""),
    ) -> str:
        """Write the snapshot beside `path`; the digest. `finish` puts it in place."""
        packages = {
            layout.package_key(it.ecosystem, it.name): it
            for it in self._compiler.finish(priorities)
        }
        directory: list[Place | None] = []
        buckets = {}
        for table, entries in (
            ("packages", packages),
            ("records", {name.encode(): it for name, it in sorted(self._stored.items())}),
            (
                "priorities",
                {cve.encode(): Listed(cve, it.kev, it.epss) for cve, it in priorities.items()},
            ),
        ):
            places = self._table(entries)
            buckets[table] = len(places)
            directory += places
        header = Header(
            sources=tuple(sources),
            as_of=dict(sorted(as_of.items())),
            records=len(self._stored),
            packages=len(packages),
            withdrawn=sum(self._withdrawn.values()),
            malicious=sum(name.startswith("MAL-") for name in self._stored),
            unreadable=self.unreadable,
            kev_as_of=feeds[0],
            epss_as_of=feeds[1],
            buckets=buckets,
            size=0,
        )
        before, digest = self._front(header, directory)
        with open(path, "wb") as file:
            file.write(before)
            self._data.seek(0)
            shutil.copyfileobj(self._data, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        return digest

    def _front(self, header: Header, directory: Sequence[Place | None]) -> tuple[bytes, str]:
        """What stands before the data, with the size of all of it, which depends on itself."""
        before, digest = layout.front(header, directory)
        for _ in range(8):
            size = len(before) + self._size
            if header.size == size:
                break
            header = msgspec.structs.replace(header, size=size)
            before, digest = layout.front(header, directory)
        return before, digest

    def _table(self, entries: Mapping[bytes, Item]) -> list[Place | None]:
        count = layout.buckets_for(len(entries))
        blocks: list[list[Item]] = [[] for _ in range(count)]
        for key, it in entries.items():
            blocks[layout.bucket(key, count)].append(it)
        return [self._append(msgspec.msgpack.encode(it)) if it else None for it in blocks]

    def _append(self, block: bytes) -> Place:
        place = Place(self._size, len(block), layout.seal(block))
        self._data.write(block)
        self._size += len(block)
        return place

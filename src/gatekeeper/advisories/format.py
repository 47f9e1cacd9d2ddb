"""The snapshot's file: bytes only, no input or output.

    magic (16) | digest (32) | lengths of header and directory (12) | header | directory | data

The directory has one entry per bucket of each table: where its block lies in the data, how long it
is, and the block's own digest. `digest` is SHA-256 over lengths, header and directory, so whoever knows it
knows that every block is as it was written, and reading a few blocks verifies all that it reads:
opening costs milliseconds however much data there is. The header's `size` finds truncation.

Tables: `packages` (blocks of PackageAdvisories by ecosystem and name), `records` (where the JSON of
an advisory lies, by id), `priorities` (KEV and EPSS by CVE). An empty bucket is an answer, too.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b, sha256
from typing import TypeVar

import msgspec
from msgspec import Struct

from gatekeeper.model.advisory import Cluster, Entry, PackageAdvisories
from gatekeeper.model.dependency import Ecosystem

MAGIC = b"gatekeeper-adv-1"
TABLES = ("packages", "records", "priorities")
_LENGTHS = struct.Struct(">IQ")
_ENTRY = struct.Struct(">QI20s")
FIXED = len(MAGIC) + 32 + _LENGTHS.size
LARGEST_HEADER = 16 * 1024 * 1024
LARGEST_RECORD = 16 * 1024 * 1024
LARGEST_BLOCK = 256 * 1024 * 1024
_PER_BUCKET = 4


class DamagedError(ValueError):
    """These bytes are not what was written."""


class Source(Struct, frozen=True, array_like=True):
    """Where a part of the snapshot comes from. `as_of` is the time of the data, RFC 3339 in UTC."""

    name: str
    kind: str
    digest: str
    as_of: str
    records: int
    ecosystems: tuple[str, ...] = ()


class Header(Struct, frozen=True, kw_only=True):
    """What a snapshot holds. `as_of` is by ecosystem; `buckets` and `entries` by table."""

    sources: tuple[Source, ...]
    as_of: dict[str, str]
    records: int
    packages: int
    withdrawn: int
    malicious: int
    unreadable: int
    kev_as_of: str = ""
    epss_as_of: str = ""
    buckets: dict[str, int]
    size: int


class Stored(Struct, frozen=True, array_like=True):
    """Where the compressed JSON of a record lies in the data."""

    id: str
    modified: str
    offset: int
    length: int
    digest: bytes


class Listed(Struct, frozen=True, array_like=True):
    """What is known of a CVE."""

    id: str
    kev: str
    epss: float | None


class _Packed(Struct, frozen=True, array_like=True):
    """PackageAdvisories of which nothing but the name has been taken apart."""

    ecosystem: Ecosystem
    name: str
    clusters: msgspec.Raw
    entries: msgspec.Raw
    unreadable: msgspec.Raw


class Place(Struct, frozen=True, array_like=True):
    """A block in the data."""

    offset: int
    length: int
    digest: bytes


class Layout:
    """A verified header and directory. `start` is where the data begins in the file."""

    def __init__(self, digest: bytes, header: Header, directory: bytes, start: int) -> None:
        self.digest = "sha256:" + digest.hex()
        self.header = header
        self.start = start
        self._directory = directory
        self._first: dict[str, int] = {}
        first = 0
        for table in TABLES:
            self._first[table] = first
            first += header.buckets[table]

    def number(self, table: str, key: bytes) -> int:
        """The number in the directory of the bucket that has the key, if anything has it."""
        return self._first[table] + bucket(key, self.header.buckets[table])

    def place(self, table: str, key: bytes) -> Place | None:
        """Where the block of that bucket lies."""
        return self.place_of(self.number(table, key))

    def places(self) -> Iterable[tuple[int, Place]]:
        """Every block of every table, with its number in the directory."""
        for number in range(len(self._directory) // _ENTRY.size):
            if place := self.place_of(number):
                yield number, place

    def place_of(self, number: int) -> Place | None:
        """Where the block of a bucket lies, by its number; None when it is empty."""
        offset, length, digest = _ENTRY.unpack_from(self._directory, number * _ENTRY.size)
        return Place(offset, length, digest) if length else None


def package_key(ecosystem: str, name: str) -> bytes:
    return f"{ecosystem}\0{name}".encode()


def bucket(key: bytes, buckets: int) -> int:
    """Which of the table's buckets has the key."""
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") % buckets


def buckets_for(entries: int) -> int:
    """How many buckets a table of that many entries has."""
    return max(1, entries // _PER_BUCKET)


def seal(block: bytes) -> bytes:
    """The digest of a block, as the directory has it."""
    return sha256(block).digest()[:20]


def front(header: Header, directory: Sequence[Place | None]) -> tuple[bytes, str]:
    """All that stands before the data, and the snapshot's digest."""
    plain = msgspec.msgpack.encode(header)
    entries = b"".join(
        _ENTRY.pack(it.offset, it.length, it.digest) if it else bytes(_ENTRY.size)
        for it in directory
    )
    lengths = _LENGTHS.pack(len(plain), len(entries))
    digest = sha256(lengths + plain + entries).digest()
    return MAGIC + digest + lengths + plain + entries, "sha256:" + digest.hex()


def length_of(fixed: bytes, size: int) -> int:
    """How long header and directory are, from the first FIXED bytes; `size` is the file's."""
    if fixed[: len(MAGIC)] != MAGIC:
        raise DamagedError("it is no snapshot of this version's format")
    if len(fixed) < FIXED:
        raise DamagedError("it ends too early")
    header, directory = _LENGTHS.unpack_from(fixed, len(MAGIC) + 32)
    if header > LARGEST_HEADER or header + directory > size - FIXED:
        raise DamagedError("it ends too early")
    return int(header + directory)


def read_layout(fixed: bytes, after: bytes, size: int) -> Layout:
    """The layout, once the stated digest holds; nothing is read before that."""
    begin = len(MAGIC)
    digest = fixed[begin : begin + 32]
    if sha256(fixed[begin + 32 :] + after).digest() != digest:
        raise DamagedError("its digest does not match what it holds")
    length, _ = _LENGTHS.unpack_from(fixed, begin + 32)
    header = _read(after[:length], _HEADER, "header")
    directory = after[length:]
    if header.size != size:
        raise DamagedError(f"it has {size} bytes where {header.size} were written")
    if set(header.buckets) != set(TABLES) or min(header.buckets.values()) < 1:
        raise DamagedError("its header names no sensible tables")
    if len(directory) != sum(header.buckets.values()) * _ENTRY.size:
        raise DamagedError("its directory has the wrong length")
    return Layout(digest, header, directory, FIXED + len(after))


_HEADER = msgspec.msgpack.Decoder(Header)
_PACKAGES = msgspec.msgpack.Decoder(list[_Packed])
_CLUSTERS = msgspec.msgpack.Decoder(tuple[Cluster, ...])
_ENTRIES = msgspec.msgpack.Decoder(tuple[Entry, ...])
_UNREADABLE = msgspec.msgpack.Decoder(tuple[str, ...])
_STORED = msgspec.msgpack.Decoder(list[Stored])
_LISTED = msgspec.msgpack.Decoder(list[Listed])
T = TypeVar("T")


def _read(data: bytes | msgspec.Raw, decoder: msgspec.msgpack.Decoder[T], what: str) -> T:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise DamagedError(f"its {what} cannot be read") from None


Packages = Mapping[tuple[str, str], _Packed]


def read_packages(block: bytes) -> Packages:
    """The packages of a block by ecosystem and name; `unpacked` takes one of them apart."""
    found: dict[tuple[str, str], _Packed] = {}
    for it in _read(block, _PACKAGES, "list of packages"):
        found.setdefault((it.ecosystem, it.name), it)
    return found


def unpacked(it: _Packed) -> PackageAdvisories:
    """All that is known of a package."""
    what = "list of packages"
    return PackageAdvisories(
        it.ecosystem,
        it.name,
        _read(it.clusters, _CLUSTERS, what),
        _read(it.entries, _ENTRIES, what),
        _read(it.unreadable, _UNREADABLE, what),
    )


def read_stored(block: bytes) -> list[Stored]:
    return _read(block, _STORED, "list of records")


def read_listed(block: bytes) -> list[Listed]:
    return _read(block, _LISTED, "list of priorities")

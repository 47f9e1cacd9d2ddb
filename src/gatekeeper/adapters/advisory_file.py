"""The snapshot of advisories on this machine: opened in milliseconds, verified as it is read."""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Callable, Collection, Iterator

from gatekeeper.advisories import format as layout
from gatekeeper.advisories.format import DamagedError, Header, Place, Stored
from gatekeeper.advisories.matching import joined
from gatekeeper.advisories.names import OSV_NAMES, candidates
from gatekeeper.model.advisory import Open, PackageAdvisories, Priority
from gatekeeper.model.dependency import Ecosystem
from gatekeeper.ports.advisories import AdvisoriesError, AdvisorySource, PackageVersion

FILE_NAME = "advisories-1.snapshot"
SYNC = "run `gatekeeper advisories sync`"
_DAY = 86_400


def snapshot_path(folder: str) -> str:
    """Where the snapshot is, below the cache folder."""
    return os.path.join(folder, FILE_NAME)


class AdvisoryFile:
    """An open snapshot. Every block is checked against the digest before it is used.

    Whoever replaces the file replaces it as a whole, so what is open stays as it was. Errors:
    DamagedError for what was not written so, OSError for what cannot be read.
    """

    def __init__(self, path: str) -> None:
        self._last: tuple[int, layout.Packages] | None = None
        self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            size = os.fstat(self._handle).st_size
            fixed = os.pread(self._handle, layout.FIXED, 0)
            after = self._read(layout.FIXED, layout.length_of(fixed, size))
            self._layout = layout.read_layout(fixed, after, size)
        except BaseException:
            os.close(self._handle)
            raise

    @property
    def digest(self) -> str:
        """`sha256:…` of all that it holds."""
        return self._layout.digest

    @property
    def header(self) -> Header:
        return self._layout.header

    def package(self, ecosystem: Ecosystem, name: str) -> PackageAdvisories | None:
        """What is known of a package, by its normal name."""
        number = self.position(ecosystem, name)
        # Several threads may ask: each goes on with the block that it has seen here.
        last = self._last
        if last is None or last[0] != number:
            place = self._layout.place_of(number)
            known = layout.read_packages(self._block(place)) if place else {}
            last = self._last = (number, known)
        packed = last[1].get((ecosystem, name))
        return layout.unpacked(packed) if packed else None

    def position(self, ecosystem: Ecosystem, name: str) -> int:
        """Where a package is: who asks for many in this order has each block read once."""
        return self._layout.number("packages", layout.package_key(ecosystem, name))

    def stored(self, name: str) -> Stored | None:
        """Where an advisory's JSON lies."""
        place = self._layout.place("records", name.encode())
        for it in layout.read_stored(self._block(place)) if place else ():
            if it.id == name:
                return it
        return None

    def record(self, name: str) -> bytes | None:
        """The JSON of an advisory, as it was published."""
        it = self.stored(name)
        return self._inflate(it) if it else None

    def modified(self, name: str) -> str:
        """When an advisory was changed last; empty when there is none."""
        it = self.stored(name)
        return it.modified if it else ""

    def covers(self, ecosystem: str) -> bool:
        """Whether it holds all advisories about an ecosystem, by OSV's name."""
        return ecosystem in self.header.as_of

    def priority(self, cve: str) -> Priority:
        """The date by which CISA wants a CVE fixed, and its EPSS probability."""
        place = self._layout.place("priorities", cve.encode())
        for it in layout.read_listed(self._block(place)) if place else ():
            if it.id == cve:
                return Priority(it.kev, it.epss)
        return Priority()

    def verify(self) -> int:
        """Read everything; how many records there are. Errors: DamagedError."""
        records = 0
        for it in self._every_record():
            self._inflate(it)
            records += 1
        if records != self.header.records:
            raise DamagedError(f"it has {records} records where {self.header.records} were written")
        return records

    def close(self) -> None:
        os.close(self._handle)

    def _every_record(self) -> Iterator[Stored]:
        first = self.header.buckets["packages"]
        for number, place in self._layout.places():
            block = self._block(place)
            if first <= number < first + self.header.buckets["records"]:
                yield from layout.read_stored(block)

    def _inflate(self, it: Stored) -> bytes:
        data = self._block(Place(it.offset, it.length, it.digest))
        stream = zlib.decompressobj()
        try:
            plain = stream.decompress(data, layout.LARGEST_RECORD + 1)
        except zlib.error:
            raise DamagedError(f"the record {it.id} cannot be unpacked") from None
        if len(plain) > layout.LARGEST_RECORD or not stream.eof:
            raise DamagedError(f"the record {it.id} cannot be unpacked")
        return plain

    def _block(self, place: Place) -> bytes:
        if place.length > layout.LARGEST_BLOCK:
            raise DamagedError("a block has no sensible length")
        block = self._read(self._layout.start + place.offset, place.length)
        if layout.seal(block) != place.digest:
            raise DamagedError("a block is not what was written")
        return block

    def _read(self, offset: int, length: int) -> bytes:
        data = os.pread(self._handle, length, offset)
        while 0 < len(data) < length:
            if not (more := os.pread(self._handle, length - len(data), offset + len(data))):
                break
            data += more
        if len(data) != length:
            raise DamagedError("it ends too early")
        return data


class SnapshotAdvisories:
    """See the Advisories port: answers from the file at `path`.

    `digest` is what it has to be (empty: any). What is older than `max_age_days` says nothing,
    ecosystem by ecosystem.
    """

    def __init__(
        self,
        path: str,
        *,
        digest: str = "",
        max_age_days: int = 0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._path = path
        self._now = now
        self._max_age_days = max_age_days
        self._file = open_snapshot(path, digest)

    def source(self) -> AdvisorySource:
        oldest = min(self._file.header.as_of.values(), default="")
        return AdvisorySource(f"the snapshot {self._path}", self._file.digest, oldest)

    def lookup(
        self, packages: Collection[PackageVersion]
    ) -> dict[PackageVersion, PackageAdvisories | Open]:
        asked = sorted({it.ecosystem for it in packages})
        missing = {it: found for it in asked if (found := self._missing(it))}
        answer: dict[PackageVersion, PackageAdvisories | Open] = {}
        try:
            for package in sorted(packages, key=self._position):
                answer[package] = missing.get(package.ecosystem) or self._known(package)
        except (DamagedError, OSError) as error:
            raise damaged(self._path, error) from None
        return answer

    def priority(self, cve: str) -> Priority:
        """The date by which CISA wants a CVE fixed, and its EPSS probability."""
        try:
            return self._file.priority(cve)
        except (DamagedError, OSError) as error:
            raise damaged(self._path, error) from None

    def close(self) -> None:
        self._file.close()

    def _missing(self, ecosystem: Ecosystem) -> Open | None:
        if ecosystem not in OSV_NAMES:
            return Open("unsupported-ecosystem", f"there are no advisories about {ecosystem} here")
        as_of = self._file.header.as_of.get(OSV_NAMES[ecosystem])
        if as_of is None:
            return Open(
                "no-advisories",
                f"the snapshot holds no advisories about {ecosystem}",
                f"add {ecosystem} to advisories.ecosystems, and {SYNC}",
            )
        if self._max_age_days:
            self._fresh(ecosystem, as_of)
        return None

    def _fresh(self, ecosystem: Ecosystem, as_of: str) -> None:
        now = self._now()
        if as_of < _at(now - self._max_age_days * _DAY):
            raise AdvisoriesError(
                "snapshot-stale",
                f"the advisories about {ecosystem} are of {as_of[:10] or 'no known time'}, and"
                f" advisories.max_age_days is {self._max_age_days}",
                SYNC,
            )
        if as_of > _at(now + 2 * _DAY):
            raise AdvisoriesError(
                "snapshot-stale",
                f"the advisories about {ecosystem} are of {as_of[:10]}, which has yet to come",
                f"set this machine's clock, or {SYNC}",
            )

    def _position(self, package: PackageVersion) -> int:
        return self._file.position(package.ecosystem, package.name)

    def _known(self, package: PackageVersion) -> PackageAdvisories:
        known = PackageAdvisories(package.ecosystem, package.name)
        for name in candidates(package.ecosystem, package.name):
            if more := self._file.package(package.ecosystem, name):
                nothing_yet = not known.entries and not known.unreadable
                known = more if nothing_yet and more.name == known.name else joined(known, more)
        return known


def open_snapshot(path: str, digest: str = "") -> AdvisoryFile:
    """The snapshot at `path`, if it is the one with that digest. Errors: AdvisoriesError."""
    try:
        file = AdvisoryFile(path)
    except FileNotFoundError:
        raise AdvisoriesError(
            "snapshot-missing", f"there is no snapshot of advisories at {path}", SYNC
        ) from None
    except (DamagedError, OSError) as error:
        raise damaged(path, error) from None
    if digest and file.digest != digest:
        found = file.digest
        file.close()
        raise AdvisoriesError(
            "snapshot-mismatch",
            f"the snapshot {path} is {found}, and advisories.digest wants {digest}",
            "sync the snapshot that is wanted, or change advisories.digest after a look at it",
        )
    return file


def stale(header: Header, days: int) -> list[str]:
    """The ecosystems whose advisories are older than so many days."""
    oldest = _at(time.time() - days * _DAY)
    return [name for name, as_of in header.as_of.items() if as_of < oldest]


def damaged(path: str, error: Exception) -> AdvisoriesError:
    """A snapshot that cannot be trusted."""
    what = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    return AdvisoriesError(
        "snapshot-damaged", f"the snapshot {path} cannot be used: {what}", f"{SYNC} again"
    )


def _at(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))

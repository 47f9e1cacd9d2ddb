"""Makes a snapshot of advisories out of files, and puts it where it is used."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from gatekeeper.adapters.advisory_file import AdvisoryFile, snapshot_path
from gatekeeper.adapters.advisory_sources import (
    Part,
    SourceError,
    digest_of,
    feed_of,
    records_of,
)
from gatekeeper.adapters.advisory_writer import SnapshotWriter
from gatekeeper.advisories.feeds import FeedError, read_epss, read_kev, together
from gatekeeper.advisories.format import DamagedError, Header, Source
from gatekeeper.advisories.names import ECOSYSTEMS
from gatekeeper.advisories.record import RecordError, read_record, utc

_DAY = 86_400


class Synced(NamedTuple):
    """The new snapshot. `changed` is False when it is the one that was there."""

    path: str
    digest: str
    header: Header
    changed: bool


class UnexpectedError(Exception):
    """The snapshot is not the one that was asked for; the old one is still in place."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest


def put(
    folder: str,
    parts: Sequence[Part],
    *,
    expect: str = "",
    ecosystems: Sequence[str] = (),
    now: Callable[[], float] = time.time,
) -> Synced:
    """Make the snapshot out of all parts, or copy the one that is given.

    `ecosystems` are those that the parts hold completely, by OSV's names; by default those that
    all records of a part have in common. Until the very end the old snapshot stays in place.
    Errors: SourceError, UnexpectedError, OSError.
    """
    target = snapshot_path(folder)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".advisories-", dir=folder)
    os.close(handle)
    try:
        if any(part.kind == "snapshot" for part in parts):
            _copy(parts, temporary)
        else:
            _build(folder, parts, temporary, ecosystems, now())
        file = AdvisoryFile(temporary)
        digest, header = file.digest, file.header
        file.close()
        if expect and digest != expect:
            raise UnexpectedError(digest)
        changed = _digest_at(target) != digest
        os.replace(temporary, target)
        return Synced(target, digest, header, changed)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _copy(parts: Sequence[Part], temporary: str) -> None:
    """A snapshot that was made elsewhere: all of it is verified before it is used."""
    if len(parts) > 1:
        raise SourceError(
            "a snapshot goes with nothing else",
            parts[0].name,
            "give either it or what it is made of",
        )
    (path,) = parts[0].paths
    shutil.copyfile(path, temporary)
    try:
        file = AdvisoryFile(temporary)
        try:
            file.verify()
        finally:
            file.close()
    except DamagedError as error:
        raise SourceError(f"it is damaged: {error}", path, "copy it again") from None


def _build(
    folder: str, parts: Sequence[Part], temporary: str, ecosystems: Sequence[str], now: float
) -> None:
    latest = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + _DAY))
    kev: dict[str, str] = {}
    epss: dict[str, float] = {}
    feeds = {"kev": "", "epss": ""}
    sources: list[Source] = []
    as_of: dict[str, str] = {}
    with SnapshotWriter(folder) as writer:
        for part in parts:
            if part.kind in ("kev", "epss"):
                try:
                    if part.kind == "kev":
                        dates, time_of = read_kev(feed_of(part))
                        kev.update(dates)
                        count = len(dates)
                    else:
                        chances, time_of = read_epss(_lines(part))
                        epss.update(chances)
                        count = len(chances)
                except FeedError as error:
                    raise SourceError(str(error), part.name, "get it again") from None
                feeds[part.kind] = time_of
                sources.append(Source(part.name, part.kind, digest_of(part), time_of, count))
                continue
            source = _records(writer, part, ecosystems, latest)
            sources.append(source)
            for it in source.ecosystems:
                # The older of two parts about the same packages says how old the answer may be.
                as_of[it] = min(as_of.get(it, source.as_of), source.as_of)
        if not as_of:
            raise SourceError(
                f"there are no advisories about {', '.join(ecosystems or ECOSYSTEMS)} in it",
                ", ".join(part.name for part in parts)[:200],
                "give OSV's zip of an ecosystem, or name the ecosystem with --ecosystem",
            )
        writer.write(temporary, sources, as_of, together(kev, epss), (feeds["kev"], feeds["epss"]))


def _lines(part: Part) -> Iterator[str]:
    return iter(feed_of(part).decode("ascii", "replace").splitlines())


def _records(writer: SnapshotWriter, part: Part, ecosystems: Sequence[str], latest: str) -> Source:
    common: set[str] | None = None
    seen: set[str] = set()
    newest = ""
    count = 0
    for name, raw in records_of(part):
        try:
            advisory = read_record(raw)
        except RecordError as error:
            if not error.packages:
                raise SourceError(
                    f"the record {name[:100]} cannot be read, nor which packages it is about:"
                    f" {error}",
                    part.name,
                    "get it again; tell the database's maintainers if it stays",
                ) from None
            writer.add_unreadable(error.packages, error.name or name[:100])
            continue
        about = {it.ecosystem for it in advisory.affected}
        ours = about & ECOSYSTEMS.keys()
        writer.add(advisory, raw, keep=bool(ours))
        if modified := utc(advisory.modified):
            newest = max(newest, modified if modified <= latest else "")
        common = about if common is None else common & about
        seen |= ours
        count += 1
    complete = (
        set(part.ecosystems or ecosystems) & seen
        if part.ecosystems or ecosystems
        else ((common or set()) & ECOSYSTEMS.keys())
    )
    if part.stated and part.stated <= latest:
        newest = max(newest, part.stated)
    return Source(part.name, part.kind, digest_of(part), newest, count, tuple(sorted(complete)))


def _digest_at(path: str) -> str:
    try:
        file = AdvisoryFile(path)
    except (DamagedError, OSError):
        return ""
    digest = file.digest
    file.close()
    return digest

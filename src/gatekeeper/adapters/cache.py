"""The result cache: one SQLite file, verified on reading, safe to delete at any time."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterable, Mapping
from hashlib import blake2b

FILE_NAME = "results-1.sqlite3"
SIZE_LIMIT = 512 * 1024 * 1024
_BATCH = 500
_DAY = 86_400
_SCHEMA = """
create table if not exists results(
  key blob primary key, used integer not null, value blob not null) without rowid;
create table if not exists rates(scanner text primary key, rate real not null);
"""


def _seal(key: bytes, value: bytes) -> bytes:
    return blake2b(value, key=key[:64], digest_size=8).digest()


# A damaged schema may hold bytes that the driver cannot even decode for its error message.
_ERRORS = (sqlite3.Error, UnicodeError)


def _is_damage(error: Exception) -> bool:
    """Whether the file itself is at fault, and not access to it, room, or another process."""
    if isinstance(error, OSError):
        return False
    return not isinstance(error, sqlite3.OperationalError) or any(
        word in str(error) for word in ("malformed", "no such", "column", "syntax", "unrecognized")
    )


class SqliteCache:
    """Opens `folder`/results-1.sqlite3; falls back to reading only, then to forgetting.

    Use from one thread.
    """

    keeps = True

    def __init__(self, folder: str) -> None:
        self.path = os.path.join(folder, FILE_NAME)
        self.notes: list[str] = []
        self._today = int(time.time()) // _DAY
        self._writable = True
        self._db = self._open(folder)

    def get_many(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        stale: list[bytes] = []
        wanted = list(keys)
        try:
            for start in range(0, len(wanted) if self._db else 0, _BATCH):
                part = wanted[start : start + _BATCH]
                marks = ",".join("?" * len(part))
                rows = self._database.execute(
                    f"select key, value, used from results where key in ({marks})",  # noqa: S608  # nosec B608 - only question marks
                    part,
                )
                for key, value, used in rows:
                    if isinstance(value, bytes) and value[:8] == _seal(key, value[8:]):
                        found[key] = value[8:]
                        if used != self._today:
                            stale.append(key)
        except _ERRORS as error:
            self._give_up(error)
        self._touch(stale)
        return found

    def put_many(self, values: Mapping[bytes, bytes]) -> None:
        if not (self._db and self._writable and values):
            return
        rows = [(key, self._today, _seal(key, value) + value) for key, value in values.items()]
        try:
            with self._database:
                self._database.executemany("insert or replace into results values (?,?,?)", rows)
        except _ERRORS as error:
            self._give_up(error, writing=True)

    def rates(self) -> dict[str, float]:
        if not self._db:
            return {}
        try:
            rows = self._database.execute("select scanner, rate from rates").fetchall()
        except _ERRORS as error:
            self._give_up(error)
            return {}
        # Rates carry no seal: what is no sensible number is forgotten.
        return {
            scanner: rate for scanner, rate in rows if isinstance(rate, float) and 0 < rate < _DAY
        }

    def remember_rate(self, scanner: str, seconds_per_megabyte: float) -> None:
        if not (self._db and self._writable):
            return
        try:
            with self._database:
                self._database.execute(
                    "insert or replace into rates values (?,?)", (scanner, seconds_per_megabyte)
                )
        except _ERRORS as error:
            self._give_up(error, writing=True)

    def prune(self, limit: int = SIZE_LIMIT) -> int:
        """Forget the longest unused results until at most `limit` bytes are left; how many went."""
        if not (self._db and self._writable):
            return 0
        gone = 0
        try:
            while self.size() > limit:
                with self._database:
                    count = self._database.execute(
                        "delete from results where key in"
                        " (select key from results order by used limit 1 +"
                        " (select count(*) / 4 from results))"
                    ).rowcount
                self._database.execute("vacuum")
                self._database.execute("pragma wal_checkpoint(truncate)")
                gone += count
                if not count:
                    break
        except _ERRORS as error:
            self._give_up(error, writing=True)
        return gone

    def size(self) -> int:
        """Bytes used by the database's pages."""
        if not self._db:
            return 0
        (pages,) = self._database.execute("pragma page_count").fetchone()
        (page,) = self._database.execute("pragma page_size").fetchone()
        return int(pages) * int(page)

    def count(self) -> int:
        """How many results are remembered."""
        if not self._db:
            return 0
        try:
            (rows,) = self._database.execute("select count(*) from results").fetchone()
        except _ERRORS as error:
            self._give_up(error)
            return 0
        return int(rows)

    def close(self) -> None:
        if self._db is None:
            return
        with contextlib.suppress(*_ERRORS):
            if self.size() > SIZE_LIMIT:
                self.prune(SIZE_LIMIT // 2)
        with contextlib.suppress(*_ERRORS):
            if self._db is not None:
                self._db.close()
        self._db = None

    @property
    def _database(self) -> sqlite3.Connection:
        if self._db is None:
            raise sqlite3.OperationalError("closed")
        return self._db

    def _open(self, folder: str) -> sqlite3.Connection | None:
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            return self._connect()
        except (*_ERRORS, OSError) as error:
            if not _is_damage(error):
                return self._read_only(error)
        # Not a database, or a damaged one: put it aside and start afresh.
        try:
            self._set_aside()
            return self._connect()
        except (*_ERRORS, OSError) as error:
            return self._read_only(error)

    def _set_aside(self) -> None:
        os.replace(self.path, self.path + ".corrupt")
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path + suffix)
        self.notes.append("the result cache was damaged and has been started afresh")

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.path, timeout=10)
        try:
            database.execute("pragma journal_mode=wal")
            database.execute("pragma synchronous=normal")
            database.executescript(_SCHEMA)
        except _ERRORS:
            database.close()
            raise
        return database

    def _read_only(self, why: Exception) -> sqlite3.Connection | None:
        self._writable = False
        try:
            database = sqlite3.connect(f"file:{self.path}?mode=ro&immutable=1", uri=True)
            database.execute("select count(*) from rates").fetchone()
        except _ERRORS:
            self.notes.append(f"results are not cached: {why}")
            return None
        self.notes.append(f"the result cache is read-only: {why}")
        return database

    def _touch(self, keys: list[bytes]) -> None:
        if not (keys and self._writable):
            return
        try:
            with self._database:
                self._database.executemany(
                    "update results set used=? where key=?", [(self._today, key) for key in keys]
                )
        except _ERRORS as error:
            self._give_up(error, writing=True)

    def _give_up(self, error: Exception, *, writing: bool = False) -> None:
        """Stop using the cache, or only stop writing; the run goes on without it."""
        damaged = _is_damage(error)
        if self._writable or not writing:
            self.notes.append(f"results are {'no longer' if writing else 'not'} cached: {error}")
        self._writable = False
        if (damaged or not writing) and self._db:
            with contextlib.suppress(*_ERRORS):
                self._db.close()
            self._db = None
        if damaged:
            with contextlib.suppress(OSError):
                self._set_aside()

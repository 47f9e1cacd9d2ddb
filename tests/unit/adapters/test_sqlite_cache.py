"""The result cache: what it returns was stored under that key, and losing it costs only time."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.adapters.cache import FILE_NAME, SqliteCache
from gatekeeper.adapters.no_cache import NoCache

KEY = b"k" * 16
OTHER = b"o" * 16


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "below" / "cache"


@pytest.fixture
def cache(folder: Path) -> Iterator[SqliteCache]:
    cache = SqliteCache(str(folder))
    yield cache
    cache.close()


def filled(folder: Path, values: dict[bytes, bytes]) -> Path:
    cache = SqliteCache(str(folder))
    cache.put_many(values)
    cache.close()
    return folder / FILE_NAME


def read(folder: Path, *keys: bytes) -> tuple[dict[bytes, bytes], list[str]]:
    """What another process would find, and what it would be told."""
    cache = SqliteCache(str(folder))
    found = cache.get_many(keys)
    cache.close()
    return found, cache.notes


def works(folder: Path) -> bool:
    """Whether a following run can use the cache as if nothing had happened."""
    filled(folder, {OTHER: b"again"})
    return read(folder, OTHER) == ({OTHER: b"again"}, [])


class TestRemembering:
    def test_what_was_stored_is_found_by_the_next_process(self, folder: Path) -> None:
        filled(folder, {KEY: b"value", OTHER: b""})

        assert read(folder, KEY, OTHER, b"unknown") == ({KEY: b"value", OTHER: b""}, [])

    def test_many_at_once(self, cache: SqliteCache) -> None:
        values = {number.to_bytes(16, "big"): bytes(number % 50) for number in range(2_000)}

        cache.put_many(values)

        assert cache.get_many(values) == values
        assert cache.count() == 2_000

    def test_a_value_can_be_replaced(self, cache: SqliteCache) -> None:
        cache.put_many({KEY: b"old"})
        cache.put_many({KEY: b"new"})

        assert cache.get_many([KEY]) == {KEY: b"new"}

    def test_nothing_asked_nothing_answered(self, cache: SqliteCache) -> None:
        cache.put_many({})

        assert cache.get_many([]) == {}

    def test_rates(self, cache: SqliteCache) -> None:
        cache.remember_rate("ruff", 0.5)
        cache.remember_rate("ruff", 0.25)

        assert cache.rates() == {"ruff": 0.25}

    def test_the_folder_is_for_its_owner_only(self, cache: SqliteCache, folder: Path) -> None:
        assert folder.stat().st_mode & 0o077 == 0

    def test_after_closing_it_forgets(self, cache: SqliteCache) -> None:
        cache.put_many({KEY: b"value"})
        cache.close()
        cache.close()
        cache.put_many({OTHER: b"value"})

        assert cache.get_many([KEY]) == {}
        assert (cache.count(), cache.size(), cache.rates()) == (0, 0, {})


class TestDamage:
    @pytest.mark.parametrize(
        "content",
        [b"this is no database" * 500, b"SQLite format 3\0" + b"\xff" * 9_000, b"\0" * 4096],
    )
    def test_a_corrupt_file_is_put_aside_and_started_afresh(
        self, folder: Path, content: bytes
    ) -> None:
        path = filled(folder, {KEY: b"value"})
        path.write_bytes(content)

        found, notes = read(folder, KEY)

        assert found == {}
        assert [note for note in notes if "damaged" in note or "not cached" in note]
        assert works(folder)

    def test_an_empty_file_is_an_empty_cache(self, folder: Path) -> None:
        filled(folder, {KEY: b"value"}).write_bytes(b"")

        assert read(folder, KEY) == ({}, [])
        assert works(folder)

    @pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
    def test_a_file_cut_short_returns_nothing_wrong(self, folder: Path, share: float) -> None:
        values = {bytes([number]) * 16: bytes([number]) * 700 for number in range(200)}
        path = filled(folder, values)
        os.truncate(path, int(path.stat().st_size * share))

        found, _ = read(folder, *values)

        assert found.items() <= values.items()
        assert works(folder)

    def test_a_value_that_was_tampered_with_is_never_returned(self, folder: Path) -> None:
        path = filled(folder, {KEY: b"value", OTHER: b"other"})
        with sqlite3.connect(path) as database:
            database.execute("update results set value = ? where key = ?", (b"x" * 20, KEY))
        database.close()

        assert read(folder, KEY, OTHER) == ({OTHER: b"other"}, [])

    def test_a_value_under_another_key_is_never_returned(self, folder: Path) -> None:
        path = filled(folder, {KEY: b"value", OTHER: b"other"})
        with sqlite3.connect(path) as database:
            database.execute(
                "update results set value = (select value from results where key = ?)", (OTHER,)
            )
        database.close()

        assert read(folder, KEY, OTHER)[0] == {OTHER: b"other"}

    @pytest.mark.parametrize("rate", ["text", b"bytes", float("inf"), -1.0, 0.0])
    def test_a_rate_that_makes_no_sense_is_forgotten(self, folder: Path, rate: object) -> None:
        path = filled(folder, {})
        with sqlite3.connect(path) as database:
            database.execute("insert into rates values ('ruff', ?), ('mypy', 0.5)", (rate,))
        database.close()
        cache = SqliteCache(str(folder))

        assert cache.rates() == {"mypy": 0.5}
        cache.close()

    @pytest.mark.parametrize("value", ["text", 7, b"", b"short"])
    def test_a_value_of_another_kind_is_never_returned(self, folder: Path, value: object) -> None:
        path = filled(folder, {KEY: b"value"})
        with sqlite3.connect(path) as database:
            database.execute("update results set value = ?", (value,))
        database.close()

        assert read(folder, KEY) == ({}, [])

    @settings(deadline=None, max_examples=150)
    @given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
    def test_a_flipped_byte_anywhere_returns_nothing_wrong(
        self, tmp_path_factory: pytest.TempPathFactory, place: float, flip: int
    ) -> None:
        folder = tmp_path_factory.mktemp("flip")
        values = {bytes([number]) * 16: bytes([number]) * 100 for number in range(30)}
        path = filled(folder, values)
        content = bytearray(path.read_bytes())
        content[int(place * len(content))] ^= flip
        path.write_bytes(content)

        found, _ = read(folder, *values)

        assert found.items() <= values.items()
        assert works(folder) or works(folder), "at the latest the run after the next"


class TestNoUsableFile:
    def test_a_folder_in_its_place(self, folder: Path) -> None:
        (folder / FILE_NAME).mkdir(parents=True)

        found, notes = read(folder, KEY)

        assert found == {}
        assert len(notes) == 1
        assert "not cached" in notes[0]

    def test_a_folder_in_its_place_bothers_nobody(self, folder: Path) -> None:
        (folder / FILE_NAME).mkdir(parents=True)
        cache = SqliteCache(str(folder))

        cache.put_many({KEY: b"value"})
        cache.remember_rate("ruff", 1.0)

        assert (cache.rates(), cache.count(), cache.size(), cache.prune(0)) == ({}, 0, 0, 0)
        cache.close()

    def test_a_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")

        found, notes = read(tmp_path / "file" / "cache", KEY)

        assert found == {}
        assert len(notes) == 1
        assert "not cached" in notes[0]

    def test_a_file_that_may_only_be_read_is_read(self, folder: Path) -> None:
        """Root may write anywhere, so the connection is what is read-only here."""
        path = filled(folder, {KEY: b"value"})
        holder = sqlite3.connect(path)
        holder.execute("pragma journal_mode=delete")
        holder.close()
        cache = _read_only(folder)

        assert cache.get_many([KEY]) == {KEY: b"value"}
        cache.put_many({OTHER: b"other"})
        cache.remember_rate("ruff", 1.0)
        assert cache.get_many([OTHER]) == {}
        assert cache.prune(0) == 0
        assert len(cache.notes) == 1
        assert "read-only" in cache.notes[0]
        cache.close()


def _read_only(folder: Path) -> SqliteCache:
    class ReadOnly(SqliteCache):
        def _connect(self) -> sqlite3.Connection:
            database = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
            try:
                database.execute("create table more(x)")
            except sqlite3.Error:
                database.close()
                raise
            return database

    return ReadOnly(str(folder))


class TestFullDisk:
    def test_storing_stops_reading_goes_on_and_one_note_says_so(self, folder: Path) -> None:
        filled(folder, {KEY: b"value"})
        cache = SqliteCache(str(folder))
        (pages,) = cache._database.execute("pragma page_count").fetchone()
        cache._database.execute(f"pragma max_page_count={pages}")

        cache.put_many({bytes([number]) * 16: b"x" * 1000 for number in range(100)})
        cache.put_many({OTHER: b"other"})

        assert cache.get_many([KEY]) == {KEY: b"value"}
        assert len(cache.notes) == 1
        assert "full" in cache.notes[0]
        cache.close()
        assert works(folder)

    def test_no_byte_more_can_be_written(self, folder: Path) -> None:
        """The file size limit of a process is as real as a full disk, and needs no rights."""
        filled(folder, {KEY: b"value"})
        code = (
            "import resource, sys\n"
            "from gatekeeper.adapters.cache import SqliteCache\n"
            "cache = SqliteCache(sys.argv[1])\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))\n"
            "cache.put_many({bytes([n]) * 16: b'x' * 9_000 for n in range(50)})\n"
            "assert cache.get_many([b'k' * 16]) == {b'k' * 16: b'value'}\n"
            "assert len(cache.notes) == 1, cache.notes\n"
            "cache.close()\n"
        )

        done = subprocess.run(
            [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False
        )

        assert done.returncode == 0, done.stderr
        assert read(folder, KEY)[0] == {KEY: b"value"}
        assert works(folder)


class TestSeveralAtOnce:
    def test_two_processes_writing_lose_nothing(self, folder: Path) -> None:
        code = (
            "import sys\n"
            "from gatekeeper.adapters.cache import SqliteCache\n"
            "cache = SqliteCache(sys.argv[1])\n"
            "who = sys.argv[2].encode()\n"
            "for number in range(40):\n"
            "    cache.put_many({who * 8 + bytes([number]): who * 200, b'same': b'value'})\n"
            "assert not cache.notes, cache.notes\n"
            "cache.close()\n"
        )
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", code, str(folder), who], stderr=subprocess.PIPE, text=True
            )
            for who in "abc"
        ]
        for writer in writers:
            _, said = writer.communicate(timeout=60)
            assert writer.returncode == 0, said

        expected = {
            who.encode() * 8 + bytes([number]): who.encode() * 200
            for who in "abc"
            for number in range(40)
        } | {b"same": b"value"}
        assert read(folder, *expected) == (expected, [])

    def test_damage_found_by_two_at_once(self, folder: Path) -> None:
        filled(folder, {KEY: b"value"}).write_bytes(b"no database" * 1000)
        answers: list[dict[bytes, bytes]] = []
        threads = [
            threading.Thread(target=lambda: answers.append(read(folder, KEY)[0])) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert answers == [{}] * 4
        assert works(folder) or works(folder)


class TestBounds:
    def test_what_was_not_used_for_longest_goes_first(self, folder: Path) -> None:
        values = {number.to_bytes(16, "big"): os.urandom(2_000) for number in range(400)}
        path = filled(folder, values)
        with sqlite3.connect(path) as database:
            database.execute("update results set used = used - 30")
        database.close()
        recent = list(values)[::10]
        read(folder, *recent)
        cache = SqliteCache(str(folder))

        gone = cache.prune(cache.size() // 2)

        assert 0 < gone == 400 - cache.count()
        assert set(cache.get_many(values)) >= set(recent)
        assert cache.size() < 400 * 2_000
        cache.close()
        assert path.stat().st_size < 400 * 2_000

    def test_everything(self, folder: Path) -> None:
        filled(folder, {bytes([number]) * 16: b"x" * 100 for number in range(100)})
        cache = SqliteCache(str(folder))

        assert cache.prune(0) == 100
        assert cache.count() == 0
        cache.close()
        assert works(folder)

    def test_below_the_limit_nothing_goes(self, cache: SqliteCache) -> None:
        cache.put_many({KEY: b"value"})

        assert cache.prune() == 0
        assert cache.get_many([KEY]) == {KEY: b"value"}

    def test_closing_keeps_the_size_bounded(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("gatekeeper.adapters.cache.SIZE_LIMIT", 200_000)
        path = filled(folder, {bytes([n]) * 16: os.urandom(5_000) for n in range(100)})

        assert path.stat().st_size <= 200_000


class TestNoCache:
    def test_remembers_nothing(self) -> None:
        cache = NoCache()
        cache.put_many({KEY: b"value"})
        cache.remember_rate("ruff", 1.0)

        assert cache.get_many([KEY]) == {}
        assert cache.rates() == {}
        assert cache.notes == []
        cache.close()

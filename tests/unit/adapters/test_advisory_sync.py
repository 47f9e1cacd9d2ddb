"""Making a snapshot: from files as they come, and never half of one."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.adapters.advisory_file import AdvisoryFile, SnapshotAdvisories, snapshot_path
from gatekeeper.adapters.advisory_sources import SourceError, parts_of
from gatekeeper.adapters.advisory_sync import Synced, UnexpectedError, put
from gatekeeper.advisories.matching import match
from gatekeeper.model.advisory import PackageAdvisories
from gatekeeper.ports.advisories import PackageVersion
from tests.fakes.advisories import (
    DATA,
    NOW,
    Record,
    affected,
    archive,
    own_snapshot,
    raw,
    record,
    snapshot,
)

DEMO = record("PYSEC-1", affected("demo", ("introduced", "0")))
PACKAGE = PackageVersion("pypi", "demo", "1.0")


def synced(folder: Path, path: Path, **more: Any) -> Synced:
    return put(str(folder / "cache"), parts_of(str(path)), now=lambda: NOW, **more)


def refused(folder: Path, path: Path, **more: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        synced(folder, path, **more)
    assert not os.path.exists(snapshot_path(str(folder / "cache")))
    return caught.value


def leftovers(folder: Path) -> list[str]:
    return [it.name for it in (folder / "cache").iterdir() if it.name.startswith(".")]


def test_a_folder_holds_everything(tmp_path: Path) -> None:
    made = own_snapshot(tmp_path)

    assert made.header.records == 8
    assert made.header.as_of == {
        "GitHub Actions": "2026-11-21T00:00:00Z",
        "PyPI": "2026-11-23T00:00:00Z",
        "npm": "2026-11-21T00:00:00Z",
    }
    assert (made.header.malicious, made.header.withdrawn) == (1, 1)
    assert made.header.kev_as_of == "2026-11-20T12:00:00Z"
    assert made.header.epss_as_of == "2026-11-24T00:00:00Z"
    assert [it.kind for it in made.header.sources] == [
        "osv-json",
        "osv-json",
        "epss",
        "kev",
        "osv-json",
    ]


def test_the_same_sources_make_the_same_bytes(tmp_path: Path) -> None:
    one, other = own_snapshot(tmp_path / "a"), own_snapshot(tmp_path / "b")

    assert one.digest == other.digest
    assert Path(one.path).read_bytes() == Path(other.path).read_bytes()
    assert own_snapshot(tmp_path / "a").changed is False


def test_a_zip_says_itself_what_it_is_about(tmp_path: Path) -> None:
    both = record("GHSA-1", affected("demo"), affected("demo", ecosystem="npm"))

    made = snapshot(tmp_path, DEMO, both)

    assert list(made.header.as_of) == ["PyPI"]


def test_a_zip_of_everything_needs_to_be_told(tmp_path: Path) -> None:
    path = archive(tmp_path / "all.zip", [DEMO, record("G-1", affected("x", ecosystem="npm"))])

    assert "--ecosystem" in refused(tmp_path, path).remedy
    made = synced(tmp_path, path, ecosystems=("npm", "PyPI", "GitHub Actions"))
    assert list(made.header.as_of) == ["PyPI", "npm"]


def test_packed_scores_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    archive(folder / "PyPI" / "all.zip", [DEMO])
    (folder / "epss_scores-current.csv.gz").write_bytes(
        gzip.compress((DATA / "epss.csv").read_bytes())
    )
    (folder / "modified_id.csv").write_text("2026-01-01T00:00:00Z,PYSEC-1\n")
    (folder / "ecosystems.txt").write_text("PyPI\n")
    (folder / "link").symlink_to("/etc/passwd")

    assert synced(tmp_path, folder).header.epss_as_of == "2026-11-24T00:00:00Z"


def test_a_snapshot_made_elsewhere_is_copied(tmp_path: Path) -> None:
    made = own_snapshot(tmp_path / "connected")
    carried = Path(shutil.copy(made.path, tmp_path / "stick.bin"))

    copy = synced(tmp_path, carried, expect=made.digest)

    assert copy.digest == made.digest
    assert Path(copy.path).read_bytes() == Path(made.path).read_bytes()
    assert leftovers(tmp_path) == []


def test_a_damaged_snapshot_is_not_copied(tmp_path: Path) -> None:
    content = bytearray(Path(own_snapshot(tmp_path / "connected").path).read_bytes())
    content[-1] ^= 1
    (tmp_path / "stick.bin").write_bytes(content)

    assert "damaged" in str(refused(tmp_path, tmp_path / "stick.bin"))
    assert leftovers(tmp_path) == []


def test_another_snapshot_than_expected_leaves_the_old_one(tmp_path: Path) -> None:
    old = snapshot(tmp_path / "cache", DEMO)

    with pytest.raises(UnexpectedError) as caught:
        synced(tmp_path, DATA, expect="sha256:" + "0" * 64)

    assert caught.value.digest.startswith("sha256:")
    assert AdvisoryFile(old.path).digest == old.digest
    assert leftovers(tmp_path) == []


def test_a_record_that_cannot_be_read_leaves_its_packages_open(tmp_path: Path) -> None:
    broken: Record = {**record("PYSEC-2", affected("demo")), "affected": [
        {"package": {"ecosystem": "PyPI", "name": "demo"}, "ranges": 7}]}  # fmt: skip
    made = snapshot(
        tmp_path, DEMO, broken, record("PYSEC-3", affected("other", ("introduced", "2")))
    )

    advisories = SnapshotAdvisories(made.path)
    other = PackageVersion("pypi", "other", "1.0")
    answer = advisories.lookup([PACKAGE, other])

    known, fine = answer[PACKAGE], answer[other]
    assert isinstance(known, PackageAdvisories)
    assert isinstance(fine, PackageAdvisories)
    found, why = match(known, "1.0")
    assert [it.id for it in found] == ["PYSEC-1"]
    assert why is not None
    assert (why.reason, "PYSEC-2" in why.message) == ("unreadable", True)
    assert match(fine, "1.0") == ((), None)
    assert made.header.unreadable == 1


def test_a_record_about_nobody_knows_what_makes_no_snapshot(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as file:
        file.writestr("PYSEC-1.json", raw(DEMO))
        file.writestr("PYSEC-2.json", b"{")

    error = refused(tmp_path, tmp_path / "all.zip")

    assert "PYSEC-2.json cannot be read" in str(error)
    assert error.where == "all.zip"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "neither a snapshot"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\n <HTML>", "a web page"),
        (b"{}", "its id"),
        (b"[]", "neither a snapshot"),
        (b"PK\x03\x04 and no more", "the zip is damaged"),
        (b"\x1f\x8b and no more", "cannot be read"),
        (b'{"catalogVersion": 1}', "no list of exploited"),
        (b"cve,epss\nCVE-1,2\n", "line 2"),
    ],
)
def test_what_is_no_source_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "given").write_bytes(content)

    assert said in str(refused(tmp_path, tmp_path / "given")) or said == "its id"


def test_an_empty_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert "no advisory" in str(refused(tmp_path, tmp_path / "empty"))
    assert "No such file" in str(refused(tmp_path, tmp_path / "missing"))


def test_lists_alone_make_no_snapshot(tmp_path: Path) -> None:
    assert "no advisories about" in str(refused(tmp_path, DATA / "kev.json"))


def test_a_snapshot_goes_with_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    archive(folder / "all.zip", [DEMO])
    shutil.copy(snapshot(tmp_path / "x", DEMO).path, folder / "a.snapshot")

    assert "nothing else" in str(refused(tmp_path, folder))


def test_a_truncated_zip_is_refused(tmp_path: Path) -> None:
    whole = archive(tmp_path / "all.zip", [DEMO, record("PYSEC-2", affected("x"))]).read_bytes()
    for length in range(4, len(whole), 41):
        (tmp_path / "cut.zip").write_bytes(whole[:length])
        refused(tmp_path, tmp_path / "cut.zip")


def test_a_zip_bomb_ends_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatekeeper.adapters.advisory_sources._LEAST_LIMIT", 1 << 20)
    bloated = {**DEMO, "details": "x" * (8 << 20)}

    path = archive(tmp_path / "bomb.zip", [bloated])

    assert path.stat().st_size < 20_000
    assert "far more" in str(refused(tmp_path, path))


def test_a_record_larger_than_any_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "all.zip", [{**DEMO, "details": "x" * (17 << 20)}])

    assert "larger than" in str(refused(tmp_path, path))


def test_members_are_never_written_anywhere(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as file:
        file.writestr("../../../escape/PYSEC-1.json", raw(DEMO))
        file.writestr("/absolute/readme.txt", b"x")

    synced(tmp_path, tmp_path / "all.zip")

    assert sorted(it.name for it in tmp_path.iterdir()) == ["all.zip", "cache"]
    assert [it.name for it in (tmp_path / "cache").iterdir()] == ["advisories-1.snapshot"]


def test_times_that_have_yet_to_come_make_nothing_fresh(tmp_path: Path) -> None:
    made = snapshot(
        tmp_path, DEMO, {**record("A-1", affected("x")), "modified": "2099-01-01T00:00:00Z"}
    )

    assert made.header.as_of == {"PyPI": "2026-11-20T00:00:00Z"}


def _sync(folder: str, path: str) -> None:
    put(folder, parts_of(path), now=lambda: NOW)


def test_two_processes_may_sync_at_once(tmp_path: Path) -> None:
    paths = [
        archive(tmp_path / f"{number}.zip", [record(f"PYSEC-{number}", affected("demo", ("introduced", "0")))])
        for number in range(3)
    ]  # fmt: skip
    folder = str(tmp_path / "cache")
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_sync, args=(folder, str(path))) for path in paths]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert AdvisoryFile(snapshot_path(folder)).verify() == 1
    assert leftovers(tmp_path) == []

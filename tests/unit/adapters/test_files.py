"""Reading and replacing files of the working tree: all or nothing, through no symlink."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gatekeeper.adapters.files import WorkingFiles
from gatekeeper.errors import SetupError


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    files = WorkingFiles(str(tmp_path))

    files.write({"a/b/c.yml": b"x", "d.yml": b""})

    assert files.read("a/b/c.yml") == b"x"
    assert files.read("d.yml") == b""
    assert files.read("a/none") is None
    assert files.read("none/none") is None
    assert sorted(it.name for it in tmp_path.rglob("*")) == ["a", "b", "c.yml", "d.yml"]


def test_access_rights_stay(tmp_path: Path) -> None:
    files = WorkingFiles(str(tmp_path))
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o640)

    files.write({"a": b"new"})

    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "a").read_bytes() == b"new"


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../../x", "a//b", "./a", ""])
def test_paths_stay_inside(tmp_path: Path, path: str) -> None:
    with pytest.raises(SetupError):
        WorkingFiles(str(tmp_path)).write({path: b""})


def test_one_bad_file_and_none_is_written(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()

    with pytest.raises(SetupError):
        WorkingFiles(str(tmp_path)).write({"a": b"x", "b": b"x"})

    assert os.listdir(tmp_path) == ["b"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")

    with pytest.raises(SetupError, match="no plain file"):
        WorkingFiles(str(tmp_path)).read("a")


def test_what_fills_the_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(SetupError, match="No space left"):
        WorkingFiles(str(tmp_path)).write({"a": b"x", "b": b"y"})

    assert os.listdir(tmp_path) == []

"""Files are replaced completely or not at all, and never through a link."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gatekeeper.adapters import edit
from gatekeeper.adapters.edit import NotEditedError, content_of, replace_content


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.py").write_bytes(b"old\r\n\xff")
    return tmp_path


def refused(root: Path, path: str, before: bytes = b"old\r\n\xff") -> str:
    with pytest.raises(NotEditedError) as error:
        replace_content(str(root), path, before, b"new")
    assert sorted(it.name for it in root.rglob(".gatekeeper-*")) == []
    return str(error.value)


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600])
def test_the_content_is_replaced_and_the_mode_stays(root: Path, mode: int) -> None:
    file = root / "app" / "a.py"
    file.chmod(mode)

    replace_content(str(root), "app/a.py", b"old\r\n\xff", b"new\r\n\xfe")

    assert file.read_bytes() == b"new\r\n\xfe"
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert os.listdir(root / "app") == ["a.py"]


def test_a_file_that_says_something_else_by_now_is_left_alone(root: Path) -> None:
    assert refused(root, "app/a.py", b"older") == "was changed meanwhile"
    assert (root / "app" / "a.py").read_bytes() == b"old\r\n\xff"


def test_a_file_that_changes_at_the_last_moment_is_left_alone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = edit._write

    def write_slowly(folder: int, name: str, content: bytes, mode: int) -> None:
        write(folder, name, content, mode)
        (root / "app" / "a.py").write_bytes(b"typed meanwhile")

    monkeypatch.setattr(edit, "_write", write_slowly)

    assert refused(root, "app/a.py") == "was changed meanwhile"
    assert (root / "app" / "a.py").read_bytes() == b"typed meanwhile"


def test_links_are_not_followed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "a.py").write_bytes(b"old\r\n\xff")
    (root / "linked").symlink_to(elsewhere)
    (root / "link.py").symlink_to(elsewhere / "a.py")

    assert refused(root, "linked/a.py") == "is reached through a link"
    assert refused(root, "link.py") == "is reached through a link"
    assert (elsewhere / "a.py").read_bytes() == b"old\r\n\xff"


def test_what_is_no_file_is_left_alone(root: Path) -> None:
    os.mkfifo(root / "pipe")

    assert refused(root, "app") == "is no regular file"
    assert refused(root, "pipe") == "is no regular file"
    assert refused(root, "gone.py") == "is not there"


@contextmanager
def somebody() -> Iterator[None]:
    """For root nothing is write-protected: it becomes nobody meanwhile."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_a_write_protected_file_is_left_alone() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        (root / "a.py").write_bytes(b"old\r\n\xff")
        (root / "a.py").chmod(0o444)

        with somebody():
            assert refused(root, "a.py") == "is write-protected"


def test_reading_says_why_it_cannot(root: Path) -> None:
    assert content_of(str(root), "app/a.py") == b"old\r\n\xff"
    with pytest.raises(NotEditedError, match="is not there"):
        content_of(str(root), "app/b.py")

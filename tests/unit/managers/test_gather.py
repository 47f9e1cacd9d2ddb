"""Which files are read, and what happens to those that are not there."""

from __future__ import annotations

from gatekeeper.managers.gather import gathered
from gatekeeper.managers.registry import MANAGERS, sources


def test_every_file_goes_to_the_managers_that_know_it() -> None:
    paths = ["uv.lock", "a/pyproject.toml", "README.md", "b/requirements.txt", "x.py"]

    assert [(manager.id, path) for manager, path in sources(paths)] == [
        ("uv-lock", "uv.lock"),
        ("pyproject", "a/pyproject.toml"),
        ("requirements", "b/requirements.txt"),
        ("script", "x.py"),
    ]


def test_only_files_that_are_needed_are_asked_for_and_each_once() -> None:
    files = {
        "requirements.txt": b"-r a.txt\n-r a.txt\n-r gone.txt",
        "a.txt": b"-r requirements.txt",
    }
    asked: list[str] = []

    def read(path: str) -> bytes | None:
        asked.append(path)
        return files.get(path)

    found = gathered(MANAGERS["requirements"], "requirements.txt", read)

    assert asked == ["requirements.txt", "a.txt", "gone.txt"]
    assert [it.place.line for it in found.problems] == [3]


def test_a_file_that_is_gone_is_told() -> None:
    found = gathered(MANAGERS["uv-lock"], "uv.lock", lambda path: None)

    assert [it.message for it in found.problems] == ["the file is not there"]
    assert found.path == "uv.lock"


def test_a_chain_without_an_end_is_not_followed() -> None:
    def read(path: str) -> bytes:
        number = int("".join(it for it in path if it.isdigit()) or 0)
        return f"-r requirements-{number + 1}.txt".encode()

    found = gathered(MANAGERS["requirements"], "requirements.txt", read)

    assert found.dependencies == ()
    assert "leads to more than 1,000 files" in found.problems[0].message

"""A manager is complete, reads what its tool writes, and is never taken in by a damaged file."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import gatekeeper.managers
from gatekeeper.managers import reading
from gatekeeper.managers.gather import gathered
from gatekeeper.managers.interface import Kind, Manager
from gatekeeper.managers.registry import MANAGERS
from gatekeeper.model.dependency import Inventory

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "managers"
PAGES = ROOT / "docs" / "managers"


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(gatekeeper.managers.__path__):
        yield importlib.import_module(f"gatekeeper.managers.{found.name}")


def classes(module: ModuleType) -> list[str]:
    """The managers that a module defines."""
    return [
        name
        for name, it in inspect.getmembers(module, inspect.isclass)
        if it.__module__ == module.__name__
        and it is not Manager
        and {"selects", "needs", "read"} <= set(dir(it))
    ]


def test_the_hook_for_audits_runs_when_any_of_them_would_read_a_staged_file() -> None:
    """Scripts are left out, or it would run on every Python file, and so is what nobody advises about."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_bytes())
    files = re.compile(next(it["files"] for it in hooks if it["id"] == "gatekeeper-audit"))
    read = [
        path
        for identity, manager in MANAGERS.items()
        if identity not in ("script", "dockerfile", "compose")
        for path in samples(manager)
    ]

    assert len(read) > len(MANAGERS)
    assert [path for path in read if not files.search(path)] == []
    assert not files.search("src/package.py")
    assert not files.search("docs/requirements.md")


def about(identity: str, manager: Manager) -> Iterator[str]:
    """What a manager lacks."""
    name = identity.replace("-", "_")
    module = type(manager).__module__.rpartition(".")[2]
    if module != name:
        yield f"it is in managers/{module}.py and not in managers/{name}.py"
    if manager.kind not in typing.get_args(Kind):
        yield f"kind {manager.kind!r} is none of {typing.get_args(Kind)}"
    if not (type(manager).__doc__ or "").strip():
        yield "the class has no docstring"
    if not (ROOT / f"tests/unit/managers/test_{name}.py").is_file():
        yield f"tests/unit/managers/test_{name}.py is missing"
    if not samples(manager):
        yield f"tests/data/managers/{identity}/ has no file that it selects"
    page = PAGES / f"{identity}.md"
    if not page.is_file() or not page.read_text(encoding="utf-8").startswith(f"# {identity}\n"):
        yield f"docs/managers/{identity}.md is missing, or does not begin with its id"
    if f"({identity}.md)" not in (PAGES / "README.md").read_text(encoding="utf-8"):
        yield f"docs/managers/README.md does not lead to {identity}.md"


def samples(manager: Manager) -> list[str]:
    folder = DATA / manager.id
    paths = sorted(str(it.relative_to(folder)) for it in folder.rglob("*") if it.is_file())
    return [it for it in paths if manager.selects(it)]


def sample_files(manager: Manager) -> Mapping[str, bytes]:
    folder = DATA / manager.id
    return {
        str(it.relative_to(folder)): it.read_bytes() for it in folder.rglob("*") if it.is_file()
    }


def read(manager: Manager, path: str, content: bytes) -> Inventory:
    """A sample with another content."""
    return gathered(manager, path, {**sample_files(manager), path: content}.get)


SAMPLES = [
    pytest.param(manager, path, id=f"{manager.id}-{path}")
    for manager in MANAGERS.values()
    for path in samples(manager)
]
samples_of_all = pytest.mark.parametrize(("manager", "path"), SAMPLES)


@pytest.mark.parametrize("identity", MANAGERS)
def test_a_manager_is_complete(identity: str) -> None:
    assert list(about(identity, MANAGERS[identity])) == []


def test_every_manager_is_registered() -> None:
    found = {module.__name__.rpartition(".")[2] for module in modules() if classes(module)}

    assert found == {identity.replace("-", "_") for identity in MANAGERS}


def test_no_two_managers_read_the_same_file_as_a_lock() -> None:
    for manager in MANAGERS.values():
        for path in samples(manager):
            others = [it.id for it in MANAGERS.values() if it.selects(path) and it.kind == "lock"]
            assert len(others) <= 1, f"{path}: {others}"


@samples_of_all
def test_what_the_tool_wrote_is_read_without_problems(manager: Manager, path: str) -> None:
    found = gathered(manager, path, sample_files(manager).get)

    assert found.problems == ()
    assert found.dependencies
    assert found.manager == manager.id
    assert found.path == path
    assert all(it.place.path and it.place.line for it in found.dependencies)
    keys = {it.key for it in found.dependencies}
    assert {parent for it in found.dependencies for parent in it.parents} <= keys
    if manager.kind == "lock":
        assert len(keys) == len(found.dependencies)


@samples_of_all
def test_places_are_lines_that_name_the_package(manager: Manager, path: str) -> None:
    files = sample_files(manager)
    for it in gathered(manager, path, files.get).dependencies:
        rows = files[it.place.path].decode().splitlines()
        around = " ".join(rows[max(0, it.place.line - 2) : it.place.line + 4])
        # A variable stands for the name.
        assert "${" in around or it.name.rpartition("/")[2].replace(
            "_", "-"
        ) in around.lower().replace("_", "-")


@samples_of_all
def test_a_truncated_file_is_told(manager: Manager, path: str) -> None:
    content = sample_files(manager)[path]
    whole = read(manager, path, content)
    for eighth in range(8):
        cut = read(manager, path, content[: len(content) * eighth // 8])
        # Lines of tags do not tell where the document ends.
        if manager.kind in ("lock", "bill") and not path.endswith(".spdx"):
            assert cut.problems
        assert len(cut.dependencies) <= len(whole.dependencies) + 1


@samples_of_all
def test_a_merge_conflict_is_told_with_its_line(manager: Manager, path: str) -> None:
    rows = sample_files(manager)[path].decode().splitlines()
    middle = len(rows) // 2
    conflict = ["<<<<<<< HEAD", *rows[middle:], "=======", *rows[middle:], ">>>>>>> other"]
    if path.endswith(".py"):
        middle, conflict = 2, ["<<<<<<< HEAD", *rows[2:]]

    found = read(manager, path, "\n".join([*rows[:middle], *conflict]).encode())

    assert found.dependencies == ()
    (problem,) = found.problems
    assert problem.place.line == middle + 1
    assert "merge conflict" in problem.message
    assert problem.remedy


@samples_of_all
def test_a_file_that_is_too_large_is_told(
    manager: Manager, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = sample_files(manager)[path]
    monkeypatch.setattr(reading, "MAX_BYTES", len(content) - 1)

    found = read(manager, path, content)

    assert found.dependencies == ()
    assert "larger than" in found.problems[0].message


@samples_of_all
@pytest.mark.parametrize("noise", [b"\xff\xfe\x00", b"\0", b"\x80", b"\xe2\x28\xa1"])
def test_bytes_that_are_no_text_are_told(manager: Manager, path: str, noise: bytes) -> None:
    content = sample_files(manager)[path]

    assert read(manager, path, content[:40] + noise + content[40:]).problems


HOSTILE = {
    "nothing": b"",
    "a number": b"1",
    "a list": b"[]",
    "deep lists": b"[" * 100_000,
    "deep tables": b'{"a":' * 100_000,
    "deep toml": b"a = " + b"[" * 100_000,
    "deep yaml": b"- " * 5_000,
    "deep flow": b"a: " + b"[" * 5_000,
    "deep xml": b"<a>" * 5_000,
    "aliases": b"a: &a [x, x]\n"
    + b"".join(b"%c: &%c [*%c, *%c]\n" % (b, b, b - 1, b - 1) for b in range(98, 122)),
    "entities": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><a>&c;</a>',
    "long key": b"a" + b".a" * 100_000 + b" = 1",
    "backslashes": b"\\\n" * 50_000,
    "brackets": b"a[" * 50_000,
    "surrogates": b'{"a": "\\ud800"}',
}


@pytest.mark.parametrize("manager", MANAGERS.values(), ids=list(MANAGERS))
@pytest.mark.parametrize("content", HOSTILE.values(), ids=list(HOSTILE))
@pytest.mark.timeout(20)
def test_hostile_content_costs_little_and_never_raises(manager: Manager, content: bytes) -> None:
    for path in samples(manager)[:1]:
        found = gathered(manager, path, {path: content}.get)
        if manager.kind in ("lock", "bill"):
            assert found.problems
        for problem in found.problems:
            assert problem.message.isprintable()

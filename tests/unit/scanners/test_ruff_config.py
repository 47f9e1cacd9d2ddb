"""What makes ruff's answer for a file another one, and what it needs beside the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from gatekeeper.adapters.workspace import TemporaryWorkspaces
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.tree import Entry
from gatekeeper.ports.workspace import Beside
from gatekeeper.scanners.interface import Prepared, RawFinding, Scanned
from gatekeeper.scanners.ruff import Ruff
from gatekeeper.scanners.ruff_config import prepare_ruff
from tests.fakes.scanning import (
    FakeSnapshot,
    LockedBatch,
    context_of,
    installed,
    locked_batch,
    snapshot_of,
)

BASE = {
    "pyproject.toml": "[tool.ruff]\nlint.select = ['I', 'INP']\n",
    "app/__init__.py": "",
    "app/main.py": "import os\n",
    "scripts/run.py": "",
    "README.md": "",
}


def prepared(files: Mapping[str, str], links: tuple[str, ...] = ()) -> Prepared:
    found = prepare_ruff(context_of(snapshot_of(files, links)))
    assert isinstance(found, Prepared)
    return found


@pytest.mark.parametrize(
    "change",
    [
        {"app/main.py": "import sys\n"},
        {"README.md": "words"},
        {"app/other.py": ""},
        {"app/deep/__init__.py": ""},
        {"app/more.toml": "x = 1"},
        {"app/data.json": "{}"},
        {"LICENSE": ""},
        {"app/sub/notes.md": ""},
    ],
)
def test_other_files_leave_the_answer_as_it_is(change: dict[str, str]) -> None:
    assert prepared(BASE | change).digest == prepared(BASE).digest


@pytest.mark.parametrize(
    "change",
    [
        {"pyproject.toml": "[tool.ruff]\nlint.select = ['I']\n"},
        {"ruff.toml": ""},
        {".ruff.toml": ""},
        {"app/ruff.toml": ""},
        {"config/ruff-base.toml": ""},
        {"lib/__init__.py": ""},
        {"lib/deep/module.py": ""},
        {"single.py": ""},
        {"src/new/__init__.py": ""},
        {"stubs.pyi": ""},
        {"yaml/notes.md": ""},
    ],
)
def test_settings_and_top_level_packages_change_the_answer(change: dict[str, str]) -> None:
    assert prepared(BASE | change).digest != prepared(BASE).digest


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.ruff]\nsrc = ['python', './libs/']\n"),
        ("ruff.toml", "src = ['python', 'libs']\n"),
        ("sub/ruff.toml", "src = ['../x', 'python', 'libs']\n"),
    ],
)
def test_packages_below_a_configured_source_root_change_the_answer(name: str, text: str) -> None:
    prefix = name.rpartition("/")[0]
    files = {name: text, "a.py": "", f"{prefix}/python/known/__init__.py".lstrip("/"): ""}
    one = files | {f"{prefix}/python/one/__init__.py".lstrip("/"): ""}
    deeper = files | {f"{prefix}/python/known/deep.py".lstrip("/"): ""}

    assert prepared(one).digest != prepared(files).digest
    assert prepared(deeper).digest == prepared(files).digest


@pytest.mark.parametrize("text", ["[", "src = 3", "src = [3]", "[tool]\nruff = 3", "tool = 3"])
@pytest.mark.parametrize("name", ["ruff.toml", "pyproject.toml"])
def test_settings_that_make_no_sense_are_left_for_ruff_to_report(name: str, text: str) -> None:
    assert prepared({name: text, "a.py": ""}).selects("a.py")


def test_becoming_a_package_changes_the_answer_for_the_files_of_the_folder_only() -> None:
    before, after = prepared(BASE), prepared(BASE | {"scripts/__init__.py": ""})

    assert before.file_digest("scripts/run.py") != after.file_digest("scripts/run.py")
    assert before.file_digest("app/main.py") == after.file_digest("app/main.py")
    assert before.file_digest("top.py") == prepared(BASE | {"x.py": ""}).file_digest("top.py")
    assert before.file_digest("top.py") != prepared(BASE | {"__init__.py": ""}).file_digest(
        "top.py"
    )


def test_a_submodule_at_the_top_may_be_a_package() -> None:
    class WithSubmodule(FakeSnapshot):
        def entries(self) -> dict[str, Entry]:
            return super().entries() | {"lib": Entry("160000", "0" * 40)}

    found = prepare_ruff(context_of(WithSubmodule(snapshot_of(BASE).files)))

    assert isinstance(found, Prepared)
    assert found.digest != prepared(BASE).digest
    assert "lib/.stand-in" in found.support(["app/main.py"])[1]


def test_symlinked_settings_are_not_read() -> None:
    files = BASE | {"ruff.toml": "elsewhere"}

    assert "ruff.toml" not in prepared(files, ("ruff.toml",)).support(["app/main.py"])[0]


def test_a_project_without_python_is_skipped() -> None:
    outcome = prepare_ruff(context_of(snapshot_of({"ruff.toml": "", "a.rs": ""})))

    assert isinstance(outcome, Skipped)
    assert outcome.reason == "no-matching-files"


IMPORTS = b"import first\nimport second\nimport third\n\nprint(first, second, third)\n"
TREES: dict[str, dict[str, bytes]] = {
    "flat": {"first/__init__.py": b"", "second.py": b""},
    "src layout": {"src/first/__init__.py": b"", "src/second.py": b""},
    "namespace packages": {"first/a/b.py": b"", "src/second/c.py": b""},
    "configured roots": {
        "ruff.toml": b'src = ["python"]\nextend = "base/ruff.toml"\n',
        "base/ruff.toml": b'lint.select = ["I", "INP"]\n',
        "python/first/__init__.py": b"",
        "second/__init__.py": b"",
    },
    "nested settings": {
        "service/pyproject.toml": b"[tool.ruff]\nsrc = ['code']\nlint.select = ['I']\n",
        "service/code/first/__init__.py": b"",
        "service/second/__init__.py": b"",
        "service/api/views.py": IMPORTS,
        "first.py": b"",
    },
    "not first party": {"deep/first/__init__.py": b"", "deep/second.py": b""},
    "folders without Python": {"first/data.json": b"{}", "src/second/notes.md": b""},
    "wildcards": {
        "ruff.toml": b'src = ["libs/*", "../beside"]\nlint.select = ["I", "INP"]\n',
        "libs/one/first/__init__.py": b"",
        "libs/two/second/a.py": b"",
    },
    "stubs only": {"first.pyi": b"", "second/__init__.pyi": b""},
}


def by_rule(found: Iterable[RawFinding]) -> list[RawFinding]:
    return sorted(found, key=lambda item: (item.rule, item.line))


def in_a_copy(tools: Path, files: dict[str, bytes], path: str) -> Scanned:
    """What ruff says about one file laid out on its own, as staged and base versions are."""
    snapshot = FakeSnapshot(files)
    wanted = prepare_ruff(context_of(snapshot))
    assert isinstance(wanted, Prepared)
    beside, placeholders = wanted.support([path])
    workspaces = TemporaryWorkspaces()
    try:
        root = workspaces.checkout(
            snapshot, [path], Beside(snapshot, tuple(beside), tuple(placeholders))
        )
        batch = LockedBatch(root, installed(tools, Ruff()), {path: files[path]}, wanted)
        return Ruff().scan(batch)
    finally:
        workspaces.close()


@pytest.mark.parametrize("tree", TREES)
def test_a_copy_sorts_imports_like_the_working_tree(tools: Path, tmp_path: Path, tree: str) -> None:
    files = {"ruff.toml": b'lint.select = ["I", "INP"]\n'} | TREES[tree]
    files |= {"pkg/__init__.py": b"", "pkg/use.py": IMPORTS, "loose/use.py": IMPORTS}
    batch = locked_batch(tools, tmp_path, Ruff(), files)

    whole = Ruff().scan(batch)

    for path in (path for path, content in files.items() if content == IMPORTS):
        assert by_rule(in_a_copy(tools, files, path).findings) == by_rule(
            item for item in whole.findings if item.path == path
        )
    sorted_otherwise = {item.path for item in whole.findings if item.rule == "I001"}
    assert ("pkg/use.py" in sorted_otherwise) == (tree != "not first party")
    assert "loose/use.py" in {item.path for item in whole.findings if item.rule == "INP001"}

"""The shape of the code: who may import whom, what start-up may cost, what is generated."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.fakes.repo import Repo

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "gatekeeper"
MODULES = sorted(SOURCE.rglob("*.py"))
# A file that needs a table of contents is two files.
MOST_LINES = 300


def name_of(module: Path) -> str:
    return str(module.relative_to(SOURCE))


def imported_by(*arguments: str, cwd: Path) -> set[str]:
    """The modules that are loaded when a command ends."""
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print('\\n'.join(sys.modules), file=sys.stderr))\n"
        f"sys.argv[1:] = {list(arguments)!r}\n"
        "from gatekeeper.__main__ import main\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines())


def test_imports_go_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_no_barrels() -> None:
    packages = [module for module in MODULES if module.name == "__init__.py"]

    assert packages
    assert [name_of(it) for it in packages if it.read_text(encoding="utf-8").strip()] == []


def test_one_module_reads_what_ci_says_and_one_speaks_to_the_runner() -> None:
    readers = {
        name_of(module)
        for module in MODULES
        if re.search(r"\b(?:GITHUB|RUNNER|ACTIONS)_[A-Z]+", module.read_text(encoding="utf-8"))
    }

    # These two name settings of super-linter, and read nothing.
    assert readers - {"setup/linters.py", "setup/from_super_linter.py"} == {
        "adapters/actions.py",
        "adapters/runner.py",
    }


def test_processes_and_the_network_are_left_to_the_adapters() -> None:
    pattern = r"^\s*(?:import|from) (?:subprocess|socket|urllib\.request|http\.client|requests)\b"
    users = {
        module.relative_to(SOURCE).parts[0]
        for module in MODULES
        if re.search(pattern, module.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert users <= {"adapters"}


def test_files_are_small() -> None:
    too_long = {
        name_of(module)
        for module in MODULES
        if len(module.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    }

    assert too_long == set(), f"more than {MOST_LINES} lines: make two files of it"


def test_every_module_says_what_it_is_for() -> None:
    bare = [
        name_of(module)
        for module in MODULES
        if module.name != "__init__.py" and not module.read_text(encoding="utf-8").startswith('"""')
    ]

    assert bare == []


@pytest.mark.usefixtures("uncovered")
def test_asking_for_the_version_loads_nothing_else(tmp_path: Path) -> None:
    loaded = imported_by("--version", cwd=tmp_path)

    heavy = {"msgspec", "yaml", "rich", "argparse", "subprocess", "pathspec", "typing"}
    assert loaded & heavy == set()
    assert {it for it in loaded if it.startswith("gatekeeper")} == {
        "gatekeeper", "gatekeeper.__main__", "gatekeeper.version",
    }  # fmt: skip


@pytest.mark.usefixtures("uncovered")
def test_asking_for_help_loads_no_scanner(tmp_path: Path) -> None:
    loaded = imported_by("check", "--help", cwd=tmp_path)

    assert not [
        it for it in loaded if it.startswith(("gatekeeper.scanners", "gatekeeper.pipeline"))
    ]
    assert loaded & {"yaml", "rich", "subprocess", "sqlite3"} == set()


def test_a_check_that_finds_everything_cached_loads_only_what_it_needs(
    repo: Repo, cache: Path
) -> None:
    repo.commit("one", **{"a.py": "x = 1\n"})
    assert repo.gatekeeper("check").status == 0

    loaded = imported_by("check", cwd=repo.root)

    assert "gatekeeper.pipeline.check" in loaded
    assert loaded & {"yaml", "rich", "pathspec", "difflib", "github", "requests"} == set()


@pytest.fixture
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_documents_are_up_to_date(generate: ModuleType) -> None:
    assert generate.stale() == []


def test_the_command_line_is_documented_the_same_on_every_terminal(
    generate: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = generate.cli()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")

    assert generate.cli() == expected
    assert os.environ["COLUMNS"] == "40"
    for command in ("gatekeeper check", "gatekeeper config show", "gatekeeper tools lock",
                    "gatekeeper cache prune"):  # fmt: skip
        assert f"## {command}\n" in expected

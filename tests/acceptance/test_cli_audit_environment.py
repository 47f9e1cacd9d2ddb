"""`gatekeeper audit --environment`: what is installed, instead of what files name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gatekeeper.adapters.uv_process import uv_program
from gatekeeper.managers.names import pypi_name
from tests.fakes.advisories import affected, record, snapshot
from tests.fakes.repo import Repo, Result

OLD = "advisories: {max_age_days: 3650}\nexclude: ['.venv/']\n"
WEAK = record(
    "GHSA-2222-3333-4444",
    affected("weak", ("introduced", "0"), ("fixed", "1.5")),
    aliases=["CVE-2026-0001"],
)


def install(environment: Path, name: str, version: str, **files: str) -> None:
    folder = environment / "lib/python3.11/site-packages" / f"{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
    for file, text in files.items():
        (folder / file.replace("_json", ".json")).write_text(text)


@pytest.fixture(autouse=True)
def not_activated(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that is active would come first, and `uv run pytest` makes ours be."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


@pytest.fixture
def environment(repo: Repo, cache: Path) -> Path:
    """The project's own, with something weak, something fine, and the project itself."""
    snapshot(cache, WEAK)
    repo.write("gatekeeper.yml", OLD)
    repo.write(".gitignore", ".venv/\n")
    repo.write("requirements.txt", "other==9\n")
    repo.write("app.py", "import weak\n")
    repo.commit()
    folder = repo.root / ".venv"
    install(folder, "weak", "1.0")
    install(folder, "fine", "2.0")
    url = json.dumps({"url": repo.root.as_uri(), "dir_info": {"editable": True}})
    install(folder, "app", "0.1", direct_url_json=url)
    (folder / "bin").mkdir()
    (folder / "bin/python").symlink_to(sys.executable)
    (folder / "pyvenv.cfg").touch()
    return folder


def audit(repo: Repo, *arguments: str) -> Result:
    return repo.gatekeeper("audit", *arguments, "--format", "json")


def test_the_projects_own_environment(repo: Repo, environment: Path) -> None:
    result = audit(repo, "--environment")

    assert result.status == 1, result.stderr
    assert {it["name"]: (it["version"], it["status"]) for it in result.report["dependencies"]} == {
        "weak": ("1.0", "vulnerable"),
        "fine": ("2.0", "clean"),
        "app": ("0.1", "left-out"),
    }
    (one,) = result.report["findings"]
    assert one["path"] == ".venv/lib/python3.11/site-packages/weak-1.0.dist-info/METADATA"
    assert one["state"] == "new"
    assert "The project imports it." in one["message"]


def test_the_active_environment_comes_first(
    repo: Repo, environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    active = tmp_path / "active"
    install(active, "fine", "2.0")
    (active / "bin").mkdir()
    (active / "bin/python").symlink_to(sys.executable)
    (active / "pyvenv.cfg").touch()
    monkeypatch.setenv("VIRTUAL_ENV", str(active))
    result = audit(repo, "--environment")

    assert result.status == 0, result.stderr
    assert [it["name"] for it in result.report["dependencies"]] == ["fine"]


def test_an_environment_elsewhere_by_its_path(
    repo: Repo, environment: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    install(elsewhere, "weak", "1.5")
    result = audit(repo, "--environment", str(elsewhere))

    assert result.status == 0, result.stderr
    (one,) = result.report["dependencies"]
    assert (one["name"], one["status"]) == ("weak", "clean")
    assert one["path"].startswith(f"{elsewhere}/lib/")


def test_several_at_once_and_nothing_is_remembered(
    repo: Repo, environment: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    install(elsewhere, "fine", "3.0")
    arguments = ("--environment", "--environment", str(elsewhere))
    before = audit(repo, *arguments)
    install(elsewhere, "weak", "1.1")
    after = audit(repo, *arguments)

    assert len(before.report["findings"]) == 1
    assert len(after.report["findings"]) == 2


def test_what_cannot_be_read_is_inconclusive(repo: Repo, environment: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    install(elsewhere, "fine", "1.0")
    (elsewhere / "lib/python3.11/site-packages/fine-1.0.dist-info/METADATA").write_text("")

    assert audit(repo, "--environment", str(elsewhere)).status == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--environment", "nowhere"), "nowhere is no Python environment"),
        (("--environment", ".", "--base", "main"), "goes with neither"),
        (("--environment", ".", "--staged"), "goes with neither"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(
    repo: Repo, environment: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = repo.gatekeeper("audit", *arguments)

    assert result.status == 2
    assert words in result.stderr


def test_without_an_environment_there_is_an_error(repo: Repo, cache: Path) -> None:
    result = repo.gatekeeper("audit", "--environment")

    assert result.status == 2
    assert "there is no environment of the project" in result.stderr


def test_a_real_environment_is_what_pip_lists(repo: Repo, environment: Path) -> None:
    shown = subprocess.run(
        [uv_program(), "pip", "list", "--format", "json", "--python", sys.executable],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    result = audit(repo, "--environment", sys.prefix)

    assert {(pypi_name(it["name"]), it["version"]) for it in result.report["dependencies"]} == {
        (pypi_name(it["name"]), it["version"]) for it in json.loads(shown)
    }

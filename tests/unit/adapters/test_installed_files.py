"""Collecting the metadata of an environment."""

from __future__ import annotations

import sys
from importlib.metadata import distributions
from pathlib import Path

from gatekeeper.adapters.installed import installed_files, installed_modules, site_packages
from gatekeeper.managers.installed import read_environment
from gatekeeper.managers.names import pypi_name


def test_this_environment_is_read_as_python_itself_reads_it() -> None:
    inventory = read_environment("env", installed_files(sys.prefix))

    folders = site_packages(sys.prefix)
    theirs = {(pypi_name(it.metadata["Name"]), it.version) for it in distributions(path=folders)}
    assert inventory.problems == ()
    assert {(it.name, it.version) for it in inventory.dependencies} == theirs


def test_modules_are_known_by_distribution() -> None:
    modules = installed_modules(sys.prefix, {"pyyaml", "msgspec", "pytest"})

    assert modules["pyyaml"] >= {"yaml"}
    assert modules["msgspec"] == {"msgspec"}
    assert "pytest" in modules["pytest"]
    assert len(modules) == 3


def test_links_and_what_is_no_metadata_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "lib" / "python3.11" / "site-packages"
    folder.mkdir(parents=True)
    (tmp_path / "lib64").symlink_to("lib")
    (tmp_path / "secret").write_text("Name: secret\nVersion: 1\n")
    for name in ("a", "b"):
        (folder / f"{name}-1.dist-info").mkdir()
    (folder / "a-1.dist-info" / "METADATA").symlink_to(tmp_path / "secret")
    (folder / "b-1.dist-info" / "METADATA").write_text("Name: b\nVersion: 1\n")
    (folder / "c-1.dist-info").symlink_to(tmp_path)
    (folder / "old.egg-info").write_text("Name: old\nVersion: 2\n")
    (folder / "module.py").write_text("raise SystemExit")

    found = installed_files(str(tmp_path))

    assert sorted(found) == [
        "lib/python3.11/site-packages/a-1.dist-info/METADATA",
        "lib/python3.11/site-packages/b-1.dist-info/METADATA",
        "lib/python3.11/site-packages/old.egg-info",
    ]
    inventory = read_environment("x", found)
    assert [it.name for it in inventory.dependencies] == ["b", "old"]
    # Something is installed there that cannot be read: that is told.
    (problem,) = inventory.problems
    assert problem.place.path.endswith("a-1.dist-info/METADATA")


def test_what_pip_could_not_take_away_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "lib/python3.11/site-packages/~ip-1.dist-info").mkdir(parents=True)

    assert installed_files(str(tmp_path)) == {}


def test_no_environment_has_no_packages(tmp_path: Path) -> None:
    assert installed_files(str(tmp_path)) == {}
    assert installed_modules(str(tmp_path), {"pytest"}) == {}

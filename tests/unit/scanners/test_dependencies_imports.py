"""Whether the project imports what is vulnerable, where that can be told."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper.config.dependency_options import DependenciesOptions
from gatekeeper.model.account import Imported
from gatekeeper.model.advisory import Vulnerability
from gatekeeper.model.dependency import Dependency, Inventory, Place
from gatekeeper.scanners.dependencies_findings import told
from gatekeeper.scanners.dependencies_imports import with_imports
from gatekeeper.scanners.dependencies_items import Item
from tests.fakes.changes import FakeChange, FakeProject
from tests.fakes.scanning import FakeSnapshot

FLAW = Vulnerability(id="CVE-1", ids=("CVE-1",), ecosystem="pypi", name="pyyaml", version="1.0")


def item(name: str = "pyyaml", *, vulnerable: bool = True) -> Item:
    one = Dependency(ecosystem="pypi", name=name, version="1.0", place=Place("uv.lock", 3))
    return Item(
        inventory=Inventory("uv-lock", "uv.lock", (one,)),
        dependency=one,
        vulnerabilities=(FLAW,) if vulnerable else (),
    )


def imported(
    files: Mapping[str, str], it: Item, provides: Mapping[str, frozenset[str]] | None = None
) -> Imported:
    head = FakeSnapshot({path: text.encode() for path, text in files.items()})
    change = FakeChange(head=head, project=FakeProject(brought=provides or {}))
    (after,) = with_imports(change, [it])
    return after.imported


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import yaml\n", "imported"),
        ("def later():\n    from yaml import safe_load\n", "imported"),
        ("import os\n", "not-found"),
        ("text = 'yaml'\n", "not-found"),
        ("import importlib\nimportlib.import_module('yaml')\n", "imported"),
        ("import importlib\nimportlib.import_module(name)\n", "unknown"),
        ("import yaml.\n", "unknown"),
    ],
)
def test_by_what_files_say(source: str, expected: Imported) -> None:
    assert imported({"app/main.py": source, "notes.txt": "import yaml"}, item()) == expected


def test_metadata_of_the_environment_names_the_modules() -> None:
    files = {"main.py": "import wonder\n"}

    assert imported(files, item("odd-name"), {"odd-name": frozenset({"wonder"})}) == "imported"
    assert imported(files, item("odd-name"), {"odd-name": frozenset({"other"})}) == "not-found"
    # Without it a distribution may bring any module.
    assert imported(files, item("odd-name")) == "unknown"


def test_files_that_name_nothing_of_it_are_not_parsed() -> None:
    assert imported({"broken.py": "def (\n", "main.py": "import yaml\n"}, item()) == "imported"
    assert imported({"broken.py": "def (\n"}, item()) == "not-found"
    assert imported({"broken.py": "def ( yaml\n"}, item()) == "unknown"


def test_what_is_not_vulnerable_is_nobodys_question() -> None:
    assert imported({"main.py": "import yaml\n"}, item(vulnerable=False)) == "unknown"


def test_the_finding_says_so_and_is_as_severe_as_before() -> None:
    head = FakeSnapshot({"main.py": b"import yaml\n"})
    options = DependenciesOptions()
    before = told([item()], "2026-11-27", options)
    after = told(with_imports(FakeChange(head=head), [item()]), "2026-11-27", options)

    assert "The project imports it." in after[0].finding.message
    assert after[0].finding.severity == before[0].finding.severity
    assert after[0].identity == before[0].identity

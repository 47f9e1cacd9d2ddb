"""A scanner is complete or the tests say what is missing; see scanner_rules.py for the rules."""

from __future__ import annotations

from types import ModuleType

import pytest

from gatekeeper.model.tool import ToolSpec
from gatekeeper.scanners.change_interface import Change, ChangeScanned
from gatekeeper.scanners.interface import Scanner
from gatekeeper.scanners.registry import change_scanners, scanners
from gatekeeper.scanners.tools import TOOLS
from tests.conformance.scanner_rules import (
    RULES,
    Project,
    about_all,
    about_scanner,
    about_tool,
    modules,
    scanner_classes,
)


@pytest.mark.parametrize("identity", [*scanners(), *change_scanners()])
def test_a_scanner_is_complete(identity: str) -> None:
    assert about_scanner(Project(), identity) == []


@pytest.mark.parametrize("identity", TOOLS)
def test_a_tool_is_complete(identity: str) -> None:
    assert about_tool(Project(), identity) == []


def test_scanners_fit_together() -> None:
    assert about_all(Project()) == []


def test_scanners_are_told_from_helpers() -> None:
    found = {module.__name__.rpartition(".")[2]: scanner_classes(module) for module in modules()}

    assert {name for name, classes in found.items() if classes} == {
        identity.replace("-", "_") for identity in (*scanners(), *change_scanners())
    }


def test_every_attribute_of_the_protocol_has_a_rule() -> None:
    assert set(Scanner.__annotations__) == set(RULES)


class Half:
    id = "half"
    gate = "lnt"
    stage = "ci"
    scope = "file"
    layout = "tree"
    tool = ToolSpec("half", "half", ("bin/half",))
    size_limited = True
    revision = 0
    startup = 0.1

    def prepare(self) -> None: ...

    def scan(self, batch: object) -> None: ...


def half_way() -> Project:
    """The project with a scanner that somebody has only begun to add."""
    return Project(scanners={**scanners(), "half": Half()})


def test_a_scanner_added_half_way_is_told_all_that_is_missing() -> None:
    assert about_scanner(half_way(), "half") == [
        "attribute gate cannot be 'lnt'",
        f"attribute tool cannot be {Half.tool!r}",
        "attribute revision cannot be 0",
        "attribute rate is missing",
        "method prepare takes (self) -> 'None', not (self, context: 'Context') -> 'Prepared | Skipped'",
        "the class has no docstring",
        f"the class lives in {__name__}, not in gatekeeper.scanners.half",
        "src/gatekeeper/scanners/half.py is missing",
        "tests/unit/scanners/test_half.py is missing",
        "tests/data/half/ is missing or empty",
        "docs/scanners/half.md is missing",
        "config.schema.Scanners has no field for half",
    ]


def test_a_tool_added_half_way_is_told_all_that_is_missing() -> None:
    project = Project(tools={**TOOLS, "half": Half.tool})

    assert about_tool(project, "half") == [
        "config.schema.Tools has no field for half",
        "src/gatekeeper/locks/half.txt is missing: gatekeeper tools lock half",
    ]


def test_a_scanner_nobody_registered_is_noticed() -> None:
    module = ModuleType("gatekeeper.scanners.half")

    class Forgotten(Half):
        """Not in the registry."""

    Forgotten.__module__ = module.__name__
    module.__dict__["Forgotten"] = Forgotten
    project = Project(modules=[*modules(), module])

    added = set(about_all(project)) - set(about_all(Project()))

    assert added == {"scanners/registry.py does not list Forgotten of scanners/half.py"}


def test_a_scanner_taken_out_half_way_leaves_traces() -> None:
    project = Project(scanners={name: it for name, it in scanners().items() if name != "zizmor"})

    added = set(about_all(project)) - set(about_all(Project()))

    assert {
        "scanners/registry.py does not list Zizmor of scanners/zizmor.py",
        "config.schema.Scanners.zizmor names no scanner",
        "tool zizmor is started by no scanner",
    } <= added


def test_one_name_cannot_stand_for_two_scanners() -> None:
    class Commits:
        """Has the name of another one."""

        id = "ruff"
        gate = "commits"
        stage = "ci"
        revision = 1

        def prepare(self, change: Change) -> None: ...

        def scan(self, change: Change) -> ChangeScanned:
            return ChangeScanned()

    project = Project(change_scanners={**change_scanners(), "ruff": Commits()})

    assert "ruff is both a scanner and a change scanner" in about_all(project)

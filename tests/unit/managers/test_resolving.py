"""What is handed to a resolver, and what becomes of its answer."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gatekeeper.managers.resolving import needs_resolving, resolved
from gatekeeper.model.dependency import Inventory, PackageIndex
from gatekeeper.ports.process import ToolError
from tests.fakes.managing import found, names, one, parents, problems


class FakeResolver:
    """Answers with a text, and remembers what it was asked."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.indexes: list[str] = []

    def compile(self, requirements: str, indexes: Sequence[PackageIndex], python: str = "") -> str:
        self.asked += requirements.splitlines()
        self.indexes += [it.url for it in indexes]
        return self.answer


PROJECT = """\
[project]
name = "x"
dependencies = [
  "a[e]>=1",
  "w; sys_platform == 'win32'",
  "g @ git+https://h/g",
]
[dependency-groups]
dev = ["d==2"]
[build-system]
requires = ["hatchling"]
[[tool.uv.index]]
url = "https://one/simple"
default = true
[[tool.uv.index]]
url = "file:///etc"
"""
ANSWER = """\
a==1.5 \\
    --hash=sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    # via
    #   -r wanted.in
    #   d
d==2
    # via -r wanted.in
t==3
    # via a
w==1 ; sys_platform == 'win32'
    # via -r wanted.in
"""


def manifest() -> Inventory:
    return found("pyproject", "pyproject.toml", PROJECT)


def test_only_names_specifiers_and_markers_reach_the_resolver() -> None:
    resolver = FakeResolver(ANSWER)
    resolved(manifest(), resolver.compile)

    assert resolver.asked == ["a[e]>=1", 'w ; sys_platform == "win32"', "d==2"]
    assert resolver.indexes == ["https://one/simple"]


def test_what_was_chosen_stands_at_the_line_that_brought_it_in() -> None:
    inventory = resolved(manifest(), FakeResolver(ANSWER).compile)

    assert problems(inventory) == []
    assert inventory.complete
    assert [
        (it.name, it.version, it.place.line, it.direct, it.scope) for it in inventory.dependencies
    ] == [
        ("a", "1.5", 4, True, "runtime"),
        ("d", "2", 9, True, "dev"),
        ("t", "3", 4, False, "runtime"),
        ("w", "1", 5, True, "runtime"),
        ("g", "", 6, True, "runtime"),
        ("hatchling", "", 11, True, "build"),
    ]
    assert parents(one(inventory, "t")) == ["a"]
    assert one(inventory, "a").requirement == ">=1"
    assert one(inventory, "a").hashes
    assert one(inventory, "w").marker == 'sys_platform == "win32"'


def test_something_that_was_not_chosen_is_told() -> None:
    inventory = resolved(manifest(), FakeResolver("d==2\n    # via -r wanted.in\n").compile)

    assert problems(inventory) == [
        "pyproject.toml:4 a was asked for, and the resolver chose no version"
    ]


def test_errors_of_the_resolver_are_for_the_caller() -> None:
    def fail(requirements: str, indexes: Sequence[PackageIndex], python: str) -> str:
        raise ToolError("tool-timeout", "too late")

    with pytest.raises(ToolError):
        resolved(manifest(), fail)


def test_a_manifest_that_asks_an_index_for_nothing_is_left_alone() -> None:
    inventory = found(
        "pyproject", "pyproject.toml", '[project]\ndependencies = ["g @ git+https://h/g"]'
    )

    assert not needs_resolving(inventory)
    assert resolved(inventory, FakeResolver("").compile) is inventory
    assert needs_resolving(manifest())


@pytest.mark.parametrize("constraint", ["^1 || ^3", ">=1\\n--index-url=https://evil"])
def test_what_could_be_read_in_another_way_is_not_asked(constraint: str) -> None:
    inventory = found(
        "pyproject", "pyproject.toml", f'[tool.poetry.dependencies]\na = "{constraint}"\nb = "*"\n'
    )
    resolver = FakeResolver("b==1\n    # via -r wanted.in\n")

    assert names(resolved(inventory, resolver.compile))[0] == "b 1"
    assert resolver.asked == ["b"]

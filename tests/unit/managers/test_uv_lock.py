"""uv.lock: workspaces, scripts, sources, and locks that are not whole."""

from __future__ import annotations

import pytest

from gatekeeper.managers.graph import Paths
from gatekeeper.managers.registry import MANAGERS
from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import found, names, one, parents, problems

PYPI = 'source = { registry = "https://u:p@pypi.org/simple" }\n'
ROOT = """\
version = 1
revision = 3

[[package]]
name = "App"
source = { editable = "." }
dependencies = [
    { name = "a", extra = ["x"] },
    { name = "w", marker = "sys_platform == 'win32'" },
]

[package.optional-dependencies]
more = [{ name = "b" }]

[package.dev-dependencies]
dev = [{ name = "c" }]

[package.metadata]
requires-dist = [{ name = "A", extras = ["x"], specifier = ">=1" }]
[package.metadata.requires-dev]
dev = [{ name = "c", specifier = "==3" }]
"""


def package(name: str, version: str = "1", *wants: str, source: str = PYPI, more: str = "") -> str:
    listed = ", ".join(f'{{ name = "{it}" }}' for it in wants)
    return (
        f'\n[[package]]\nname = "{name}"\nversion = "{version}"\n{source}'
        f"dependencies = [{listed}]\n{more}"
    )


def read(*parts: str) -> Inventory:
    return found("uv-lock", "uv.lock", "".join(parts))


PROJECT = (
    ROOT,
    package("a", "1", "b", more='sdist = { url = "https://u", hash = "sha256:aa" }\n'
            'wheels = [{ url = "x", hash = "sha256:bb" }, { url = "y", hash = "sha256:aa" }]\n'
            '[package.optional-dependencies]\nx = [{ name = "deep" }]\n'),
    package("b"), package("c", "3", "deep"), package("deep"), package("w"),
)  # fmt: skip


def test_the_project_itself_is_no_dependency() -> None:
    assert names(read(*PROJECT)) == ["a 1", "b 1", "c 3", "deep 1", "w 1"]


def test_who_asks_for_it_and_what_for() -> None:
    inventory = read(*PROJECT)

    assert problems(inventory) == []
    assert {it.name: (it.direct, it.scope, it.groups) for it in inventory.dependencies} == {
        "a": (True, "runtime", ()),
        "b": (True, "runtime", ("more",)),
        "c": (True, "dev", ("dev",)),
        "deep": (False, "runtime", ("dev",)),
        "w": (True, "runtime", ()),
    }
    assert parents(one(inventory, "deep")) == ["a", "c"]
    assert one(inventory, "a").requirement == ">=1"
    assert one(inventory, "c").requirement == "==3"
    assert one(inventory, "w").marker == "sys_platform == 'win32'"
    assert [it.name for it in Paths(inventory).to("pypi:deep@1")] == ["a", "deep"]


def test_hashes_lines_and_the_index() -> None:
    inventory = read(*PROJECT)

    assert one(inventory, "a").hashes == ("sha256:aa", "sha256:bb")
    assert one(inventory, "a").place.line == ROOT.count("\n") + 2
    assert [(it.url, it.kind) for it in inventory.indexes] == [("https://pypi.org/simple", "main")]
    assert one(inventory, "a").url == "https://pypi.org/simple"
    assert inventory.complete


@pytest.mark.parametrize(
    ("source", "origin", "url"),
    [
        ('{ git = "https://h/a?rev=v1#abc" }', "vcs", "https://h/a?rev=v1#abc"),
        ('{ url = "https://h/a-1.whl" }', "url", "https://h/a-1.whl"),
        ('{ path = "../a-1.whl" }', "path", "../a-1.whl"),
        ('{ directory = "libs/a" }', "path", "libs/a"),
        ('{ editable = "libs/a" }', "path", "libs/a"),
        ('{ virtual = "libs/a" }', "path", "libs/a"),
        ('{ registry = "wheels" }', "index", "wheels"),
    ],
)
def test_where_it_comes_from(source: str, origin: str, url: str) -> None:
    root = ROOT.replace('name = "w"', 'name = "a"').replace('"b"', '"a"').replace('"c"', '"a"')
    it = one(read(root, package("a", source=f"source = {source}\n")))

    assert (it.origin, it.url) == (origin, url)


def test_members_of_a_workspace_are_the_project() -> None:
    inventory = read(
        'version = 1\n[manifest]\nmembers = ["One", "two"]\n',
        package("one", "0", "two", "a", source='source = { editable = "one" }\n'),
        package("two", "0", "b", source='source = { virtual = "two" }\n'),
        package("a"),
        package("b"),
    )

    assert {it.name: it.direct for it in inventory.dependencies} == {"a": True, "b": True}


def test_a_script_has_its_demands_in_the_manifest() -> None:
    inventory = found(
        "uv-lock",
        "tool.py.lock",
        'version = 1\n[manifest]\nrequirements = [{ name = "a", specifier = ">=1" }]\n'
        "[manifest.dependency-groups]\n"
        'dev = [{ name = "b" }]\n' + package("a", "1", "b") + package("b"),
    )

    assert [(it.name, it.direct, it.scope) for it in inventory.dependencies] == [
        ("a", True, "runtime"), ("b", True, "runtime")
    ]  # fmt: skip
    assert one(inventory, "a").requirement == ">=1"


def test_two_versions_of_one_package_are_two() -> None:
    text = (
        package("a", "1")
        + package("a", "2")
        + package("b", "1", "a").replace('{ name = "a" }', '{ name = "a", version = "2" }')
    )
    inventory = read("version = 1\n", text)

    assert names(inventory) == ["a 1", "a 2", "b 1"]
    assert [parents(it) for it in inventory.dependencies] == [[], ["b"], []]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("version = 2\n", "uv.lock:1 version 2 of uv.lock is not known here"),
        ("version = true\n", "uv.lock:1 version True of uv.lock is not known here"),
        ("", "uv.lock:0 version None of uv.lock is not known here"),
        ("version = 1\npackage = 3\n", "uv.lock:2 package has to be a list"),
        ("version = 1\npackage = [3]\n", "uv.lock:2 package[0] has to be a table"),
        ("version = 1\n[[package]]\nversion = '1'\n", "uv.lock:2 package[0] has no 'name'"),
        ("version = 1\n[[package]]\nname = 1\n", "uv.lock:3 package[0].name has to be text"),
        ("version = 1\n[[package]]\nname = 'a'\nsource = { svn = 'x' }\n",
         "uv.lock:2 a comes from a source that is not known here"),
        ("version = 1\n[[package]]\nname = 'a'\nsource = { registry = 'x' }\nwheels = [\n  1 ]\n",
         "uv.lock:6 package[0].wheels[0] has to be a table"),
        ("version = 1\n[[package]]\nname = 'a'\nsource = { registry = 'x' }\nsdist = { hash = 1 }\n",
         "uv.lock:5 package[0].sdist.hash has to be text"),
        ("version = 1\n[manifest]\nmembers = 'x'\n", "uv.lock:3 manifest.members has to be a list"),
        ("version = 1\nx = y\n", "uv.lock:2 not valid TOML: Invalid value"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    inventory = read(text)

    (problem,) = problems(inventory)
    assert problem.startswith(says)
    assert inventory.dependencies == ()


def test_one_bad_package_does_not_hide_the_others() -> None:
    inventory = read("version = 1\n", package("a"), "[[package]]\nname = 5\n", package("b"))

    assert names(inventory) == ["a 1", "b 1"]
    assert problems(inventory) == ["uv.lock:9 package[1].name has to be text"]


def test_a_lock_that_was_cut_between_two_packages_is_told() -> None:
    inventory = read(*PROJECT[:3])

    assert [it.partition(" ")[2] for it in problems(inventory)] == [
        "the project asks for w, which the lock does not have",
        "a asks for deep, which the lock does not have",
    ]
    assert all("uv lock" in it.remedy for it in inventory.problems)


def test_a_header_inside_a_text_moves_no_line() -> None:
    inventory = read('version = 1\nx = """\n[[package]]\n"""\n', package("a"), package("b"))

    assert [it.place.line for it in inventory.dependencies] == [6, 12]


def test_needs_nothing_else() -> None:
    assert MANAGERS["uv-lock"].needs("uv.lock", b"") == ()

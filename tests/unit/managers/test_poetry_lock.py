"""poetry.lock of all versions, alone and beside its pyproject.toml."""

from __future__ import annotations

import pytest

from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import found, names, one, parents, problems

END = '[metadata]\nlock-version = "2.1"\ncontent-hash = "x"\n'


def read(text: str, pyproject: str | None = None) -> Inventory:
    others = {} if pyproject is None else {"pyproject_toml": pyproject}
    return found("poetry-lock", "poetry.lock", text, **others)


def package(name: str, version: str = "1", more: str = "") -> str:
    return f'[[package]]\nname = "{name}"\nversion = "{version}"\n{more}\n'


NEW = (
    package("A", more='groups = ["main"]\nfiles = [{file = "a.whl", hash = "sha256:aa"}]\n'
            '[package.dependencies]\nb = {version = ">=1", extras = ["x"]}\n'
            'typing_extensions = {version = "*", markers = "python_version < \\"3.15\\""}\n'
            'gone = {version = "*", optional = true}\n')
    + package("b", more='optional = true\ngroups = ["main"]\nmarkers = "extra == \\"e\\""\n'
              '[package.dependencies]\nc = {version = "*", optional = true}\n'
              'd = {version = "*", optional = true, markers = "extra == \\"x\\""}\n'
              '[package.extras]\nx = ["d (>=1)"]\ny = ["c"]\n')
    + package("c", more='groups = ["dev"]\n')
    + package("d", more='groups = ["main", "dev"]\n')
    + package("typing-extensions", more='groups = ["main"]\n')
    + END
)  # fmt: skip


def test_without_a_manifest_only_what_nobody_asks_for_is_surely_direct() -> None:
    inventory = read(NEW)

    assert problems(inventory) == []
    assert {it.name: (it.direct, it.scope, it.groups) for it in inventory.dependencies} == {
        "a": (True, "runtime", ()),
        "b": (None, "optional", ()),
        "c": (True, "dev", ("dev",)),
        "d": (None, "runtime", ("dev",)),
        "typing-extensions": (None, "runtime", ()),
    }
    assert one(inventory, "a").hashes == ("sha256:aa",)


def test_extras_are_followed_only_where_somebody_asks_for_them() -> None:
    inventory = read(NEW)

    assert parents(one(inventory, "d")) == ["b"]
    assert parents(one(inventory, "c")) == []
    assert one(inventory, "d").marker == ""
    assert one(inventory, "typing-extensions").marker == 'python_version < "3.15"'


def test_the_manifest_tells_what_is_direct() -> None:
    inventory = read(
        NEW,
        '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.11"\na = "^1"\n'
        '[tool.poetry.group.dev.dependencies]\nc = "*"\n',
    )

    assert {it.name: (it.direct, it.scope) for it in inventory.dependencies} == {
        "a": (True, "runtime"),
        "b": (False, "runtime"),
        "c": (True, "dev"),
        "d": (False, "runtime"),
        "typing-extensions": (False, "runtime"),
    }
    assert one(inventory, "a").requirement == ">=1,<2"


def test_a_broken_manifest_is_told_and_the_lock_is_read() -> None:
    inventory = read(NEW, "[project\n")

    assert len(inventory.dependencies) == 5
    assert problems(inventory)[0].startswith("pyproject.toml:1 not valid TOML")


OLD = (
    package("A", "1.0", 'category = "main"\noptional = false\n[package.dependencies]\nb = ">=1"\n')
    + package("b", "2.0", 'category = "dev"\noptional = false\n')
    + '[metadata]\nlock-version = "1.1"\n[metadata.files]\n'
    'a = [{file = "a.whl", hash = "sha256:aa"}]\nb = []\n'
)


def test_locks_of_poetry_1_0_and_1_1_keep_their_hashes_at_the_end() -> None:
    inventory = read(OLD)

    assert [(it.name, it.scope, it.hashes) for it in inventory.dependencies] == [
        ("a", "runtime", ("sha256:aa",)), ("b", "dev", ())
    ]  # fmt: skip
    assert parents(one(inventory, "b")) == ["a"]


def test_locks_from_before_have_no_version() -> None:
    inventory = read(package("a") + '[metadata]\n[metadata.hashes]\na = ["aa", "bb"]\n')

    assert one(inventory).hashes == ("sha256:aa", "sha256:bb")


@pytest.mark.parametrize(
    ("source", "origin", "url"),
    [
        ('type = "git"\nurl = "https://h/a"\nreference = "v1"\nresolved_reference = "abc"', "vcs",
         "git+https://h/a@abc"),
        ('type = "git"\nurl = "https://h/a"\nreference = "v1"', "vcs", "git+https://h/a@v1"),
        ('type = "url"\nurl = "https://h/a-1.whl"', "url", "https://h/a-1.whl"),
        ('type = "file"\nurl = "a-1.whl"', "path", "a-1.whl"),
        ('type = "directory"\nurl = "libs/a"', "path", "libs/a"),
        ('type = "legacy"\nurl = "https://u:p@i/simple"\nreference = "i"', "index",
         "https://i/simple"),
    ],
)  # fmt: skip
def test_where_it_comes_from(source: str, origin: str, url: str) -> None:
    it = one(read(package("a", more=f"[package.source]\n{source}\n") + END))

    assert (it.origin, it.url) == (origin, url)


def test_of_two_versions_the_one_that_fits_is_the_child() -> None:
    inventory = read(
        package("a", more='[package.dependencies]\nb = [{version = "^1.2"}, {version = "~1.4"}]\n')
        + package("c", more='[package.dependencies]\nb = ">=2,<3 || >=4"\n')
        + package("d", more='[package.dependencies]\nb = "nonsense"\n')
        + package("b", "1.4.1") + package("b", "2.0") + END
    )  # fmt: skip

    assert [parents(it) for it in inventory.dependencies if it.name == "b"] == [
        ["a", "d"], ["c", "d"]
    ]  # fmt: skip


def test_markers_for_each_group() -> None:
    same = read(package("a", more='[package.markers]\nmain = "x"\ndev = "x"\n') + END)
    other = read(package("a", more='[package.markers]\nmain = "x"\ndev = "y"\n') + END)

    assert (one(same).marker, one(other).marker) == ("x", "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (package("a"), "poetry.lock:0 the lock has no [metadata]"),
        ('[metadata]\nlock-version = "3.0"\n', "poetry.lock:2 version '3.0' of poetry.lock"),
        ("[metadata]\nlock-version = 2\n", "poetry.lock:2 metadata.lock-version has to be text"),
        ("package = 1\n" + END, "poetry.lock:1 package has to be a list"),
        ("[[package]]\nname = 'a'\n" + END, "poetry.lock:1 package[0] has no 'version'"),
        (package("a", more="files = [{file = 'x'}]") + END,
         "poetry.lock:4 package[0].files[0] has no 'hash'"),
        (package("a", more="dependencies = {b = 1}") + END,
         "poetry.lock:4 package[0].dependencies.b has to be text or a table"),
        (package("a", more="[package.source]\ntype = 'ftp'") + END,
         "poetry.lock:1 a comes from a source of type 'ftp'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    assert problems(read(text))[0].startswith(says)


def test_names_are_normalised_in_edges() -> None:
    inventory = read(
        package("A", more='[package.dependencies]\nB_c = "*"\n') + package("b-c") + END
    )

    assert names(inventory) == ["a 1", "b-c 1"]
    assert parents(one(inventory, "b-c")) == ["a"]

"""pylock.toml, as PEP 751 describes it."""

from __future__ import annotations

import pytest

from gatekeeper.managers.registry import MANAGERS
from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import found, one, parents, problems

HEAD = 'lock-version = "1.0"\ncreated-by = "x"\npackages = []\n'
LOCK = """\
lock-version = "1.0"
created-by = "x"

[[packages]]
name = "A"
version = "1"
index = "https://u:p@i/simple"
dependencies = [{name = "b"}, {name = "c", version = "2"}]
sdist = {name = "a-1.tar.gz", hashes = {sha256 = "aa"}}
wheels = [{name = "a.whl", hashes = {sha256 = "bb", md5 = "cc"}}]

[[packages]]
name = "b"
version = "1"
marker = "'dev' in dependency_groups or \\"x\\" in dependency_groups"
wheels = []

[[packages]]
name = "c"
version = "1"
marker = "'e' in extras"
wheels = []

[[packages]]
name = "c"
version = "2"
wheels = []
"""


def read(text: str, **others: str) -> Inventory:
    return found("pylock", "pylock.toml", text, **others)


@pytest.mark.parametrize(
    ("path", "selected"),
    [("pylock.toml", True), ("a/pylock.dev.toml", True), ("pylock.a.b.toml", False),
     ("mypylock.toml", False), ("pylock..toml", False)],
)  # fmt: skip
def test_names_that_the_pep_allows(path: str, selected: bool) -> None:
    assert MANAGERS["pylock"].selects(path) is selected


def test_packages_hashes_and_who_asks() -> None:
    inventory = read(LOCK)

    assert problems(inventory) == []
    it = one(inventory, "a")
    assert it.hashes == ("sha256:aa", "sha256:bb", "md5:cc")
    assert (it.url, it.place.line, it.display) == ("https://i/simple", 4, "A")
    assert [(it.name, it.version, parents(it)) for it in inventory.dependencies[1:]] == [
        ("b", "1", ["a"]), ("c", "1", []), ("c", "2", ["a"])
    ]  # fmt: skip


def test_markers_tell_groups_and_extras() -> None:
    inventory = read(LOCK)

    assert [(it.scope, it.groups) for it in inventory.dependencies] == [
        ("unknown", ()), ("dev", ("dev", "x")), ("optional", ("e",)), ("unknown", ())
    ]  # fmt: skip


def test_the_manifest_tells_what_is_direct() -> None:
    inventory = read(LOCK, pyproject_toml='[project]\nname = "x"\ndependencies = ["a"]\n')

    assert [(it.direct, it.scope) for it in inventory.dependencies[:2]] == [
        (True, "runtime"), (False, "runtime")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "origin", "url", "version"),
    [
        ('vcs = {type = "git", url = "https://h/a", commit-id = "abc"}', "vcs",
         "git+https://h/a@abc", ""),
        ('directory = {path = "libs/a"}', "path", "libs/a", ""),
        ('archive = {url = "https://h/a-3.zip", hashes = {sha256 = "aa"}}', "url",
         "https://h/a-3.zip", "3"),
        ('archive = {path = "a-3.zip", hashes = {sha256 = "aa"}}', "path", "a-3.zip", "3"),
    ],
)  # fmt: skip
def test_where_it_comes_from(source: str, origin: str, url: str, version: str) -> None:
    it = one(read(f'lock-version = "1.0"\n[[packages]]\nname = "a"\n{source}\n'))

    assert (it.origin, it.url, it.version) == (origin, url, version)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "pylock.toml:0 version '' of pylock.toml is not known"),
        ('lock-version = "2.0"', "pylock.toml:1 version '2.0' of pylock.toml is not known"),
        ('lock-version = "1.0"', "pylock.toml:0 the lock has no `packages`"),
        ('lock-version = "1.0"\n[[packages]]\nname = "a"',
         "pylock.toml:2 a has no vcs, directory, archive, sdist or wheels"),
        ('lock-version = "1.0"\n[[packages]]\nname = "a"\nwheels = []',
         "pylock.toml:2 a has no version"),
        ('lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\nwheels = [1]',
         "pylock.toml:5 packages[0].wheels[0] has to be a table"),
        ('lock-version = "1.0"\n[[packages]]\nname = "a"\nvcs = {type = "git"}',
         "pylock.toml:4 packages[0].vcs has no 'commit-id'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    assert problems(read(text))[0].startswith(says)


def test_a_lock_may_be_empty() -> None:
    assert problems(read(HEAD)) == []

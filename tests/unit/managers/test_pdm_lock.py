"""pdm.lock, alone and beside its pyproject.toml."""

from __future__ import annotations

import pytest

from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import found, names, one, parents, problems

HEAD = '[metadata]\nlock_version = "4.5.0"\n\n'


def read(text: str, pyproject: str | None = None) -> Inventory:
    others = {} if pyproject is None else {"pyproject_toml": pyproject}
    return found("pdm-lock", "pdm.lock", text, **others)


def package(name: str, version: str = "1", more: str = "") -> str:
    return f'[[package]]\nname = "{name}"\nversion = "{version}"\n{more}\n'


LOCK = (
    HEAD
    + package("A", more='groups = ["default"]\ndependencies = ["b[x]>=1; os_name == \'nt\'"]\n'
              'files = [{file = "a.whl", hash = "sha256:aa"}]')
    + package("b", more='groups = ["default"]\nfiles = [{url = "u", hash = "sha256:bb"}]')
    + package("b", more='extras = ["x"]\ngroups = ["dev"]\ndependencies = ["b==1", "c"]')
    + package("c", more='groups = ["default"]\nmarker = "sys_platform == \'win32\'"')
)  # fmt: skip


def test_a_package_with_and_without_extras_is_one() -> None:
    inventory = read(LOCK)

    assert problems(inventory) == []
    assert names(inventory) == ["a 1", "b 1", "c 1"]
    it = one(inventory, "b")
    assert (it.extras, it.hashes, it.groups) == (("x",), ("sha256:bb",), ("dev",))
    assert (parents(it), it.marker) == (["a"], 'os_name == "nt"')
    assert parents(one(inventory, "c")) == ["b"]
    assert one(inventory, "c").marker == "sys_platform == 'win32'"


def test_the_manifest_tells_what_is_direct_and_what_it_is_for() -> None:
    inventory = read(
        LOCK,
        '[project]\nname = "x"\ndependencies = ["a>0"]\n[tool.pdm.dev-dependencies]\nt = ["c"]\n',
    )

    assert {it.name: (it.direct, it.scope, it.groups) for it in inventory.dependencies} == {
        "a": (True, "runtime", ()),
        "b": (False, "runtime", ("dev",)),
        "c": (True, "runtime", ("t",)),
    }


def test_old_locks_keep_their_hashes_at_the_end() -> None:
    inventory = read(
        '[metadata]\nlock_version = "4.0"\n[metadata.files]\n'
        '"a[x] 1" = [{file = "a.whl", hash = "sha256:aa"}]\n' + package("a")
    )

    assert one(inventory).hashes == ("sha256:aa",)


@pytest.mark.parametrize(
    ("more", "origin", "url"),
    [
        ('git = "https://u:p@h/a"\nrevision = "abc"', "vcs", "git+https://h/a@abc"),
        ('hg = "https://h/a"\nref = "v1"', "vcs", "hg+https://h/a@v1"),
        ('path = "./libs/a"', "path", "./libs/a"),
        ('url = "https://h/a-1.whl"', "url", "https://h/a-1.whl"),
    ],
)
def test_where_it_comes_from(more: str, origin: str, url: str) -> None:
    it = one(read(HEAD + package("a", more=more)))

    assert (it.origin, it.url) == (origin, url)


def test_of_two_versions_the_one_that_fits_is_the_child() -> None:
    inventory = read(
        HEAD + package("a", more='dependencies = ["b>=2"]') + package("b", "1") + package("b", "2")
    )

    assert [parents(it) for it in inventory.dependencies] == [[], [], ["a"]]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "pdm.lock:0 version '' of pdm.lock is not known"),
        ('[metadata]\nlock_version = "5.0"\n', "pdm.lock:2 version '5.0' of pdm.lock"),
        (HEAD + '[[package]]\nname = "a"\n', "pdm.lock:4 a has no version"),
        (HEAD + package("a", more='dependencies = ["b b"]'), "pdm.lock:4 'b b' is no requirement"),
        (
            HEAD + package("a", more="files = [1]"),
            "pdm.lock:7 package[0].files[0] has to be a table",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    assert problems(read(text))[0].startswith(says)


def test_what_each_asks_for_is_kept() -> None:
    inventory = read(LOCK)

    assert (one(inventory, "b").demands, one(inventory, "c").demands) == ((">=1",), ("*",))

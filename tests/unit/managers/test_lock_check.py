"""Whether a lock holds what its manifest asks for."""

from __future__ import annotations

import pytest

from gatekeeper.managers.lock_check import (
    duplicates,
    locks_of,
    mismatches,
    missing_hashes,
    not_asked,
    workspace_lock_of,
)
from gatekeeper.model.dependency import Inventory
from tests.fakes.managing import found


def project(*wanted: str, more: str = "") -> Inventory:
    listed = ", ".join(f'"{it}"' for it in wanted)
    return found(
        "pyproject", "pyproject.toml", f'[project]\nname = "x"\ndependencies = [{listed}]\n{more}'
    )


def lock(*packages: str, direct: str = "") -> Inventory:
    text = "version = 1\n[manifest]\nrequirements = [{}]\n".format(
        ", ".join(f'{{ name = "{it}" }}' for it in direct.split())
    )
    for package in packages:
        name, _, version = package.partition(" ")
        source = f'git = "https://h/{name}"' if version == "git" else 'registry = "https://i"'
        version = "1" if version == "git" else version
        text += f'[[package]]\nname = "{name}"\nversion = "{version}"\nsource = {{ {source} }}\n'
    return found("uv-lock", "uv.lock", text)


def told(manifest: Inventory, locked: Inventory) -> list[str]:
    return [
        f"{it.kind} {it.dependency.name} {' '.join(it.locked)}".strip()
        for it in mismatches(manifest, locked)
    ]


@pytest.mark.parametrize(
    ("wanted", "locked", "says"),
    [
        ("a>=1", "a 1.5", []),
        ("a", "a 1.5", []),
        ("a>=2", "a 1.5", ["not-satisfied a 1.5"]),
        ("a==1.0", "a 1.0.0", []),
        ("a>=1", "a 2.0rc1", []),
        ("a===odd", "a odd", []),
        ("a", "b 1", ["missing a"]),
        ("a; python_version < '3'", "b 1", []),
        ("a; python_version < '3'", "a 1", []),
        ("A_b", "a-b 1", []),
        ("a @ git+https://h/a", "a git", []),
        ("a @ git+https://h/a", "a 1", ["other-origin a 1"]),
        ("a>=1", "a git", ["other-origin a 1"]),
    ],
)
def test_python(wanted: str, locked: str, says: list[str]) -> None:
    assert told(project(wanted), lock(locked)) == says


def test_of_several_versions_one_has_to_fit() -> None:
    assert told(project("a>=2"), lock("a 1", "a 2")) == []
    assert told(project("a>=3"), lock("a 1", "a 2")) == ["not-satisfied a 1 2"]


def test_groups_extras_and_poetry_count_and_builds_do_not() -> None:
    manifest = project(
        more='[build-system]\nrequires = ["h"]\n[project.optional-dependencies]\ne = ["o"]\n'
        '[dependency-groups]\nd = ["g"]\n[tool.poetry.dependencies]\np = "^2 || ^4"\n'
    )

    assert told(manifest, lock("p 4.1")) == ["missing o", "missing g"]
    assert told(manifest, lock("p 3.1", "o 1", "g 1")) == ["not-satisfied p 3.1"]
    assert [it.dependency.name for it in mismatches(manifest, lock("p 4.1"), {"dev"})] == ["g"]


def test_what_the_lock_holds_and_nobody_asks_for() -> None:
    locked = lock("a 1", "b 1", "c 1", direct="a b")
    found_here = not_asked([project("a"), project("x")], locked)

    assert [(it.kind, it.dependency.name) for it in found_here] == [("not-asked", "b")]


@pytest.mark.parametrize(
    ("wanted", "made_for", "says"),
    [
        ("^1.0.0", "^1.0.0", []),
        ("^2.0.0", "^1.0.0", ["not-satisfied a 1.0.0"]),
        ("1.0.0", "1.0.0", []),
        ("npm:a@^1", "npm:a@^1", []),
        ("*", "*", []),
    ],
)
def test_npm_compares_with_what_the_lock_was_made_for(
    wanted: str, made_for: str, says: list[str]
) -> None:
    manifest = found("package-json", "package.json", f'{{"dependencies": {{"a": "{wanted}"}}}}')
    locked = found(
        "package-lock",
        "package-lock.json",
        f'{{"lockfileVersion": 3, "packages": {{"": {{"dependencies": {{"a": "{made_for}"}}}},'
        '"node_modules/a": {"version": "1.0.0"}}}',
    )

    assert told(manifest, locked) == says


def test_optional_packages_of_npm_may_be_missing() -> None:
    manifest = found("package-json", "package.json", '{"optionalDependencies": {"a": "1"}}')

    assert told(manifest, Inventory("package-lock", "package-lock.json")) == []


def test_locks_lie_beside_their_manifests() -> None:
    paths = {"uv.lock", "a/poetry.lock", "a/b/x", "r.txt", "s.py.lock", "pkg/yarn.lock"}

    assert locks_of("pyproject.toml", paths) == ["uv.lock"]
    assert locks_of("a/pyproject.toml", paths) == ["a/poetry.lock"]
    assert locks_of("r.in", paths) == ["r.txt"]
    assert locks_of("s.py", paths) == ["s.py.lock"]
    assert locks_of("pkg/package.json", paths) == ["pkg/yarn.lock"]
    assert locks_of("a/b/pyproject.toml", paths) == []
    assert workspace_lock_of("a/b/pyproject.toml", paths) == "a/poetry.lock"
    assert workspace_lock_of("c/d/pyproject.toml", paths) == "uv.lock"
    assert workspace_lock_of("c/package.json", paths) == ""


def test_packages_that_are_there_twice() -> None:
    def names(inventory: Inventory) -> list[tuple[str, int]]:
        return [(it[0].name, len(it)) for it in duplicates(inventory)]

    requirements = "a==1\nA>=1\nb; os_name == 'nt'\nb; os_name == 'posix'\n./c\n./c\n"
    assert names(found("requirements", "requirements.txt", requirements)) == [("a", 2)]
    assert names(project("a", more='[dependency-groups]\nd = ["a"]\n')) == []
    assert names(lock("a 1", "a 2")) == [("a", 2)]


def test_what_has_no_hash() -> None:
    some = "a==1 --hash=sha256:" + "a" * 64 + "\nb==1\n./c\nd\n"
    none = "a==1\nb==1\n"

    assert [it.name for it in missing_hashes(found("requirements", "requirements.txt", some))] == [
        "b"
    ]
    assert list(missing_hashes(found("requirements", "requirements.txt", none))) == []
    assert [it.name for it in missing_hashes(lock("a 1", "b git"))] == ["a"]
    assert list(missing_hashes(project("a==1"))) == []

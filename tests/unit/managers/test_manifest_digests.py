"""Digests of manifests; that they are the tools' own is shown by `test_lock_pairs`."""

from __future__ import annotations

from typing import Any

import pytest

from gatekeeper.managers.manifest_digests import pipfile_digests, pyproject_digests
from tests.fakes.managing import found


def of(tool: str, document: dict[str, Any]) -> set[str]:
    return {it for it in pyproject_digests(document) if it.startswith(f"{tool}:")}


OLD: dict[str, Any] = {"tool": {"poetry": {"dependencies": {"a": "^1"}, "name": "x"}}}
NEW: dict[str, Any] = {"project": {"dependencies": ["a>=1"], "name": "x"}}


@pytest.mark.parametrize("tool", ["poetry", "pdm"])
@pytest.mark.parametrize(
    "change",
    [
        {"project": {"dependencies": ["a>=2"]}},
        {"project": {"dependencies": ["a>=1"], "requires-python": ">=3.9"}},
        {"project": {"dependencies": ["a>=1"], "optional-dependencies": {"e": ["b"]}}},
    ],
)
def test_what_is_locked_changes_them(tool: str, change: dict[str, Any]) -> None:
    assert of(tool, NEW)
    assert of(tool, NEW).isdisjoint(of(tool, NEW | change))


@pytest.mark.parametrize("tool", ["poetry", "pdm"])
def test_what_is_not_locked_does_not(tool: str) -> None:
    assert of(tool, NEW) == of(tool, {"project": NEW["project"] | {"name": "y", "version": "2"}})


def test_poetry_before_the_standard() -> None:
    other = {"tool": {"poetry": {"dependencies": {"a": "^2"}}}}
    grouped = {"tool": {"poetry": OLD["tool"]["poetry"] | {"group": {"d": {}}}}}

    assert of("poetry", OLD).isdisjoint(of("poetry", other))
    assert of("poetry", OLD) != of("poetry", grouped)
    # Pdm reads such a manifest in a way of its own.
    assert of("pdm", OLD) == set()


@pytest.mark.parametrize(
    "document",
    [{"project": 1}, {"tool": []}, {"dependency-groups": {"d": 1}, "project": {"name": "x"}},
     {"project": {"dependencies": [object()]}}],
)  # fmt: skip
def test_what_the_tools_could_not_hash_has_none(document: dict[str, Any]) -> None:
    assert pyproject_digests(document) == ()


def test_pipfiles() -> None:
    plain = {"packages": {"a": "*"}}

    assert pipfile_digests(plain) == pipfile_digests(plain | {"scripts": {"s": "x"}})
    assert set(pipfile_digests(plain)).isdisjoint(pipfile_digests({"packages": {"a": "==1"}}))
    assert len(pipfile_digests(plain | {"docs": {"b": "*"}})) == 2
    assert pipfile_digests({"packages": {"a": object()}}) == ()


def test_a_manifest_of_another_shape_is_told_elsewhere() -> None:
    inventory = found("pyproject", "pyproject.toml", "project = 1\n")

    assert inventory.tie.digests == ()
    assert inventory.problems

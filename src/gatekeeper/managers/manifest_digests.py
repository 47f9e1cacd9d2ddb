"""The digests by which poetry, pdm and pipenv know in their locks which manifest they locked.

Each tool hashes, as JSON, the tables that it locks; which those are has changed with its versions.
A digest is written `tool:hex` here, and a manifest has one for each way of counting.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from gatekeeper.managers.names import pypi_name

_POETRY = ("dependencies", "source", "extras", "dev-dependencies")
_PROJECT = ("requires-python", "dependencies", "optional-dependencies")
# What the first table of a Pipfile that pipenv does not count as a category is called.
_NO_CATEGORIES = ("source", "packages", "dev-packages", "requires", "scripts", "pipenv")


def pyproject_digests(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Those of poetry and pdm; nothing of a document that they could not hash either."""
    try:
        found = [f"poetry:{_sha256(it)}" for it in _poetry(document)]
        found += [f"pdm:{_sha256(it)}" for it in _pdm(document)]
    except (AttributeError, TypeError, ValueError):
        return ()
    return tuple(dict.fromkeys(found))


def pipfile_digests(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Those of pipenv, before and since it has categories."""
    default = [{"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True}]
    counted = {
        "_meta": {
            "sources": document.get("source", default),
            "requires": document.get("requires", {}),
        },
        "default": document.get("packages", {}),
        "develop": document.get("dev-packages", {}),
    }
    known = (*_NO_CATEGORIES, "default", "develop")
    more = {key: value for key, value in document.items() if key not in known}
    try:
        found = [_sha256(it, (",", ":")) for it in (counted, counted | more)]
    except (TypeError, ValueError):
        return ()
    return tuple(f"pipenv:{it}" for it in dict.fromkeys(found))


def _poetry(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    poetry = document.get("tool", {}).get("poetry", {})
    project = {
        key: document["project"][key] for key in _PROJECT if key in document.get("project", {})
    }
    group = {"group": poetry["group"]} if "group" in poetry else {}
    if poetry or not project:
        old = {key: poetry.get(key) for key in _POETRY}
        yield old
        yield old | group
    # Version 2, with and without the groups of the standard.
    tables = {"tool": {"poetry": {key: poetry[key] for key in _POETRY if key in poetry} | group}}
    if project:
        yield {"project": project} | tables
    if groups := document.get("dependency-groups"):
        yield ({"project": project} if project else {}) | {"dependency-groups": groups} | tables
        yield {"project": project, "dependency-groups": groups} | tables


def _pdm(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    project = document.get("project", {})
    if not project:
        # Pdm then reads the tables of other tools, and hashes what it makes of them.
        return
    pdm = document.get("tool", {}).get("pdm", {})
    counted = {
        "sources": pdm.get("source", []),
        "dependencies": project.get("dependencies", []),
        "optional-dependencies": project.get("optional-dependencies", {}),
        "requires-python": project.get("requires-python", ""),
    }
    resolution = pdm.get("resolution", {})
    own = pdm.get("dev-dependencies", {})
    overrides = pdm.get("overrides", resolution.get("overrides", {}))
    yield counted | {"dev-dependencies": own, "overrides": overrides}
    groups: dict[str, list[Any]] = {
        pypi_name(name): list(wanted)
        for name, wanted in document.get("dependency-groups", {}).items()
    }
    for name, wanted in own.items():
        groups[pypi_name(name)] = [*groups.get(pypi_name(name), ()), *wanted]
    for dev in (own, groups):
        yield counted | {"dev-dependencies": dev, "resolution": resolution}


def _sha256(value: object, separators: tuple[str, str] | None = None) -> str:
    text = json.dumps(value, sort_keys=True, separators=separators)
    return hashlib.sha256(text.encode()).hexdigest()

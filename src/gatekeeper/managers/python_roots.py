"""What a lock without roots of its own learns from the pyproject.toml beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gatekeeper.managers.asked import Asked, PyProject
from gatekeeper.managers.graph import Graph
from gatekeeper.managers.names import beside
from gatekeeper.managers.reading import Found
from gatekeeper.managers.toml_document import read_toml
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Dependency


def manifest_of(path: str) -> str:
    """The pyproject.toml beside a lock."""
    return beside(path, "pyproject.toml")


def asked_beside(path: str, files: Mapping[str, bytes], found: Found) -> list[Asked] | None:
    """What it asks for; None without one, or when it cannot be read."""
    manifest = manifest_of(path)
    if manifest not in files:
        return None
    with found.entry(manifest):
        return PyProject(read_toml(files[manifest]), found, manifest).asked(build=False)
    return None


def only_source(files: Iterable[View]) -> bool | None:
    """Whether a lock names files and no wheel among them; None when it names none."""
    names = [it.text("file") or it.text("url") for it in files]
    return None if not all(names) or not names else not any(".whl" in it for it in names)


def plant(
    graph: Graph, asked: Sequence[Asked] | None, packages: Mapping[str, Sequence[Dependency]]
) -> None:
    """Make what the project asks for the roots of a graph of packages, given by name."""
    if asked is None:
        return
    graph.rooted = True
    for it in asked:
        for dependency in packages.get(it.demand.name, ()):
            graph.root(dependency.key, it.scope, it.group, it.demand.specifier, it.demand.marker)

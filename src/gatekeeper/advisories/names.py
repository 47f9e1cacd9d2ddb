"""Ecosystems and package names, as OSV and as lock files write them."""

from __future__ import annotations

from gatekeeper.model.dependency import Ecosystem
from gatekeeper.text.patterns import regex

# Those whose versions can be ordered here, by OSV's name.
ECOSYSTEMS: dict[str, Ecosystem] = {
    "PyPI": "pypi",
    "npm": "npm",
    "GitHub Actions": "github-actions",
}
OSV_NAMES: dict[Ecosystem, str] = {ours: theirs for theirs, ours in ECOSYSTEMS.items()}
_RUNS = regex(r"[-_.]+")
_PURL_TYPES: dict[str, Ecosystem] = {
    "pypi": "pypi",
    "npm": "npm",
    "githubactions": "github-actions",
    "github": "github-actions",
}


def normal(ecosystem: Ecosystem, name: str) -> str:
    """The name as the ecosystem compares it."""
    if ecosystem == "pypi":
        return _RUNS.sub("-", name).lower()
    return name.lower() if ecosystem == "github-actions" else name


def candidates(ecosystem: Ecosystem, name: str) -> tuple[str, ...]:
    """The names under which advisories about a package may be: an action may be part of another."""
    full = normal(ecosystem, name)
    if ecosystem == "github-actions" and full.count("/") > 1:
        return (full, "/".join(full.split("/")[:2]))
    return (full,)


def read_purl(purl: str) -> tuple[Ecosystem, str, str] | None:
    """Ecosystem, name and version (empty when there is none) of a package URL; None otherwise."""
    from urllib.parse import unquote

    if not purl.startswith("pkg:"):
        return None
    plain = purl[4:].lstrip("/").partition("#")[0].partition("?")[0]
    kind, slash, path = plain.partition("/")
    # The `@` of a scope is written as %40, or stands first; that of a version stands last.
    name, at, version = path.rpartition("@")
    if not at or not name:
        name, version = path, ""
    ecosystem = _PURL_TYPES.get(kind.lower())
    if not (slash and name and ecosystem):
        return None
    return ecosystem, unquote(name.strip("/")), unquote(version)

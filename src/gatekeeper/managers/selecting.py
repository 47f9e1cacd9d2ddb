"""Which files each manager reads, by their paths: known before any of them is loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from gatekeeper.managers.names import base_name
from gatekeeper.text.patterns import regex

Selects = Callable[[str], bool]


def _named(*names: str) -> Selects:
    return lambda path: base_name(path) in names


def _ours(*names: str) -> Selects:
    """The project's own, and no package's that lies in node_modules."""
    return lambda path: base_name(path) in names and "node_modules" not in path.split("/")


def _like(words: tuple[str, ...], pattern: str, flags: int = 0) -> Selects:
    """By the file's name. One of `words` is in every such name: it costs less to look for."""
    name = regex(pattern, flags)
    return lambda path: (
        any(word in path.lower() for word in words) and bool(name.fullmatch(base_name(path)))
    )


_REQUIREMENTS = _like(
    ("requirement",), r"(?:.*[-_.])?requirements?(?:[-_.].*)?\.(?:txt|in|pip)", re.IGNORECASE
)
_IN_REQUIREMENTS = regex(r"(?:.*/)?(?:requirements|reqs)/[^/]+\.(?:txt|in)", re.IGNORECASE)
_DOCKERFILE = _like(
    ("dockerfile", "containerfile"),
    r"(?:.+\.)?(?:Dockerfile|Containerfile)(?:[.-].+)?|.+\.(?:docker|container)file",
)
_WORKFLOW = regex(r"(?:.*/)?\.github/workflows/[^/]+\.ya?ml")


def _requirements(path: str) -> bool:
    if not path.lower().endswith((".txt", ".in", ".pip")):
        return False
    inside = "req" in path.lower() and bool(_IN_REQUIREMENTS.fullmatch(path))
    return inside or _REQUIREMENTS(path)


def _github_actions(path: str) -> bool:
    if base_name(path) in ("action.yml", "action.yaml"):
        return True
    return ".github/workflows/" in path and bool(_WORKFLOW.fullmatch(path))


SELECTS: Mapping[str, Selects] = {
    "requirements": _requirements,
    "uv-lock": lambda path: base_name(path) == "uv.lock" or path.endswith(".py.lock"),
    "poetry-lock": _named("poetry.lock"),
    "pdm-lock": _named("pdm.lock"),
    "pylock": _like(("pylock",), r"pylock\.(?:[^./]+\.)?toml"),
    "pipfile-lock": _named("Pipfile.lock"),
    "pyproject": _named("pyproject.toml"),
    "pipfile": _named("Pipfile"),
    "script": lambda path: path.endswith(".py"),
    "package-lock": _ours("package-lock.json", "npm-shrinkwrap.json"),
    "pnpm-lock": _ours("pnpm-lock.yaml"),
    "yarn-lock": _ours("yarn.lock"),
    "package-json": _ours("package.json"),
    "github-actions": _github_actions,
    "pre-commit": _named(".pre-commit-config.yaml", ".pre-commit-config.yml"),
    "dockerfile": lambda path: _DOCKERFILE(path) and not path.endswith((".dockerignore", ".md")),
    "compose": _like(("compose",), r"(?:docker-)?compose(?:[.-][^/]+)?\.ya?ml"),
    "cyclonedx": _like(
        ("bom", "cdx", "cyclonedx"),
        r"s?bom\.(?:json|xml)|.+\.cdx\.(?:json|xml)|(?:.*[-_.])?cyclonedx(?:[-_.].*)?\.(?:json|xml)",
        re.IGNORECASE,
    ),
    "spdx": _like(
        ("spdx",), r".+\.spdx(?:\.json)?|(?:.*[-_.])?spdx(?:[-_.].*)?\.json", re.IGNORECASE
    ),
}

"""The commands with which people change one package, by the file that names its version."""

from __future__ import annotations

import re

from gatekeeper.text.patterns import regex

# What is put into a command that people copy: nothing that a shell would read.
_NAME = regex(r"(?:@[\w.-]+/)?[\w.-]+", re.ASCII)
_VERSION = regex(r"[\w.+!-]+", re.ASCII)
_LOCK = {
    "uv-lock": "uv lock --upgrade-package {name}=={version}",
    "poetry-lock": "poetry update --lock {name}",
    "pdm-lock": "pdm update --no-sync --update-reuse {name}",
    "pipfile-lock": "pipenv upgrade {name}",
    "package-lock": "npm update --package-lock-only {name}",
    "pnpm-lock": "pnpm update --lockfile-only {name}",
}
_RAISE = {
    "uv-lock": "uv add '{name}>={version}'",
    "poetry-lock": "poetry add '{name}@>={version}'",
    "pdm-lock": "pdm add '{name}>={version}'",
    "pipfile-lock": "pipenv upgrade '{name}>={version}'",
    "package-lock": "npm install {name}@{version}",
    "pnpm-lock": "pnpm add {name}@{version}",
    "yarn-lock": "yarn add {name}@{version}",
}
_FORCE = {
    "uv-lock": "tool.uv.override-dependencies",
    "pdm-lock": "tool.pdm.resolution.overrides",
    "package-lock": "overrides in package.json",
    "pnpm-lock": "overrides of pnpm",
    "yarn-lock": "resolutions in package.json",
}


def lock_command(manager: str, name: str, version: str) -> str:
    """Takes another version into the lock alone; empty when there is no such command."""
    return _filled(_LOCK.get(manager, ""), name, version)


def raise_command(manager: str, name: str, version: str) -> str:
    """Asks for at least this version from now on."""
    return _filled(_RAISE.get(manager, ""), name, version)


def force_setting(manager: str) -> str:
    """The setting that forces a version on everything that asks for a package; empty without one."""
    return _FORCE.get(manager, "")


def _filled(template: str, name: str, version: str) -> str:
    if not (_NAME.fullmatch(name) and _VERSION.fullmatch(version)):
        return ""
    return "" if name.startswith("-") else template.format(name=name, version=version)

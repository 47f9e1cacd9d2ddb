"""Hooks and versions: what runs before a commit, and whether it is what CI runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from gatekeeper.config.documents import decode, parse_yaml
from gatekeeper.doctor.result import Check
from gatekeeper.errors import ConfigError
from gatekeeper.setup.facts import PRE_COMMIT
from gatekeeper.setup.precommit import find_entry
from gatekeeper.text.patterns import regex
from gatekeeper.version import VERSION

Read = Callable[[str], bytes | None]
# Where others pin a tool that gatekeeper runs, too: the end of the repository's address.
_MIRRORS: Mapping[str, str] = {
    "astral-sh/ruff-pre-commit": "ruff",
    "charliermarsh/ruff-pre-commit": "ruff",
    "PyCQA/bandit": "bandit",
    "zizmorcore/zizmor-pre-commit": "zizmor",
    "woodruffw/zizmor-pre-commit": "zizmor",
    "python-jsonschema/check-jsonschema": "check-jsonschema",
    "jendrikseipp/vulture": "vulture",
    "semgrep/pre-commit": "semgrep",
    "mongodb/kingfisher": "kingfisher",
    "hadolint/hadolint": "hadolint",
    "bridgecrewio/checkov": "checkov",
}
_COMMIT = regex(r"[0-9a-f]{40}")
_PLAIN = regex(r"v?(\d+(?:\.\d+)+)")


class Installed(Struct, frozen=True):
    """What git runs: gatekeeper's own hooks, and whether pre-commit's or prek's script is there."""

    native: bool
    runner: str


def hooks(installed: Installed, read: Read) -> Iterator[Check]:
    """Whether commits are judged before they are made, and with which version."""
    try:
        content = read(PRE_COMMIT)
        entry = find_entry(decode(PRE_COMMIT, content)) if content is not None else None
    except ConfigError as error:
        message = f"it cannot be read: {error.message}"
        yield Check("hooks", error.where or PRE_COMMIT, "warn", message, error.remedy)
        return
    if entry is not None:
        where = f"{PRE_COMMIT}:{entry.line}"
        commit = bool(_COMMIT.fullmatch(entry.rev))
        found = _PLAIN.fullmatch(entry.frozen if commit else entry.rev)
        if found and found[1] != VERSION:
            message = f"hooks run gatekeeper {found[1]}, here it is {VERSION}: verdicts may differ"
            remedy = "`pre-commit autoupdate --repo` for this repository, or install the same here"
            yield Check("hooks", where, "warn", message, remedy)
        else:
            at = entry.rev[:12] if commit else entry.rev
            at += f" ({entry.frozen})" * bool(found and commit)
            yield Check("hooks", where, "ok", f"{', '.join(entry.hooks)} at {at}")
        if not commit and entry.rev:
            message = f"{entry.rev} is a tag or branch, which can be moved to other code"
            remedy = "`pre-commit autoupdate --freeze --repo URL` pins the commit of the newest tag"
            yield Check("hooks", where, "warn", message, remedy)
        if not installed.runner and not installed.native:
            message = "the entry is there, and git runs no hooks in this clone"
            yield Check(
                "hooks", "installation", "warn", message, "pre-commit install (or: prek install)"
            )
    if installed.native:
        yield Check("hooks", "git hooks", "ok", "gatekeeper's own are in force")
    elif installed.runner:
        yield Check("hooks", "git hooks", "ok", f"{installed.runner} is installed in this clone")
    if entry is None and not installed.native:
        message = "no hook runs gatekeeper: problems are noticed in CI only"
        yield Check(
            "hooks",
            "gatekeeper",
            "warn",
            message,
            "`gatekeeper init`, or `gatekeeper init --hooks`",
        )


def versions(locked: Mapping[str, str], read: Read) -> Iterator[Check]:
    """Tools that the project pins elsewhere at another version. `locked`: what gatekeeper runs."""
    for where, tool, version in (*_in_pre_commit(read), *_in_uv_lock(read)):
        if locked.get(tool, version) != version:
            yield Check(
                "tools", where, "warn",
                f"{tool} is {version} there and {locked[tool]} in gatekeeper: they may disagree",
                f"bring one to the other's version (`gatekeeper tools lock {tool}` takes the newest),"
                f" or set tools.{tool}.from: project",
            )  # fmt: skip


def _in_pre_commit(read: Read) -> Iterator[tuple[str, str, str]]:
    try:
        document = parse_yaml(PRE_COMMIT, decode(PRE_COMMIT, read(PRE_COMMIT) or b"{}"))
    except ConfigError:
        return
    repos = document.data.get("repos")
    for index, repo in enumerate(repos if isinstance(repos, list) else ()):
        if not isinstance(repo, dict):
            continue
        url = str(repo.get("repo", "")).removesuffix("/").removesuffix(".git")
        tool = next((tool for end, tool in _MIRRORS.items() if url.endswith(f"/{end}")), "")
        found = _PLAIN.fullmatch(str(repo.get("rev", "")))
        if tool and found:
            yield document.where(("repos", index, "rev")), tool, found[1]


def _in_uv_lock(read: Read) -> Iterator[tuple[str, str, str]]:
    content = read("uv.lock")
    if content is None:
        return
    import tomllib

    try:
        data: dict[str, Any] = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return
    packages = data.get("package")
    for package in packages if isinstance(packages, list) else ():
        if isinstance(package, dict) and package.get("name") in _MIRRORS.values():
            yield "uv.lock", str(package["name"]), str(package.get("version", ""))

"""Which commit of our own actions the shipped workflows use.

A commit cannot name itself. So a release is two commits: one with the code of the version, and one
after it in which the workflows use the first. Whoever pins the second runs the first, and a test
before the release makes sure that nothing else differs between them.
"""

from __future__ import annotations

import re
from pathlib import Path

from release.repository import ReleaseError, Repository
from release.versions import current

PLACES = (".github/workflows/audit.yml", ".github/workflows/gate.yml", "workflows/*.yml")
NOTHING = "0" * 40
_USE = re.compile(r"(uses: org/gatekeeper(?:/[\w./-]+)?)@([0-9a-f]{40}) # v(\d+\.\d+\.\d+)$", re.M)
_ANY = re.compile(r"uses: org/gatekeeper\S*@.*$", re.M)


def files(root: Path) -> list[Path]:
    """The files that use our own actions."""
    return [path for place in PLACES for path in sorted(root.glob(place))]


def pins(root: Path) -> set[tuple[str, str]]:
    """Commit and version of every use. Raises ReleaseError for one that is not pinned."""
    found: set[tuple[str, str]] = set()
    for path in files(root):
        text = path.read_text(encoding="utf-8")
        if len(_ANY.findall(text)) != len(_USE.findall(text)):
            raise ReleaseError(f"{path.relative_to(root)} uses org/gatekeeper without a commit")
        found |= {(commit, version) for _, commit, version in _USE.findall(text)}
    return found


def pin(root: Path, commit: str, version: str) -> list[Path]:
    """Let every file use this commit; those that changed."""
    pins(root)
    changed: list[Path] = []
    for path in files(root):
        before = path.read_text(encoding="utf-8")
        after = _USE.sub(rf"\g<1>@{commit} # v{version}", before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(path)
    return changed


def check_pins(repository: Repository) -> None:
    """Raises ReleaseError unless what is used is this version's code."""
    found = pins(repository.root)
    version = current(repository.root)
    if len(found) != 1:
        raise ReleaseError(f"the workflows use {len(found)} versions of org/gatekeeper: run `pin`")
    commit, named = found.pop()
    if commit == NOTHING or named != version:
        raise ReleaseError(f"the workflows use v{named}, and this is v{version}: run `pin`")
    ancestors = repository.git("rev-list", "HEAD").split()
    if commit not in ancestors:
        raise ReleaseError(f"the workflows use {commit}, which is no part of this history")
    allowed = {str(path.relative_to(repository.root)) for path in files(repository.root)}
    differs = repository.git("diff", "--name-only", "-z", commit, "HEAD").split("\0")
    if more := sorted({*filter(None, differs)} - allowed):
        raise ReleaseError(
            f"{', '.join(more[:5])} changed since the commit that the workflows use: run `pin`"
            " again, and merge nothing in between"
        )

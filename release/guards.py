"""What has to be true before a version leaves the house."""

from __future__ import annotations

from release.changelog import FOLDER, fragments, section
from release.pins import check_pins
from release.repository import ReleaseError, Repository
from release.versions import current, parsed


def check(repository: Repository) -> str:
    """The version, when all of it is true. Raises ReleaseError with the first thing that is not."""
    root = repository.root
    version = current(root)
    if repository.git("status", "--porcelain").strip():
        raise ReleaseError("there are changes that are not committed")
    if left := fragments(root):
        raise ReleaseError(f"{FOLDER}/{left[0].name} is in no version yet: run `prepare`")
    section(root, version)
    released = [
        tag[1:]
        for tag in repository.git("tag", "--list", "v*.*.*").split()
        if tag.count(".") == 2 and tag[1:].replace(".", "").isdigit()
    ]
    if version in released:
        raise ReleaseError(f"v{version} is released, and what is released never changes")
    newer = [
        it for it in released if parsed(it) > parsed(version) and _major(it) == _major(version)
    ]
    if newer:
        raise ReleaseError(
            f"v{newer[0]} is newer than v{version}: v{_major(version)} would move back"
        )
    check_pins(repository)
    return version


def _major(version: str) -> str:
    return version.partition(".")[0]

"""What a lock of npm or yarn learns from the package.json beside it."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.managers.json_document import read_json
from gatekeeper.managers.names import beside
from gatekeeper.managers.package_json import PackageAsked, asked_by_package
from gatekeeper.managers.reading import Found


def package_of(path: str) -> str:
    """The package.json beside a lock."""
    return beside(path, "package.json")


def asked_beside(
    manifest: str, files: Mapping[str, bytes], found: Found
) -> list[PackageAsked] | None:
    """What it asks for; None without one, when it cannot be read, or when it has workspaces,
    which ask for more than it says."""
    return asked_in(manifest, files, found, alone=True)


def asked_in(
    manifest: str, files: Mapping[str, bytes], found: Found, *, alone: bool = False
) -> list[PackageAsked] | None:
    """What one package.json asks for; `alone` refuses one that has workspaces."""
    if manifest not in files:
        return None
    with found.entry(manifest):
        document = read_json(files[manifest])
        document.expect(dict)
        asked = list(asked_by_package(document, found, manifest))
        return None if alone and document.has("workspaces") else asked
    return None

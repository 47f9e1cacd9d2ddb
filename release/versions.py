"""The version: in one file, which the build reads as well."""

from __future__ import annotations

import re
from pathlib import Path

from release.repository import ReleaseError

FILE = "src/gatekeeper/version.py"
_LINE = re.compile(r'^VERSION = "([^"]*)"$', re.MULTILINE)
# No pre-releases: `v1` moves to whatever is released.
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def parsed(version: str) -> tuple[int, ...]:
    """Its three numbers. Raises ReleaseError."""
    found = _VERSION.fullmatch(version)
    if not found:
        raise ReleaseError(f"{version!r} is no version: it takes three numbers, such as 1.2.0")
    return tuple(map(int, found.groups()))


def current(root: Path) -> str:
    """The version that is checked out. Raises ReleaseError."""
    found = _LINE.findall((root / FILE).read_text(encoding="utf-8"))
    if len(found) != 1:
        raise ReleaseError(f"{FILE} does not say the version in one line")
    parsed(found[0])
    return str(found[0])


def raise_to(root: Path, version: str) -> None:
    """Set the version, also where the documentation has readers copy it; it only ever grows.

    Raises ReleaseError.
    """
    now = current(root)
    if parsed(version) < parsed(now):
        raise ReleaseError(f"{version} is less than {now}, which is the version already")
    path = root / FILE
    text = path.read_text(encoding="utf-8")
    path.write_text(_LINE.sub(f'VERSION = "{version}"', text), encoding="utf-8")
    for page in sorted(root.glob("docs/**/*.md")):
        before = page.read_text(encoding="utf-8")
        after = re.sub(rf"(\brev: v){re.escape(now)}$", rf"\g<1>{version}", before, flags=re.M)
        if after != before:
            page.write_text(after, encoding="utf-8")

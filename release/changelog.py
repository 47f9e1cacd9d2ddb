"""The changelog: fragments in changelog.d/ become a section of CHANGELOG.md.

A tool for it would be one more dependency of the release, for less than a page of code.
"""

from __future__ import annotations

import re
from pathlib import Path

from release.repository import ReleaseError

FOLDER = "changelog.d"
FILE = "CHANGELOG.md"
# In the order in which readers need them.
KINDS = {
    "security": "Security",
    "removal": "Removed",
    "change": "Changed",
    "feature": "Added",
    "fix": "Fixed",
}
_NAME = re.compile(rf"(?P<number>\d+)\.(?P<kind>{'|'.join(KINDS)})(?:\.(?P<what>[a-z0-9-]+))?\.md")
_HEAD = "# Changelog\n\nVersions follow [Semantic Versioning](https://semver.org/).\n"


def fragments(root: Path) -> list[Path]:
    """All fragments, in the order they are told. Raises ReleaseError for a name that is none."""
    found: list[tuple[int, int, str, Path]] = []
    for path in sorted((root / FOLDER).iterdir()):
        if path.name == "README.md":
            continue
        name = _NAME.fullmatch(path.name)
        if not name:
            raise ReleaseError(
                f"{FOLDER}/{path.name}: the name has to be <number>.<kind>.md or"
                f" <number>.<kind>.<what>.md, with one of {', '.join(KINDS)}"
            )
        if not path.read_text(encoding="utf-8").strip():
            raise ReleaseError(f"{FOLDER}/{path.name} is empty")
        kind = list(KINDS).index(name["kind"])
        found.append((kind, int(name["number"]), name["what"] or "", path))
    return [path for *_, path in sorted(found)]


def collect(root: Path, version: str, date: str) -> None:
    """Put the fragments into the changelog, as the newest version, and delete them."""
    paths = fragments(root)
    if not paths:
        raise ReleaseError(f"{FOLDER}/ has no fragments: there is nothing to release")
    file = root / FILE
    text = file.read_text(encoding="utf-8") if file.exists() else _HEAD
    if f"\n## {version} " in text:
        raise ReleaseError(f"{FILE} has a section for {version} already")
    parts = [f"\n## {version} ({date})\n"]
    for kind, title in KINDS.items():
        told = [path for path in paths if path.name.split(".")[1] == kind]
        if told:
            parts.append(f"\n### {title}\n")
            parts += (_entry(path) for path in told)
    at = text.find("\n## ")
    at = at if at >= 0 else len(text)
    file.write_text(text[:at] + "".join(parts) + text[at:], encoding="utf-8")
    for path in paths:
        path.unlink()


def _entry(path: Path) -> str:
    """A fragment, with the number of its issue or pull request."""
    text = path.read_text(encoding="utf-8").strip()
    return f"\n{text} (#{path.name.split('.')[0]})\n"


def section(root: Path, version: str) -> str:
    """What the changelog says about a version, without its heading. Raises ReleaseError."""
    file = root / FILE
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    found = re.search(
        rf"^## {re.escape(version)} \([^)]*\)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    if not found:
        raise ReleaseError(f"{FILE} has no section for {version}: run `prepare` first")
    return found[1].strip() + "\n"

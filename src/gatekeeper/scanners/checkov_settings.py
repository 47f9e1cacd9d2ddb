"""checkov's settings of the repository: what is safe is passed on, what runs code is refused.

`.checkov.yaml` comes with the change that is judged, and can name checks to load: Python code from
a folder or from another repository. So checkov itself never sees the file.
"""

from __future__ import annotations

from msgspec import Struct

from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.tool_settings import SettingsFile, settings_of
from gatekeeper.text.patterns import regex

_NAMES = (".checkov.yaml", ".checkov.yml")
# What would run code of the repository, use the network, or send something somewhere.
_REFUSED = frozenset(
    {
        "external-checks-dir", "external-checks-git", "external-checks-public-key", "bc-api-key",
        "prisma-api-url", "docker-image", "image", "config-file", "create-config", "add-check",
        "policy-metadata-filter", "use-enforcement-rules", "repo-root-for-plan-enrichment",
    }
)  # fmt: skip
_CHECK = regex(r"[A-Za-z0-9_*]+")
_PATH = regex(r"[\w ./@+=-]+")


class CheckovSettings(Struct, frozen=True):
    """`checks` and `skipped` are ids or patterns of ids; `paths` are left out on purpose."""

    checks: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    skipped_frameworks: tuple[str, ...] = ()

    def leaves_out(self, path: str) -> bool:
        """Whether the project does not want this file to be looked at."""
        return any(it in f"/{path}" for it in self.paths)


def checkov_settings(snapshot: Snapshot) -> CheckovSettings:
    """The settings of this version. Raises ToolError with file, line and key."""
    file = settings_of(snapshot, "checkov", _NAMES)
    if file is None:
        return CheckovSettings()
    for key, line in file.entries():
        name = key.replace("_", "-")
        if name in _REFUSED or (name == "download-external-modules" and file.flag(key)):
            why = f"`{key}` is refused: it would load code or data that nobody has looked at"
            raise file.refused(why, line)
    return CheckovSettings(
        checks=_checks(file, "check"),
        skipped=_checks(file, "skip-check"),
        paths=_paths(file),
        frameworks=_split(file, "framework"),
        skipped_frameworks=_split(file, "skip-framework"),
    )


def _split(file: SettingsFile, key: str) -> tuple[str, ...]:
    """A list, whose elements may be lists in one text."""
    found = (part.strip() for text in file.texts(key) for part in text.split(","))
    return tuple(part for part in found if part)


def _checks(file: SettingsFile, key: str) -> tuple[str, ...]:
    found = _split(file, key)
    for it in found:
        if not _CHECK.fullmatch(it):
            raise file.refused(f"`{key}` has to name checks, and {it!r} is no check")
    return found


def _paths(file: SettingsFile) -> tuple[str, ...]:
    found = tuple(file.texts("skip-path"))
    for it in found:
        if not _PATH.fullmatch(it) or not it.strip("./"):
            raise file.refused(
                f"`skip-path` may hold paths, and {it!r} is a pattern: write it as `exclude` in"
                " gatekeeper.yml"
            )
    return tuple("/" + it.removeprefix("./").lstrip("/") for it in found)

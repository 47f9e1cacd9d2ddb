"""From the URIs of a SARIF run to paths of the repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gatekeeper.scanners.sarif_types import ArtifactLocation, Run, item
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.-]{1,30}:")
_DRIVE = regex(r"/?[A-Za-z]:[/\\]")
# Bounds for hostile input; a checkout is rarely deeper, a base rarely hangs on another.
_STRIPPED = 12
_BASES = 8
_LONGEST = 4096


class Paths:
    """Tells which file of the repository a run's artifact location means."""

    def __init__(self, run: Run, has_file: Callable[[str], bool]) -> None:
        self._bases = run.original_uri_base_ids or {}
        self._artifacts = run.artifacts
        self._has_file = has_file
        self._known: dict[tuple[str, str], tuple[str, str]] = {}

    def find(self, location: ArtifactLocation | None) -> tuple[str, str]:
        """The path relative to the repository's root, or `""` and why there is none.

        A path is never absolute, never has `..` and always names a file of the repository.
        """
        if location is not None and location.uri is None:
            artifact = item(self._artifacts, location.index)
            location = artifact.location if artifact is not None else None
        if location is None or not location.uri:
            return "", ""
        key = (location.uri, location.uri_base_id or "")
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def _find(self, uri: str, base_id: str) -> tuple[str, str]:
        shown = printable(uri if len(uri) <= 200 else uri[:200] + "\u2026")
        outside = f"reported for {shown}, which is no file of this repository"
        if len(uri) > _LONGEST or "\0" in uri:
            return "", outside
        leaving = f"reported for {shown}, a path that leads out of the repository"
        joined, relative = self._joined(uri, base_id)
        # Where an absolute base stands is not known, so nothing may climb above it.
        if any(_parts(spelling) is None for spelling in _spellings(relative)):
            return "", leaving
        for candidate in dict.fromkeys((*_spellings(joined), *_spellings(uri))):
            parts = _parts(candidate)
            if parts is None:
                return "", leaving
            absolute = candidate.startswith(("/", "\\")) or bool(_DRIVE.match(candidate))
            for skip in range(min(len(parts), _STRIPPED + 1) if absolute else 1):
                path = "/".join(parts[skip:])
                if path and "\0" not in path and self._has_file(path):
                    return path, ""
        return "", outside

    def _joined(self, uri: str, base_id: str) -> tuple[str, str]:
        """`uri` below its base, and that below its own, as far as they are told.

        Also the same without the last base, if that one is absolute.
        """
        relative = "" if _is_absolute(uri) else uri
        for _ in range(_BASES):
            base = self._bases.get(base_id)
            if base is None or _is_absolute(uri) or len(uri) > _LONGEST:
                break
            if base.uri:
                uri = f"{base.uri.rstrip('/')}/{uri}"
                relative = relative if _is_absolute(uri) else uri
            base_id = base.uri_base_id or ""
        return uri, relative


def _is_absolute(uri: str) -> bool:
    return uri.startswith(("/", "\\")) or bool(_SCHEME.match(uri) or _DRIVE.match(uri))


def _spellings(uri: str) -> Iterator[str]:
    """The path a URI means, and then what careless tools mean by it.

    They leave `%`, `#` and `?` of a name unescaped, or write `\\` between folders.
    """
    from urllib.parse import unquote

    if uri[:5].lower() == "file:":
        uri = uri[5:]
        if uri.startswith("//"):
            uri = "/" + uri[2:].partition("/")[2]
    elif _SCHEME.match(uri):
        return
    decoded = unquote(uri, errors="surrogateescape")
    bare = unquote(uri.partition("#")[0].partition("?")[0], errors="surrogateescape")
    yield from (decoded, uri, bare, decoded.replace("\\", "/"))


def _parts(path: str) -> list[str] | None:
    """The components with `.` and `..` resolved; None when they lead above where they start."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return parts

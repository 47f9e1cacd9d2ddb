"""What a package index says about a package."""

from __future__ import annotations

from msgspec import Struct


class IndexedFile(Struct, frozen=True, kw_only=True):
    """One file of one version. `uploaded` is RFC 3339, empty when the index does not tell.

    `yanked` is the reason with which it was withdrawn, None when it was not. `scripts` are what
    npm would run to install it. `hashes` are written as in Dependency.
    """

    name: str
    version: str
    url: str
    hashes: tuple[str, ...] = ()
    uploaded: str = ""
    yanked: str | None = None
    scripts: tuple[str, ...] = ()


class Indexed(Struct, frozen=True):
    """All files of a package. Those whose name tells no version have none: eggs, installers."""

    files: tuple[IndexedFile, ...] = ()

    def of(self, version: str) -> tuple[IndexedFile, ...]:
        """The files of a version, which is written as its ecosystem normalises it."""
        return tuple(it for it in self.files if version and it.version == version)

    def hashes_of(self, version: str) -> frozenset[str]:
        """All hashes that files of that version may have."""
        return frozenset(
            one for it in self.files if it.version in ("", version) for one in it.hashes
        )

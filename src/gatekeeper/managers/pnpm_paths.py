"""How pnpm's lock names packages in its versions.

5: `/@scope/name/1.0.0_peer@2.0.0` · 6: `/@scope/name@1.0.0(peer@2.0.0)` · 9: the same without the
slash. What does not come from a registry has its address in there, as in `github.com/a/b/<sha>`.
"""

from __future__ import annotations

from gatekeeper.text.patterns import regex

_VERSION = regex(r"\d+\.\d+\.\d+")


class Paths:
    """Splits and makes paths as a version of the lock has them."""

    def __init__(self, version: str) -> None:
        self._major = int(version.partition(".")[0])
        # Whether what a package is and what it asks for stand in two tables.
        self.split = self._major >= 9

    def bare(self, path: str) -> str:
        """A path without its peers."""
        return path.partition("(")[0]

    def name_and_version(self, path: str) -> tuple[str, str]:
        """Both empty for a path that is an address."""
        bare = self.bare(path)
        if self._major < 6:
            if not bare.startswith("/"):
                return "", ""
            name, _, version = bare[1:].rpartition("/")
            version = version.partition("_")[0]
        else:
            if self._major < 9 and not bare.startswith("/"):
                return "", ""
            name, version = _split_at(bare.lstrip("/"))
        return name, version if _VERSION.match(version) else ""

    def candidates(self, name: str, reference: str) -> tuple[str, ...]:
        """The paths that a reference may mean: another name, an address, or a version."""
        if self._major < 6:
            return reference, f"/{name}/{reference}"
        if self._major < 9:
            return reference, f"/{name}@{reference}", f"/{reference}"
        return f"{name}@{reference}", reference


def _split_at(path: str) -> tuple[str, str]:
    """At the first `@` that does not begin a scope."""
    position = path.find("@", 1)
    return (path, "") if position < 0 else (path[:position], path[position + 1 :])

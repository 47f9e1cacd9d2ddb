"""Which file of the repository a test report means."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

_DEEPEST = 24
_LONGEST = 1024


class Places:
    """Finds files of the repository by names that may be absolute, partial or dotted.

    `roots` are folders where the repository lies, or a copy of it.
    """

    def __init__(self, files: Iterable[str], *roots: str) -> None:
        self._files = frozenset(files)
        self._roots = [f"{root}/" for root in roots if root]

    def shortened(self, text: str) -> str:
        """A text without the folders that the repository lies in."""
        for root in self._roots:
            text = text.replace(root, "")
        return text

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        """Files by their last part."""
        found: dict[str, list[str]] = {}
        for path in self._files:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    def find(self, named: str) -> str:
        """The file a path means; empty when it is none of the repository, or could be several."""
        if not named or len(named) > _LONGEST or "\0" in named:
            return ""
        parts = [part for part in named.replace("\\", "/").split("/") if part not in ("", ".")]
        if not parts or ".." in parts:
            return ""
        # What CI has checked out elsewhere, or runs in a container, has other folders above.
        for skip in range(min(len(parts), _DEEPEST) if named[:1] == "/" or ":" in parts[0] else 1):
            if (path := "/".join(parts[skip:])) in self._files:
                return path
        # A runner that was started in a folder names files from there on.
        ending = "/" + "/".join(parts)
        below = [path for path in self._by_name.get(parts[-1], ()) if path.endswith(ending)]
        return below[0] if len(below) == 1 else ""

    def of_class(self, dotted: str, name: str) -> tuple[str, tuple[str, ...]]:
        """The module a dotted name means, and the parts of it that stand for classes in there.

        Without one, `name` may be a module: that is how pytest names those it cannot import.
        """
        for candidate in (dotted, "" if dotted else name):
            parts = candidate.split(".")[:_DEEPEST]
            for end in range(len(parts), 0, -1):
                if all(parts[:end]) and (path := self.find("/".join(parts[:end]) + ".py")):
                    return path, tuple(parts[end:])
        return "", ()

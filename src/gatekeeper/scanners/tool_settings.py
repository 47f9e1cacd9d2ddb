"""Settings files of tools that are read here, because the tool itself must not: they come with the change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gatekeeper.ports.process import ToolError
from gatekeeper.ports.repository import Snapshot

if TYPE_CHECKING:
    from gatekeeper.managers.view import View

_LARGEST = 1 << 20
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


class SettingsFile:
    """A table of YAML. All that reads raises ToolError with file, line and key."""

    def __init__(self, tool: str, path: str, content: bytes) -> None:
        from gatekeeper.managers.reading import UnreadableError
        from gatekeeper.managers.yaml_document import read_yaml

        self._tool = tool
        self.path = path
        try:
            if len(content) > _LARGEST:
                raise UnreadableError(f"it is larger than {_LARGEST >> 20} MiB")
            view = read_yaml(content)
            self._view = view.empty() if view.value is None else view
            self._view.expect(dict)
        except RecursionError:
            raise self.refused("it is nested too deeply to be read") from None
        except UnreadableError as error:
            raise self.refused(error.message, error.line) from None

    def refused(self, why: str, line: int = 0) -> ToolError:
        """The error for what cannot be honoured."""
        place = f"{self.path}:{line}" if line else self.path
        return ToolError("tool-misconfigured", f"{self._tool}: {place}: {why}", "correct it there")

    def entries(self) -> list[tuple[str, int]]:
        """Every key, and its line."""
        return [(key, value.line) for key, value in self._view.entries()]

    def texts(self, *keys: str) -> list[str]:
        """The texts of a list, or a single text; none when the key is missing."""
        view = self._below(keys)
        values = view.value if isinstance(view.value, list) else [view.value]
        if view.value is None:
            return []
        for value in values:
            if not isinstance(value, str) or not value or value.startswith("-"):
                raise self.refused(f"`{view.name}` has to be a list of texts", view.line)
        return list(values)

    def table(self, *keys: str) -> dict[str, str]:
        """A table of texts."""
        view = self._below(keys)
        value = {} if view.value is None else view.value
        if not isinstance(value, dict) or not all(isinstance(it, str) for it in value.values()):
            raise self.refused(f"`{view.name}` has to be a table of texts", view.line)
        return value

    def flag(self, key: str) -> bool:
        """A truth value; False when the key is missing."""
        view = self._below((key,))
        word = view.value.lower() if isinstance(view.value, str) else view.value
        if word is None or word in _FALSE:
            return False
        if word not in _TRUE:
            raise self.refused(f"`{key}` has to be true or false", view.line)
        return True

    def _below(self, keys: Sequence[str]) -> View:
        view = self._view
        for key in keys:
            if view.value is not None and not isinstance(view.value, dict):
                raise self.refused(f"`{view.name}` has to be a table", view.line)
            view = view.empty().at(key) if view.value is None else view.at(key)
        return view


def settings_of(snapshot: Snapshot, tool: str, names: Sequence[str]) -> SettingsFile | None:
    """The first of these files that the version has. Raises ToolError when it cannot be read."""
    entries = snapshot.entries()
    for name in names:
        if name in entries and entries[name].regular:
            return SettingsFile(tool, name, snapshot.read(name))
    return None

"""A value inside a document, which knows its line and refuses to be what it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gatekeeper.managers.reading import UnreadableError

Path = tuple[str | int, ...]
_KINDS = {str: "text", list: "a list", dict: "a table", bool: "true or false"}


class View:
    """One value. `line` is 0 when nobody knows it. All that reads raises UnreadableError."""

    __slots__ = ("_lines", "path", "value")

    def __init__(self, value: Any, lines: Callable[[Path], int], path: Path = ()) -> None:
        self.value = value
        self.path = path
        self._lines = lines

    @property
    def line(self) -> int:
        return self._lines(self.path)

    def at(self, key: str | int) -> View:
        """What is below; its value is None when there is nothing."""
        if isinstance(self.value, dict):
            value = self.value.get(key)
        else:
            value = self.value[key] if isinstance(key, int) else None
        return View(value, self._lines, (*self.path, key))

    def empty(self) -> View:
        """A table at this place with nothing in it."""
        return View({}, self._lines, self.path)

    def has(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def expect(self, kind: type) -> Any:
        """The value, of that type."""
        if not isinstance(self.value, kind):
            raise UnreadableError(f"{self.name} has to be {_KINDS[kind]}", self.line)
        return self.value

    @property
    def name(self) -> str:
        """`package[3].name`, as messages show it."""
        text = ""
        for part in self.path:
            text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
        return text[:200] or "the document"

    def text(self, key: str, default: str = "") -> str:
        """A text, or `default` when the key is missing."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        if value is None:
            return default
        return value if isinstance(value, str) else str(self.at(key).expect(str))

    def required(self, key: str) -> str:
        """A text that has to be there, and not empty."""
        if text := self.text(key).strip():
            return text
        raise UnreadableError(f"{self.name} has no {key!r}", self.line)

    def flag(self, key: str) -> bool:
        """A truth value, or its word in a format where all is text; False when it is missing."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        if value is None or value in ("true", "false"):
            return value == "true"
        return bool(self.at(key).expect(bool))

    def table(self, key: str) -> View:
        """A table, or an empty one when the key is missing."""
        below = self.at(key)
        if below.value is None:
            return below.empty()
        below.expect(dict)
        return below

    def items(self, key: str = "") -> Iterator[View]:
        """The elements of a list, or nothing when the key is missing; without a key its own."""
        below = self.at(key) if key else self
        if below.value is None:
            return
        for index in range(len(below.expect(list))):
            yield below.at(index)

    def elements(self) -> list[Any]:
        """The bare elements of this list; none when it is missing."""
        return [] if self.value is None else list(self.expect(list))

    def tables(self, key: str) -> Iterator[View]:
        """The elements of a list of tables."""
        for item in self.items(key):
            item.expect(dict)
            yield item

    def texts(self, key: str) -> list[str]:
        return [str(item.expect(str)) for item in self.items(key)]

    def own_texts(self) -> list[str]:
        """The elements of this very list of texts."""
        return [str(item.expect(str)) for item in self.items()]

    def entries(self) -> Iterator[tuple[str, View]]:
        """Keys and values of a table."""
        for key in self.expect(dict):
            yield str(key), self.at(key)


def nearest(lines: Mapping[Path, int]) -> Callable[[Path], int]:
    """The line of a path, or of what is around it."""

    def line(path: Path) -> int:
        for length in range(len(path), -1, -1):
            if found := lines.get(path[:length]):
                return found
        return 0

    return line

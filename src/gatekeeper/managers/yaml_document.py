"""YAML with lines, by the parser's events: what is hostile costs no more than what is honest.

Scalars stay text, so that the version 1.10 is not the number 1.1. Aliases share what they stand
for, but count with its full size, so that nobody can walk into a bomb.
"""

from __future__ import annotations

from typing import Any

from gatekeeper.managers.reading import UnreadableError, decode, line_at
from gatekeeper.managers.view import Path, View, nearest

MAX_NODES = 1_000_000
MAX_DEPTH = 100
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


def read_yaml(content: bytes, remedy: str = "") -> View:
    """The only document of a file; an empty one holds None. Raises UnreadableError."""
    documents = read_documents(content, remedy)
    if len(documents) > 1:
        line = documents[1].line
        raise UnreadableError("a second document begins here", line, "keep one in this file")
    return documents[0] if documents else View(None, lambda path: 0)


def read_documents(content: bytes, remedy: str = "") -> list[View]:
    """All documents. Raises UnreadableError, with `remedy` where the syntax is wrong."""
    import yaml

    text = decode(content)
    loader: Any = None
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        return _Reader(loader).documents()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise UnreadableError(f"not valid YAML: {error.problem}", line, remedy) from None
    except yaml.YAMLError as error:
        line = line_at(text, getattr(error, "position", 0))
        detail = getattr(error, "reason", str(error))
        raise UnreadableError(f"not valid YAML: {detail}", line, remedy) from None
    finally:
        if loader is not None:
            loader.dispose()


class _Anchor:
    """What an alias stands for: its value, and how many nodes it holds; None while it is open."""

    __slots__ = ("size", "value")

    def __init__(self) -> None:
        self.size: int | None = None
        self.value: Any = None


class _Reader:
    def __init__(self, loader: Any) -> None:
        import yaml

        self._loader = loader
        self._count = 0
        self._anchors: dict[str, _Anchor] = {}
        self._lines: dict[Path, int] = {}
        self._alias = yaml.AliasEvent
        self._scalar = yaml.ScalarEvent
        self._list = yaml.SequenceStartEvent
        self._list_end = yaml.SequenceEndEvent
        self._table_end = yaml.MappingEndEvent
        self._stream_end = yaml.StreamEndEvent

    def documents(self) -> list[View]:
        found: list[View] = []
        self._loader.get_event()
        while not self._loader.check_event(self._stream_end):
            self._loader.get_event()
            self._lines = {}
            self._anchors = {}
            value = self._value(self._loader.get_event(), ())
            self._loader.get_event()
            found.append(View(value, nearest(self._lines)))
        return found

    def _value(self, event: Any, path: Path) -> Any:
        line = event.start_mark.line + 1
        self._lines.setdefault(path, line)
        before = self._count
        self._count += 1
        if len(path) > MAX_DEPTH:
            raise UnreadableError(f"more than {MAX_DEPTH} levels deep", line)
        if isinstance(event, self._alias):
            return self._shared(event.anchor, line)
        anchor = _Anchor() if event.anchor else None
        if anchor:
            self._anchors[event.anchor] = anchor
        if isinstance(event, self._scalar):
            plain = event.implicit[0] and event.value in _NULLS
            value: Any = None if plain else event.value
        elif isinstance(event, self._list):
            value = self._items(path)
        else:
            value = self._table(path)
        if self._count > MAX_NODES:
            raise UnreadableError(f"more than {MAX_NODES:,} values", line)
        if anchor:
            anchor.value = value
            anchor.size = self._count - before
        return value

    def _shared(self, name: str | None, line: int) -> Any:
        anchor = self._anchors.get(name or "")
        if anchor is None:
            raise UnreadableError(f"the alias *{name} stands for nothing", line)
        if anchor.size is None:
            raise UnreadableError(f"the alias *{name} contains itself", line)
        self._count += anchor.size
        if self._count > MAX_NODES:
            raise UnreadableError("aliases make this file too large", line, "write them out")
        return anchor.value

    def _items(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := self._loader.get_event(), self._list_end):
            found.append(self._value(event, (*path, len(found))))
        return found

    def _table(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        shared: list[Any] = []
        while not isinstance(event := self._loader.get_event(), self._table_end):
            line = event.start_mark.line + 1
            if not isinstance(event, self._scalar):
                raise UnreadableError("a key has to be plain text", line)
            key = event.value
            below = (*path, key)
            if key == "<<" and event.implicit[0]:
                shared.append((line, self._value(self._loader.get_event(), below)))
                continue
            if key in found:
                raise UnreadableError(f"the key {key!r} is given twice", line)
            self._lines[below] = line
            found[key] = self._value(self._loader.get_event(), below)
        return _merged(found, shared) if shared else found


def _merged(own: dict[str, Any], shared: list[Any]) -> dict[str, Any]:
    """A table with what its merge keys (`<<`) bring in; its own keys win, then the first ones."""
    found = dict(own)
    for line, value in shared:
        for table in value if isinstance(value, list) else [value]:
            if not isinstance(table, dict):
                raise UnreadableError("`<<` has to stand for a table", line)
            for key, inner in table.items():
                found.setdefault(key, inner)
    return found

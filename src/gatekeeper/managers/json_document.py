"""JSON with lines, and without keys that are there twice."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from gatekeeper.managers.reading import UnreadableError, decode
from gatekeeper.managers.view import Path, View, nearest
from gatekeeper.text.patterns import regex

_TOKEN = regex(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]')


def read_json(content: bytes, remedy: str = "") -> View:
    """The document. Raises UnreadableError, with `remedy` where the syntax is wrong.

    A key that is given twice is refused: tools do not agree which of them counts.
    """
    text = decode(content)
    try:
        data: Any = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise UnreadableError(
            f"not valid JSON: {error}", _line_of(error, content), remedy
        ) from None
    lines = _Index(text, remedy).read()
    return View(data, nearest(lines))


def _line_of(error: Exception, content: bytes) -> int:
    found = re.search(r"byte (\d+)", str(error))
    if found:
        return content.count(b"\n", 0, int(found[1])) + 1
    # Cut off: it is the end that is missing.
    return content.count(b"\n") + 1


class _Index:
    """Walks over text that is known to be valid, without recursion."""

    def __init__(self, text: str, remedy: str) -> None:
        self._text = text
        self._remedy = remedy

    def read(self) -> dict[Path, int]:
        """The line of every key, and of every table or list within a list."""
        text = self._text
        lines: dict[Path, int] = {(): 1}
        # What is open: path, its keys so far (None in a list), and the index within a list.
        path: Path = ()
        stack: list[tuple[Path, set[str] | None]] = []
        keys: set[str] | None = None
        index = 0
        indexes: list[int] = []
        wants_key = False
        line, last = 1, 0
        for match in _TOKEN.finditer(text):
            token = match.group()
            char = token[0]
            if char == '"':
                if not wants_key:
                    continue
                start = match.start()
                line += text.count("\n", last, start)
                last = start
                key = token[1:-1] if "\\" not in token else msgspec.json.decode(token)
                if keys is None or key in keys:
                    raise UnreadableError(f"the key {key!r} is given twice", line, self._remedy)
                keys.add(key)
                path = (*stack[-1][0], key)
                lines[path] = line
                wants_key = False
            elif char in "{[":
                if stack and keys is None:
                    path = (*stack[-1][0], index)
                    line += text.count("\n", last, match.start())
                    last = match.start()
                    lines[path] = line
                stack.append((path, keys))
                indexes.append(index)
                keys = set() if char == "{" else None
                wants_key = char == "{"
                index = 0
            elif char in "}]":
                _, keys = stack.pop()
                index = indexes.pop()
                wants_key = False
            elif char == ",":
                if keys is None:
                    index += 1
                else:
                    wants_key = True
        return lines

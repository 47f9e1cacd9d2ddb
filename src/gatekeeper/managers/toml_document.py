"""TOML with lines."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from gatekeeper.config.toml_reader import endless_key
from gatekeeper.managers.reading import UnreadableError, decode
from gatekeeper.managers.view import Path, View
from gatekeeper.text.patterns import regex

_HEADER = regex(r"[ \t]*\[\[[ \t]*([A-Za-z0-9_-]+)[ \t]*\]\]")


def read_toml(content: bytes, remedy: str = "") -> View:
    """The document. Raises UnreadableError, with `remedy` where the syntax is wrong."""
    import tomli

    text = decode(content)
    if line := endless_key(text):
        raise UnreadableError("a key of too many parts", line, remedy)
    try:
        data: Any = tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError, ValueError) as error:
        found = re.search(r"\(at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        detail = re.sub(r" \(at [^)]*\)$", "", str(error))
        raise UnreadableError(f"not valid TOML: {detail}", line, remedy) from None
    return View(data, _Lines(text).line)


class _Lines:
    """Lines, worked out when somebody asks.

    Nearly always it is a `[[package]]` that is asked for, and its header is found much faster than
    all keys of a lock file.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def line(self, path: Path) -> int:
        if len(path) == 2 and isinstance(path[1], int) and isinstance(path[0], str):
            headers = self._headers.get(path[0], ())
            if path[1] < len(headers):
                return headers[path[1]]
        for length in range(len(path), 0, -1):
            if found := self._all.get(path[:length]):
                return found
        return 0

    @cached_property
    def _headers(self) -> dict[str, list[int]]:
        # Inside a text of several lines, a header is none.
        if '"""' in self._text or "'''" in self._text:
            return {}
        text = self._text
        found: dict[str, list[int]] = {}
        line, last = 1, 0
        at = text.find("[[")
        while at >= 0:
            start = text.rfind("\n", 0, at) + 1
            if match := _HEADER.match(text, start):
                line += text.count("\n", last, start)
                last = start
                found.setdefault(match[1], []).append(line)
            # The next one stands in another line, whatever else is in this one.
            end = text.find("\n", at)
            at = text.find("[[", end) if end >= 0 else -1
        return found

    @cached_property
    def _all(self) -> dict[Path, int]:
        from gatekeeper.config.toml_lines import toml_lines

        return toml_lines(self._text)

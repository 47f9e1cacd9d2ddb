"""The line of every key and list element of a TOML text that is known to be valid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper.config.documents import Path
from gatekeeper.text.patterns import regex

KEY = r"(?:[A-Za-z0-9_-]+|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
_DOTTED = rf"{KEY}(?:[ \t]*\.[ \t]*{KEY})*"
_KEY = regex(KEY)
_STATEMENT = regex(
    rf"[ \t]*(?:(?P<open>\[\[?)[ \t]*(?P<table>{_DOTTED})[ \t]*\]\]?|(?P<key>{_DOTTED})[ \t]*=)"
)
# What a value is made of: texts and comments first, so that what is inside them does not count.
_TOKEN = regex(
    r"\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|\#[^\n]*"
    r"|[\[{]|[\]}]|\n|,|[ \t\r]+|[^\"'\#\[\]{}\n,\s]+|.",
    re.DOTALL,
)
# Nearly every long list holds plain texts and nothing else.
_PLAIN_LIST = regex(r'[ \t]*\[(?:[ \t\r\n]*"[^"\\\n]*"[ \t\r\n]*(?:,|(?=\])))*[ \t\r\n]*\]')
_PLAIN_TEXT = regex(r'"[^"\n]*"')
_INLINE_KEY = regex(rf"\s*(?:\#[^\n]*\n\s*)*(?P<key>{_DOTTED})[ \t]*=")


def toml_lines(text: str) -> dict[Path, int]:
    """Lines from 1 by path; the index of a list element is a part of the path."""
    text = text.replace("\r\n", "\n")
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    position, number = 0, 1
    while position < len(text):
        statement = _STATEMENT.match(text, position)
        header = statement is not None and bool(statement["open"])
        keys: Path = ()
        if statement is not None and header:
            keys = _resolve(split_key(statement["table"]), counts)
            if statement["open"] == "[[":
                counts[keys] = counts.get(keys, -1) + 1
                lines.setdefault(keys, number)
                keys = (*keys, counts[keys])
            table = keys
        elif statement is not None:
            keys = (*table, *split_key(statement["key"]))
        for length in range(1, len(keys) + 1):
            lines.setdefault(keys[:length], number)
        # A header written after its children still is the place to look at.
        if keys and header:
            lines[keys] = number
        position = statement.end() if statement else position
        value = _Value(text, position, number, keys if keys and not header else None)
        for path, line in value.walk():
            lines.setdefault(path, line)
        position, number = value.position, value.number
    return lines


class _Value:
    """The value from `position` on, and what follows it in its line."""

    def __init__(self, text: str, position: int, number: int, path: Path | None) -> None:
        self.position = position
        self.number = number
        self._text = text
        self._root = path or ()
        # What is open: its path, and the index of the element in a list, or None in a table.
        self._open: list[tuple[Path, int | None]] = []
        self._fresh = False

    def walk(self) -> Iterator[tuple[Path, int]]:
        """Path and line of what is inside lists and inline tables."""
        if self._root and (plain := _PLAIN_LIST.match(self._text, self.position)):
            yield from self._plain_list(plain.end())
        while self.position < len(self._text):
            if self._fresh and self._open and self._open[-1][1] is None:
                key = _INLINE_KEY.match(self._text, self.position)
                if key:
                    self._advance(key.group())
                    path = (*self._open[-1][0], *split_key(key["key"]))
                    yield path, self.number
                    self._fresh = False
                    yield from self._token(path)
                    continue
            yield from self._token(self._element())
            if not self._open and self._text[self.position - 1] == "\n":
                return

    def _plain_list(self, end: int) -> Iterator[tuple[Path, int]]:
        for index, it in enumerate(_PLAIN_TEXT.finditer(self._text, self.position, end)):
            self._advance(self._text[self.position : it.start()])
            yield (*self._root, index), self.number
            self.position = it.end()
        self._advance(self._text[self.position : end])

    def _element(self) -> Path | None:
        """The path that a value which begins here would have."""
        if not self._open:
            return self._root
        path, index = self._open[-1]
        return (*path, index) if index is not None and self._fresh else None

    def _token(self, path: Path | None) -> Iterator[tuple[Path, int]]:
        token = _TOKEN.match(self._text, self.position)
        if token is None:
            self.position = len(self._text)
            return
        word = token.group()
        if word.isspace() and path is not None and path != self._element():
            # White space between a key of an inline table and its value.
            self._advance(word)
            yield from self._token(path)
            return
        inside_list = bool(self._open) and self._open[-1][1] is not None
        if not word.isspace() and word[0] not in "#,]}" and inside_list and self._fresh and path:
            yield path, self.number
            self._fresh = False
        self._advance(word)
        if word in ("[", "{"):
            self._open.append((path or (), 0 if word == "[" else None))
            self._fresh = True
        elif word in ("]", "}") and self._open:
            self._open.pop()
            self._fresh = False
        elif word == "," and self._open:
            inside, index = self._open[-1]
            self._open[-1] = (inside, index + 1 if index is not None else None)
            self._fresh = True

    def _advance(self, word: str) -> None:
        self.position += len(word)
        self.number += word.count("\n")


def _resolve(keys: Path, counts: dict[Path, int]) -> Path:
    """`keys` with the index of the current element after each array of tables but the last."""
    path: Path = ()
    for index, key in enumerate(keys):
        path = (*path, key)
        if path in counts and index < len(keys) - 1:
            path = (*path, counts[path])
    return path


def split_key(dotted: str) -> Path:
    """The parts of a dotted key."""
    return tuple(_plain(key) if key[0] in "\"'" else key for key in _KEY.findall(dotted))


def _plain(quoted: str) -> str:
    import tomllib

    return next(iter(tomllib.loads(f"{quoted} = 1")))

"""The syntax of yarn.lock up to version 1 of yarn: blocks by indentation, which are no YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from gatekeeper.managers.reading import UnreadableError
from gatekeeper.text.patterns import regex

_WORD = regex(r'"((?:[^"\\]|\\.)*)"|([^\s,"][^\s,"]*)')
_ROW = regex(
    r'(?P<indent> *)(?P<words>(?:"(?:[^"\\]|\\.)*"|[^\s,":][^\s,":]*(?::(?!$)[^\s,":]*)*)'
    r'(?:,? (?:"(?:[^"\\]|\\.)*"|[^\s,":][^\s,":]*(?::(?!$)[^\s,":]*)*))*)(?P<opens>:?)'
)
_REMEDY = "run `yarn install`"


class Entry(Struct):
    """A block: the patterns it answers, its fields, and tables of what it asks for."""

    patterns: list[str]
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)


def read_entries(text: str) -> Iterator[Entry]:
    """The blocks in their order. Raises UnreadableError with the line."""
    entry: Entry | None = None
    table: dict[str, str] | None = None
    for number, row in enumerate(text.split("\n"), start=1):
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        found = _ROW.fullmatch(row.rstrip("\r"))
        if found is None:
            raise UnreadableError(f"{row.strip()[:100]!r} is not understood", number, _REMEDY)
        indent, opens = len(found["indent"]), bool(found["opens"])
        words = [_unquoted(it) for it in _WORD.finditer(found["words"])]
        if indent == 0 and opens:
            if entry:
                yield entry
            entry, table = Entry(words, number), None
        elif indent == 2 and entry and opens and len(words) == 1:
            table = entry.tables.setdefault(words[0], {})
        elif indent == 2 and entry and len(words) == 2 and words[0] not in entry.fields:
            entry.fields[words[0]] = words[1]
        elif indent == 4 and table is not None and len(words) == 2 and words[0] not in table:
            table[words[0]] = words[1]
        else:
            raise UnreadableError(f"{row.strip()[:100]!r} is not understood", number, _REMEDY)
    if entry:
        yield entry


def _unquoted(word: re.Match[str]) -> str:
    quoted = word[1]
    return word[2] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)


def pattern_parts(pattern: str) -> tuple[str, str]:
    """`@scope/name@range` in its two parts."""
    position = pattern.find("@", 1)
    return (pattern, "") if position < 0 else (pattern[:position], pattern[position + 1 :])

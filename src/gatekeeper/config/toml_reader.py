"""One table of a TOML file, with the lines of its keys."""

from __future__ import annotations

import re
from typing import Any

from gatekeeper.config.documents import Path, key_name, place
from gatekeeper.errors import ConfigError

_KEY = r"(?:[A-Za-z0-9_-]+|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
# tomllib takes quadratic time and memory for a key of many parts; no real one comes near.
MAX_PARTS = 64
_ENDLESS = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_KEY}[ \t]*\.[ \t]*){{{MAX_PARTS}}}")
_STATEMENT = re.compile(
    rf"[ \t]*(?:(?P<open>\[\[?)[ \t]*(?P<table>{_DOTTED})[ \t]*\]\]?|(?P<key>{_DOTTED})[ \t]*=)"
)
# What a value is made of: texts and comments first, so that what is inside them does not count.
_TOKEN = re.compile(
    r"\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|\#[^\n]*"
    r"|[\[{]|[\]}]|\n|[^\"'\#\[\]{}\n]+|.",
    re.DOTALL,
)


def read_section(
    name: str, text: str, section: tuple[str, ...]
) -> tuple[dict[str, Any], dict[Path, int]] | None:
    """The table's data and lines, both relative to it; None when it is absent."""
    import tomllib

    if endless := _ENDLESS.search(text):
        line = text.count("\n", 0, endless.start()) + 1
        message = f"a key with more than {MAX_PARTS} parts"
        raise ConfigError(message, where=place(name, line))
    try:
        data: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        found = re.search(r"\(at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        detail = re.sub(r" \(at [^)]*\)$", "", str(error))
        raise ConfigError(f"not valid TOML: {detail}", where=place(name, line)) from None
    for part in section:
        if not isinstance(data, dict) or part not in data:
            return None
        data = data[part]
    lines = _lines(text)
    if not isinstance(data, dict):
        raise ConfigError(
            f"{key_name(section)} has to be a table", where=place(name, lines.get(section, 0))
        )
    size = len(section)
    inside = {path[size:]: line for path, line in lines.items() if path[:size] == section}
    return data, inside


def _lines(text: str) -> dict[Path, int]:
    """The line of every table and key, for text that is known to be valid TOML.

    What stands inside an inline value has no line of its own: the key's line stands for it.
    """
    text = text.replace("\r\n", "\n")
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    position, number = 0, 1
    while position < len(text):
        statement = _STATEMENT.match(text, position)
        if statement is None:
            keys: Path = ()
        elif statement["open"]:
            keys = _resolve(_split(statement["table"]), counts)
            if statement["open"] == "[[":
                counts[keys] = counts.get(keys, -1) + 1
                lines.setdefault(keys, number)
                keys = (*keys, counts[keys])
            table = keys
        else:
            keys = (*table, *_split(statement["key"]))
        for length in range(1, len(keys) + 1):
            lines.setdefault(keys[:length], number)
        # A header written after its children still is the place to look at.
        if keys and statement is not None and statement["open"]:
            lines[keys] = number
        position = statement.end() if statement else position
        position, number = _next_statement(text, position, number)
    return lines


def _next_statement(text: str, position: int, number: int) -> tuple[int, int]:
    """Where the line after the current statement starts."""
    depth = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            break
        position = token.end()
        number += token.group().count("\n")
        if token.group() in ("[", "{"):
            depth += 1
        elif token.group() in ("]", "}"):
            depth -= 1
        elif token.group() == "\n" and depth <= 0:
            return position, number
    return len(text), number


def _resolve(keys: Path, counts: dict[Path, int]) -> Path:
    """`keys` with the index of the current element after each array of tables but the last."""
    path: Path = ()
    for index, key in enumerate(keys):
        path = (*path, key)
        if path in counts and index < len(keys) - 1:
            path = (*path, counts[path])
    return path


def _split(dotted: str) -> Path:
    import tomllib

    return tuple(
        next(iter(tomllib.loads(f"{key} = 1"))) if key[0] in "\"'" else key
        for key in re.findall(_KEY, dotted)
    )

"""One table of a TOML file, with the lines of its keys."""

from __future__ import annotations

import re
from typing import Any

from gatekeeper.config.documents import Path, key_name, place
from gatekeeper.config.toml_lines import KEY, toml_lines
from gatekeeper.errors import ConfigError
from gatekeeper.text.patterns import regex

# tomllib takes quadratic time and memory for a key of many parts; no real one comes near.
MAX_PARTS = 64
_ENDLESS = regex(rf"(?<![A-Za-z0-9_-])(?:{KEY}[ \t]*\.[ \t]*){{{MAX_PARTS}}}")


def endless_key(text: str) -> int:
    """The line of a key with more than MAX_PARTS parts; 0 when there is none."""
    # The pattern is slow where keys are many, and a line with so many dots is long and rare.
    rows = text.split("\n")
    suspects = [
        number
        for number, row in enumerate(rows)
        if len(row) >= 2 * MAX_PARTS and row.count(".") >= MAX_PARTS
    ]
    return next((number + 1 for number in suspects if _ENDLESS.search(rows[number])), 0)


def read_section(
    name: str, text: str, section: tuple[str, ...]
) -> tuple[dict[str, Any], dict[Path, int]] | None:
    """The table's data and lines, both relative to it; None when it is absent."""
    import tomllib

    if line := endless_key(text):
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
    lines = toml_lines(text)
    if not isinstance(data, dict):
        raise ConfigError(
            f"{key_name(section)} has to be a table", where=place(name, lines.get(section, 0))
        )
    size = len(section)
    inside = {path[size:]: line for path, line in lines.items() if path[:size] == section}
    return data, inside

"""Configuration files as plain data, with the line of every key."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from gatekeeper.errors import ConfigError

Path = tuple[str | int, ...]
MAX_BYTES = 1 << 20


class Document(Struct, frozen=True):
    """One file: its data, and the line (from 1) of each key path and list item that is known."""

    name: str
    data: dict[str, Any]
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it; 0 when nothing is known."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 0

    def where(self, path: Path = ()) -> str:
        """`file:line`, or the file alone when the line is not known."""
        return place(self.name, self.line(path))


def place(name: str, line: int) -> str:
    """`name:line`, or `name` when the line is 0."""
    return f"{name}:{line}" if line else name


def key_name(path: Path) -> str:
    """A key path as messages show it: `overrides[0].gates.lint`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def decode(name: str, content: bytes) -> str:
    """The text of a configuration file. Errors: ConfigError when it is too large or not UTF-8."""
    if len(content) > MAX_BYTES:
        raise too_large(name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            "the file is not UTF-8 text", where=place(name, line), remedy="save it as UTF-8"
        ) from None


def too_large(name: str) -> ConfigError:
    """The error for a file beyond what any hand-written configuration needs."""
    return ConfigError(
        "the file is larger than 1 MiB", where=name, remedy="a configuration file is a page of text"
    )


def check_text(name: str, text: str) -> None:
    """Refuse what no parser should see. Errors: ConfigError."""
    if len(text) > MAX_BYTES:
        raise too_large(name)
    for number, row in enumerate(text.split("\n"), start=1):
        if any("\ud800" <= char <= "\udfff" for char in row):
            raise ConfigError("the file is not UTF-8 text", where=place(name, number))


def parse_yaml(name: str, text: str) -> Document:
    """A YAML file whose top level is a mapping.

    Keys are their literal text (`on` is no truth value), dates stay strings, and each alias
    stands for a copy. Errors: ConfigError, with the line.
    """
    from gatekeeper.config.yaml_reader import read_yaml

    check_text(name, text)
    data, lines = read_yaml(name, text)
    return Document(name, data, lines)


def parse_toml_section(
    name: str, text: str, section: tuple[str, ...] = ("tool", "gatekeeper")
) -> Document | None:
    """One table of a TOML file, or None when the file has no such table.

    Key paths are relative to the table. Errors: ConfigError, with the line.
    """
    from gatekeeper.config.toml_reader import read_section

    check_text(name, text)
    found = read_section(name, text, section)
    return Document(name, *found) if found else None

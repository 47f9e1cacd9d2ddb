"""YAML by its events, so that a hostile file costs no more than an honest one.

PyYAML's own constructors recurse without a bound, drop duplicate keys, read the key `on` as a
truth value and dates as objects; none of that suits a file that people write by hand.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from gatekeeper.config.documents import Path, place
from gatekeeper.config.yaml_scalar import TAG_PREFIX, read_scalar
from gatekeeper.errors import ConfigError
from gatekeeper.text.patterns import compiled_when_used, regex

MAX_NODES = 100_000
MAX_DEPTH = 64
# What YAML does not allow in a file, and half characters that no file can hold.
_FORBIDDEN = regex("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# The same for ASCII: the larger one takes milliseconds to compile.
_CONTROL = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class _Node:
    """A value before aliases are copied out: `content` is a scalar, or its children."""

    __slots__ = ("content", "kind", "line", "open")

    def __init__(self, kind: str, line: int, content: Any) -> None:
        self.kind = kind
        self.line = line
        self.content = content
        self.open = kind != "scalar"


class _Composer:
    """Nodes from parser events."""

    def __init__(self, name: str, loader: Any) -> None:
        self.name = name
        self.loader = loader
        self.anchors: dict[str, _Node] = {}
        self.count = 0

    def error(self, message: str, line: int, remedy: str = "") -> ConfigError:
        return ConfigError(message, where=place(self.name, line), remedy=remedy)

    def document(self) -> _Node | None:
        """The only document of the stream; None when it is empty."""
        import yaml

        self.loader.get_event()
        if self.loader.check_event(yaml.StreamEndEvent):
            return None
        self.loader.get_event()
        root = self.node(self.loader.get_event(), 0)
        self.loader.get_event()
        if not self.loader.check_event(yaml.StreamEndEvent):
            line = self.loader.get_event().start_mark.line + 1
            raise self.error("a second document starts here", line, "keep one document per file")
        return root

    def node(self, event: Any, depth: int) -> _Node:
        import yaml

        line = event.start_mark.line + 1
        self.count += 1
        if self.count > MAX_NODES:
            raise self.error(f"more than {MAX_NODES:,} values", line)
        if depth > MAX_DEPTH:
            raise self.error(f"more than {MAX_DEPTH} levels deep", line)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event.anchor, line)
        if isinstance(event, yaml.ScalarEvent):
            made = _Node("scalar", line, self.scalar(event, line))
        elif isinstance(event, yaml.SequenceStartEvent):
            self.check_tag(event.tag, "seq", line)
            made = _Node("list", line, [])
        else:
            self.check_tag(event.tag, "map", line)
            made = _Node("mapping", line, {})
        if event.anchor:
            self.anchors[event.anchor] = made
        if made.kind == "list":
            while not isinstance(inner := self.loader.get_event(), yaml.SequenceEndEvent):
                made.content.append(self.node(inner, depth + 1))
        elif made.kind == "mapping":
            self.fill_mapping(made, depth)
        made.open = False
        return made

    def fill_mapping(self, made: _Node, depth: int) -> None:
        import yaml

        while not isinstance(event := self.loader.get_event(), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                raise self.error("a key has to be plain text", line)
            self.check_tag(event.tag, "str", line)
            key = event.value
            if key == "<<":
                raise self.error(
                    "merge keys (`<<`) are not supported",
                    line,
                    "write the keys out, or share them through `extends`",
                )
            if key in made.content:
                first = made.content[key][0]
                raise self.error(
                    f"the key {key!r} is given twice", line, f"it is first given in line {first}"
                )
            made.content[key] = (line, self.node(self.loader.get_event(), depth + 1))

    def alias(self, anchor: str | None, line: int) -> _Node:
        found = self.anchors.get(anchor or "")
        if found is None:
            raise self.error(f"the alias *{anchor} stands for nothing", line)
        if found.open:
            raise self.error(f"the alias *{anchor} contains itself", line)
        return found

    def check_tag(self, tag: str | None, expected: str, line: int) -> None:
        if tag not in (None, "!", TAG_PREFIX + expected):
            raise self.error(f"unknown tag {tag!r}", line, "leave the tag out")

    def scalar(self, event: Any, line: int) -> Any:
        try:
            return read_scalar(self.loader, event)
        except ValueError as error:
            raise self.error(str(error), line) from None


class _Expansion:
    """Plain data and lines from nodes; each alias becomes a copy, and every copy counts."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path, int] = {}

    def value(self, node: _Node, path: Path, line: int) -> Any:
        if len(self.lines) >= MAX_NODES or len(path) > MAX_DEPTH:
            raise ConfigError(
                "aliases make this file too large",
                where=place(self.name, node.line),
                remedy="write out what is meant",
            )
        self.lines[path] = line
        if node.kind == "list":
            return [
                self.value(item, (*path, index), item.line)
                for index, item in enumerate(node.content)
            ]
        if node.kind == "mapping":
            return {
                key: self.value(item, (*path, key), key_line)
                for key, (key_line, item) in node.content.items()
            }
        return node.content


def _load() -> Any:
    """PyYAML, whose patterns take longer to compile than all the rest of it to load."""
    with compiled_when_used():
        return import_module("yaml")


def read_yaml(name: str, text: str) -> tuple[dict[str, Any], dict[Path, int]]:
    """The top-level mapping and the lines of all its key paths. Errors: ConfigError."""
    yaml = _load()
    if forbidden := (_CONTROL if text.isascii() else _FORBIDDEN).search(text):
        line = text.count("\n", 0, forbidden.start()) + 1
        message = f"not valid YAML: the character {forbidden.group()!r} is not allowed"
        raise ConfigError(message, where=place(name, line))
    loader: Any = None
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        root = _Composer(name, loader).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise ConfigError(
            f"not valid YAML: {error.problem or error.context}", where=place(name, line)
        ) from None
    except yaml.YAMLError as error:
        raise ConfigError(f"not valid YAML: {error}", where=name) from None
    finally:
        if loader is not None:
            loader.dispose()
    if root is None or root.kind != "mapping":
        kind = "a list" if root is not None and root.kind == "list" else "a single value"
        found = "nothing" if root is None or root.content is None else kind
        raise ConfigError(
            f"expected keys and values at the top level, found {found}",
            where=place(name, root.line if root else 1),
            remedy="start with `version: 1`",
        )
    expansion = _Expansion(name)
    data: dict[str, Any] = expansion.value(root, (), root.line)
    return data, expansion.lines

"""Patterns as trees of byte sets.

Groups capture nothing, laziness does not matter, and a set holds all bytes that may stand at its
place. `lowered` trees are about content whose ASCII capitals were made small.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_HARMLESS = LETTERS | frozenset(b"0123456789_ !\"%',/:;<=>@`")
_MARKS = {"start": r"(?<![^\r\n])", "end": r"(?![^\r\n])", "edge": r"\b", "any": ""}
_CAPITALS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Bytes(NamedTuple):
    """One byte out of these."""

    allowed: frozenset[int]


class Mark(NamedTuple):
    """A condition on a place, without width: `start` or `end` of a line, `edge` of a word, `any`."""

    kind: str


class Sequence(NamedTuple):
    """One after the other; nothing matches the empty text."""

    items: tuple[Node, ...]


class Choice(NamedTuple):
    """Any one of these."""

    options: tuple[Node, ...]


class Repeat(NamedTuple):
    """`item` at least `low` and at most `high` times; None is without bound.

    `greedy` gives nothing back: the reader never sets it.
    """

    item: Node
    low: int
    high: int | None
    greedy: bool = False


Node: TypeAlias = Bytes | Mark | Sequence | Choice | Repeat


def lowered(node: Node) -> Node:
    """The tree that matches lower-cased content wherever the given one matches the content."""
    match node:
        case Bytes(allowed):
            return Bytes(frozenset(byte | 0x20 if byte in _CAPITALS else byte for byte in allowed))
        case Sequence(items):
            return Sequence(tuple(lowered(item) for item in items))
        case Choice(options):
            return Choice(tuple(lowered(option) for option in options))
        case Repeat(item, low, high):
            return Repeat(lowered(item), low, high)
        case _:
            return node


def flattened(node: Node) -> list[Node]:
    """The node as a sequence without sequences in it."""
    if isinstance(node, Sequence):
        return [inner for item in node.items for inner in flattened(item)]
    if isinstance(node, Repeat) and node.low == node.high == 1:
        return flattened(node.item)
    return [node]


def nullable(node: Node) -> bool:
    """Whether it may match without taking a byte."""
    match node:
        case Bytes():
            return False
        case Sequence(items):
            return all(nullable(item) for item in items)
        case Choice(options):
            return any(nullable(option) for option in options)
        case Repeat(item, low):
            return not low or nullable(item)
        case _:
            return True


def python_pattern(node: Node) -> str:
    """The node in Python's syntax for bytes; `start` and `end` mean those of any line."""
    match node:
        case Bytes(allowed):
            return _set_shown(allowed)
        case Mark(kind):
            return _MARKS[kind]
        case Sequence(items):
            return "".join(python_pattern(item) for item in items)
        case Choice(options):
            return f"(?:{'|'.join(map(python_pattern, options))})"
        case Repeat(item, low, high, greedy):
            inner = (
                python_pattern(item) if isinstance(item, Bytes) else f"(?:{python_pattern(item)})"
            )
            if low == high:
                return f"{inner}{{{low}}}"
            upper = "" if high is None else high
            count = "?" if (low, high) == (0, 1) else f"{{{low},{upper}}}"
            return inner + count + ("+" if greedy else "")
    raise AssertionError(node)


def _set_shown(allowed: frozenset[int]) -> str:
    if len(allowed) == 1:
        return _byte_shown(*allowed)
    negated = len(allowed) > 128
    left = sorted(set(range(256)) - allowed if negated else allowed)
    if not left:
        return r"[\s\S]"
    shown: list[str] = []
    while left:
        length = 1
        while length < len(left) and left[length] == left[0] + length:
            length += 1
        shown.append(_byte_shown(left[0]))
        if length > 1:
            shown.append(f"-{_byte_shown(left[length - 1])}")
        left = left[length:]
    return f"[{'^' if negated else ''}{''.join(shown)}]"


def _byte_shown(byte: int) -> str:
    if byte in _HARMLESS:
        return chr(byte)
    return f"\\{chr(byte)}" if 32 < byte < 127 else f"\\x{byte:02x}"

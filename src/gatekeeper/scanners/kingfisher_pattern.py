"""Kingfisher's patterns read into trees of byte sets.

Two engines look at every byte: Vectorscan finds candidates, Rust's regex confirms them. Only what
both read alike is understood here; anything else raises UnsupportedError.
"""

from __future__ import annotations

import re

from gatekeeper.scanners.kingfisher_tree import (
    LETTERS,
    Bytes,
    Choice,
    Mark,
    Node,
    Repeat,
    Sequence,
)
from gatekeeper.text.patterns import regex

_SPACES = frozenset(b"\t\n\v\f\r ")
_DIGITS = frozenset(b"0123456789")
_EVERY = frozenset(range(256))
_CLASSES = {"s": _SPACES, "d": _DIGITS, "w": LETTERS | _DIGITS | {ord("_")}}
_CONTROLS = {"n": 10, "r": 13, "t": 9, "f": 12}
_MARKS = {"b": "edge", "B": "any", "A": "start", "z": "end"}
_POSIX = {"[:alnum:]": LETTERS | _DIGITS, "[:alpha:]": LETTERS, "[:digit:]": _DIGITS}
_GROUP = regex(r"\?(?:P<\w+>|(?P<on>[ismx]*)(?:-(?P<off>[ismx]+))?(?P<end>[:)]))")
_COUNT = regex(r"\{(\d+)(,?)(\d*)\}")
# Without < and >: to Rust, a backslash makes them edges of words.
_PUNCTUATION = frozenset("\\.+*?()|[]{}^$#&-~/\"'`@!%,:;= ")


class UnsupportedError(ValueError):
    """The pattern holds something that the engines may read differently."""


class _Reader:
    """Reads a pattern from left to right; `flags` are those that hold at the place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.flags: frozenset[str] = frozenset()

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        char = self.peek()
        if not char or ord(char) > 126:
            raise UnsupportedError(f"{char!r} at {self.at}")
        self.at += 1
        return char

    def choice(self) -> Node:
        """Up to the end of the group. Flags set in it hold for the branches that follow, too."""
        outer = self.flags
        options = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            options.append(self.sequence())
        self.flags = outer
        return options[0] if len(options) == 1 else _merged(options)

    def sequence(self) -> Node:
        items: list[Node] = []
        while self.peek() not in ("", "|", ")"):
            item = self.atom()
            if item is not None:
                items.append(self.repeated(item))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def atom(self) -> Node | None:
        """The next thing that can be repeated; None when only flags were set."""
        char = self.take()
        if char == "(":
            return self.group()
        if char == "[":
            return Bytes(self.folded(self.members()))
        if char == "\\":
            return self.escape()
        if char == ".":
            return Bytes(_EVERY if "s" in self.flags else _EVERY - {10})
        if char in "^$":
            return Mark("start" if char == "^" else "end")
        if char in "*+?{" or ("x" in self.flags and (char.isspace() or char == "#")):
            raise UnsupportedError(f"{char!r} at {self.at}")
        return Bytes(self.folded(frozenset(char.encode())))

    def group(self) -> Node | None:
        outer = self.flags
        if self.peek() == "?":
            head = _GROUP.match(self.text, self.at)
            if not head:
                raise UnsupportedError(f"group at {self.at}")
            self.at = head.end()
            self.flags = (outer | frozenset(head["on"] or "")) - frozenset(head["off"] or "")
            if head["end"] == ")":
                return None
        inner = self.choice()
        if self.take() != ")":
            raise UnsupportedError(f"unbalanced group before {self.at}")
        self.flags = outer
        return inner

    def escape(self) -> Node:
        """What a backslash outside of brackets begins."""
        if kind := _MARKS.get(self.peek()):
            self.at += 1
            return Mark(kind)
        return Bytes(self.folded(self.escaped()))

    def escaped(self) -> frozenset[int]:
        char = self.take()
        if char.lower() in _CLASSES:
            known = _CLASSES[char.lower()]
            return known if char.islower() else _EVERY - known
        if char in _CONTROLS:
            return frozenset({_CONTROLS[char]})
        if char == "x":
            digits = self.take() + self.take()
            if not re.fullmatch("[0-9A-Fa-f]{2}", digits):
                raise UnsupportedError(f"\\x{digits}")
            return frozenset({int(digits, 16)})
        if char not in _PUNCTUATION:
            raise UnsupportedError(f"\\{char}")
        return frozenset(char.encode())

    def members(self) -> frozenset[int]:
        """What a bracket holds, up to and with its end."""
        negated = self.peek() == "^"
        self.at += negated
        found: set[int] = set()
        while not (self.peek() == "]" and found):
            first = self.member()
            follows = self.text[self.at + 1 : self.at + 2]
            if self.peek() == "-" and follows != "]":
                self.at += 1
                last = self.member()
                if len(first) != 1 or len(last) != 1 or min(last) < min(first):
                    raise UnsupportedError(f"range before {self.at}")
                first = frozenset(range(min(first), min(last) + 1))
            found |= first
        self.at += 1
        return _EVERY - self.folded(frozenset(found)) if negated else frozenset(found)

    def member(self) -> frozenset[int]:
        for name, known in _POSIX.items():
            if self.text.startswith(name, self.at):
                self.at += len(name)
                return known
        char = self.take()
        # Brackets within brackets and doubled operators mean sets of sets to one of the engines.
        if char in "[]" or (char in "&~-" and self.peek() == char):
            raise UnsupportedError(f"{char!r} within brackets at {self.at}")
        if "x" in self.flags and char.isspace():
            raise UnsupportedError("spaces within brackets")
        return self.escaped() if char == "\\" else frozenset(char.encode())

    def repeated(self, item: Node) -> Node:
        char = self.peek()
        if char not in ("*", "+", "?", "{"):
            return item
        if char == "{":
            count = _COUNT.match(self.text, self.at)
            if not count:
                raise UnsupportedError(f"{{ at {self.at}")
            self.at = count.end()
            low = int(count[1])
            high = (int(count[3]) if count[3] else None) if count[2] else low
        else:
            self.at += 1
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        if self.peek() == "?":
            self.at += 1
        if self.peek() in ("*", "+", "?", "{") or (high is not None and high < low):
            raise UnsupportedError(f"quantifier before {self.at}")
        return Repeat(item, low, high)

    def folded(self, found: frozenset[int]) -> frozenset[int]:
        """With both cases of every letter where case does not matter; ASCII only, as they do."""
        if "i" not in self.flags:
            return found
        return found | {byte ^ 0x20 for byte in found & LETTERS}


def _merged(options: list[Node]) -> Node:
    """A choice; between single bytes it is a set."""
    allowed: set[int] = set()
    for option in options:
        if not isinstance(option, Bytes):
            return Choice(tuple(options))
        allowed |= option.allowed
    return Bytes(frozenset(allowed))


def parse(pattern: str) -> Node:
    """The tree of a pattern. Raises UnsupportedError."""
    reader = _Reader(pattern)
    tree = reader.choice()
    if reader.at != len(pattern):
        raise UnsupportedError(f"unbalanced group at {reader.at}")
    return tree

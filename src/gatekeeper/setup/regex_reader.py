"""The small part of regular expressions that .gitignore patterns can say, taken apart."""

from __future__ import annotations

from itertools import product

from gatekeeper.text.patterns import regex

# Parts of an alternative, besides literal text: `.*`, `.+`, `[^/]*`, `[^/]`.
ANY, PLUS, SEGMENT, ONE = "\x00any", "\x00plus", "\x00segment", "\x00one"
MOST = 64
_CLASS = regex(r"\[((?:[A-Za-z0-9](?:-[A-Za-z0-9])?|[._-])+)\]")


class UntranslatableError(Exception):
    """Why there is no pattern that means exactly this."""


def unspaced(regex: str) -> str:
    """The expression without `(?x)`, blanks and comments."""
    if not regex.startswith("(?x)"):
        return regex
    kept, at, inside = [], 4, False
    while at < len(regex):
        char = regex[at]
        if char == "\\":
            kept.append(regex[at : at + 2])
            at += 2
            continue
        inside = char == "[" or (inside and char != "]")
        if not inside and char == "#":
            end = regex.find("\n", at)
            at = end if end >= 0 else len(regex)
        elif inside or not char.isspace():
            kept.append(char)
            at += 1
        else:
            at += 1
    return "".join(kept)


class Reader:
    """The alternatives of an expression, each a list of parts: text, or one of the constants.

    `^` and `$` are kept as parts of their own.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def read(self) -> list[list[str]]:
        """All of them."""
        found = self.alternatives(0)
        if self.at < len(self.text):
            raise UntranslatableError("its parentheses do not match")
        return found

    def alternatives(self, depth: int) -> list[list[str]]:
        if depth > 20:
            raise UntranslatableError("its groups are nested deeper than 20")
        found = self.sequence(depth)
        while self.peek() == "|":
            self.at += 1
            found += self.sequence(depth)
            if len(found) > MOST:
                raise UntranslatableError(f"it has more than {MOST} alternatives")
        return found

    def sequence(self, depth: int) -> list[list[str]]:
        made: list[list[str]] = [[]]
        while self.peek() not in ("", "|", ")"):
            choices = self.repeated(self.atom(depth))
            made = [left + right for left, right in product(made, choices)]
            if len(made) > MOST:
                raise UntranslatableError(f"it has more than {MOST} alternatives")
        return made

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def atom(self, depth: int) -> list[list[str]]:
        char = self.peek()
        if char == "(":
            return self.group(depth)
        if self.text.startswith("[^/]", self.at):
            self.at += 4
            return [[ONE]]
        if char == "[":
            match = _CLASS.match(self.text, self.at)
            if match is None:
                raise UntranslatableError(
                    f"a pattern has no such class: {self.text[self.at :][:12]!r}"
                )
            self.at = match.end()
            return [["\x00" + match.group()]]
        self.at += 1
        if char == "\\":
            return self.escaped()
        if char in "*+?{":
            raise UntranslatableError(f"`{char}` repeats nothing")
        return [["\x00" + char if char in "^$." else char]]

    def escaped(self) -> list[list[str]]:
        literal = self.peek()
        if not literal or literal.isalnum():
            raise UntranslatableError(f"a pattern has nothing like `\\{literal}`")
        self.at += 1
        return [[literal]]

    def group(self, depth: int) -> list[list[str]]:
        self.at += 1
        if self.text.startswith("?:", self.at):
            self.at += 2
        elif self.peek() == "?":
            raise UntranslatableError(f"a pattern has nothing like `({self.text[self.at :][:3]}`")
        found = self.alternatives(depth + 1)
        if self.peek() != ")":
            raise UntranslatableError("its parentheses do not match")
        self.at += 1
        return found

    def repeated(self, choices: list[list[str]]) -> list[list[str]]:
        mark = self.peek()
        if mark not in ("*", "+", "?", "{") or not mark:
            if choices == [["\x00."]]:
                raise UntranslatableError(
                    "an unescaped `.` stands for any character: `\\.` is a dot"
                )
            return choices
        self.at += 1
        if self.peek() in ("?", "+"):
            raise UntranslatableError(f"a pattern has nothing like `{mark}{self.peek()}`")
        if choices == [["\x00."]] and mark in "*+":
            return [[ANY if mark == "*" else PLUS]]
        if choices == [[ONE]] and mark in "*+":
            return [[SEGMENT]] if mark == "*" else [[ONE, SEGMENT]]
        if mark == "?" and choices != [["\x00."]]:
            return [*choices, []]
        raise UntranslatableError(f"a pattern cannot repeat: `{self.text[: self.at][-8:]}`")

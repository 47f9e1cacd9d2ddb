"""A terminal: what is on the screen after a program has written to it, and what was before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PIECE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|[\r\n]|[^\x1b\r\n]+|\x1b")


@dataclass
class Screen:
    """Understands what progress displays use: line breaks, cursor up, erase line, colours."""

    lines: list[list[str]] = field(default_factory=lambda: [[]])
    row: int = 0
    column: int = 0
    cursor_hidden: bool = False

    def feed(self, text: str) -> None:
        for piece in _PIECE.finditer(text):
            if piece[2]:
                self._command(piece[2], piece[1])
            elif piece[0] == "\r":
                self.column = 0
            elif piece[0] == "\n":
                self.row += 1
                while len(self.lines) <= self.row:
                    self.lines.append([])
            else:
                assert piece[0] != "\x1b", "an escape that is no sequence"
                line = self.lines[self.row]
                line += " " * (self.column - len(line))
                line[self.column : self.column + len(piece[0])] = piece[0]
                self.column += len(piece[0])

    def _command(self, letter: str, given: str) -> None:
        if letter == "A":
            self.row = max(0, self.row - int(given or 1))
        elif letter == "K":
            assert given == "2", given
            self.lines[self.row] = []
        elif letter in "hl" and given == "?25":
            self.cursor_hidden = letter == "l"
        else:
            assert letter == "m", f"an unexpected sequence: {given}{letter}"

    def text(self) -> str:
        return "\n".join("".join(line).rstrip() for line in self.lines)

"""What was fixed, as a difference that people read; it shows no secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex
from gatekeeper.text.redact import HIDDEN, redact

_HUNK = regex(r"@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@")
_COLOURS = {"-": "31", "+": "32", "@": "36"}


def render_difference(
    path: str, difference: str, secrets: frozenset[tuple[str, int]], *, colour: bool
) -> str:
    """A unified difference of one file. `secrets` are places, before, that must not be shown."""
    shown = printable(path)
    lines = [f"--- {shown}", f"+++ {shown}, fixed", *_lines(path, difference, secrets)]
    if colour:
        lines = [
            f"\x1b[{_COLOURS[line[0]]}m{line}\x1b[0m" if line[:1] in _COLOURS else line
            for line in lines
        ]
    return "\n".join(lines) + "\n"


def _lines(path: str, difference: str, secrets: frozenset[tuple[str, int]]) -> Iterator[str]:
    for start, hunk in _hunks(difference):
        yield hunk[0].partition(" @@")[0] + " @@"
        number = start
        kept: list[tuple[str, int]] = []
        for line in hunk[1:]:
            kept.append((line, number if line[:1] in " -" else 0))
            number += line[:1] in " -"
        # A line that takes the place of a secret one most likely says the same.
        secret = any((path, at) in secrets for line, at in kept if line.startswith("-"))
        for line, at in kept:
            hidden = (path, at) in secrets or (secret and line.startswith("+"))
            yield line[:1] + (HIDDEN if hidden else printable(redact(line[1:].expandtabs(4))))


def _hunks(difference: str) -> Iterator[tuple[int, Sequence[str]]]:
    hunk: list[str] = []
    start = 0
    for line in difference.split("\n"):
        if match := _HUNK.match(line):
            if hunk:
                yield start, hunk
            start, hunk = int(match[1]), [line]
        elif line:
            hunk.append(line.rstrip("\r"))
    if hunk:
        yield start, hunk

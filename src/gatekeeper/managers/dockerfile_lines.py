"""Dockerfiles as instructions: lines that go on, comments, here-documents, directives."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from gatekeeper.text.patterns import regex

_DIRECTIVE = regex(r"#\s*([A-Za-z]+)\s*=\s*(.+?)\s*")
_HEREDOC = regex(r"(?<!<)<<-?([\"']?)([A-Za-z0-9_.]+)\1")
_WITH_HEREDOC = ("RUN", "COPY", "ADD")


class Instruction(Struct, frozen=True):
    """One instruction; `line` is where it begins."""

    name: str
    rest: str
    line: int


def _directives(rows: list[str]) -> Iterator[tuple[int, str, str]]:
    """What stands in comments before everything else."""
    for number, row in enumerate(rows, start=1):
        found = _DIRECTIVE.fullmatch(row.strip())
        if found is None:
            return
        yield number, found[1].lower(), found[2]


def syntax_of(text: str) -> tuple[int, str] | None:
    """Line and image of the directive `syntax`, which names the program that reads the file."""
    for number, name, value in _directives(text.splitlines()):
        if name == "syntax":
            return number, value
    return None


def instructions(text: str) -> Iterator[Instruction]:
    """All of them, in their order. The content of here-documents is no instruction."""
    rows = text.replace("\r\n", "\n").split("\n")
    escape = next((it for _, name, it in _directives(rows) if name == "escape"), "\\")
    index = 0
    while index < len(rows):
        first = index
        parts: list[str] = []
        while index < len(rows):
            row = rows[index]
            index += 1
            stripped = row.strip()
            # Comments and empty lines within an instruction are passed over.
            if stripped.startswith("#") or (parts and not stripped):
                if not parts:
                    first = index
                continue
            if stripped.endswith(escape):
                parts.append(stripped[: -len(escape)])
                continue
            parts.append(stripped)
            break
        line = " ".join(parts).strip()
        if not line:
            continue
        name, _, rest = line.partition(" ")
        name = name.upper()
        yield Instruction(name, " ".join(rest.split()), first + 1)
        if name in _WITH_HEREDOC:
            for _, word in _HEREDOC.findall(rest):
                end = _end_of(rows, index, word)
                # Without an end it is no such document, and what follows is not hidden in it.
                index = end + 1 if end is not None else index


def _end_of(rows: list[str], start: int, word: str) -> int | None:
    for number in range(start, len(rows)):
        if rows[number].lstrip("\t") == word:
            return number
    return None

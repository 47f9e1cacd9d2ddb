"""Puts the pieces of a case into a file: imports, helpers, handler, and things beside the point."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Iterable, Sequence

_FUTURE = "from __future__"


def nested(codes: Sequence[str]) -> str:
    """One block after another; a block with a line ZREST holds all that follow."""
    if not codes:
        return ""
    head, rest = codes[0].strip("\n"), nested(codes[1:])
    hole = re.search(r"^([ \t]*)ZREST[ \t]*$", head, re.MULTILINE)
    if hole is None:
        return f"{head}\n{rest}".strip("\n")
    return head[: hole.start()] + textwrap.indent(rest or "pass", hole[1]) + head[hole.end() :]


def embedded(frame: str, place: str, body: str) -> str:
    """The frame with the body in place of the line `place`, at its indentation."""
    hole = re.search(rf"^([ \t]*){place}[ \t]*$", frame, re.MULTILINE)
    if hole is None:
        raise ValueError(f"no line {place} in {frame!r}")
    return frame[: hole.start()] + textwrap.indent(body, hole[1]) + frame[hole.end() :]


def assembled(
    rng: random.Random,
    imports: Iterable[str],
    tops: Iterable[str],
    main: str,
    filler: Sequence[str],
    doc: str,
) -> str:
    """The file's text."""
    lines = list(dict.fromkeys(line for line in imports if line))
    style = rng.random()
    if style < 0.6:
        lines.sort(key=lambda line: (line.startswith("from "), line))
    elif style < 0.8:
        lines.sort(key=lambda line: line.split()[1])
    lines.sort(key=lambda line: not line.startswith(_FUTURE))
    helpers = [top.strip("\n") for top in dict.fromkeys(tops) if top.strip()]
    # What assigns or registers stays in front; the others may come in any order.
    first = [top for top in helpers if not re.match(r"(async def|def|class|@)", top)]
    others = [top for top in helpers if top not in first] + [text.strip("\n") for text in filler]
    rng.shuffle(others)
    parts = ["\n".join(lines), *first, *others, main.strip("\n")]
    if doc:
        parts.insert(0, f'"""{doc}"""')
    text = "\n\n\n".join(part for part in parts if part) + "\n"
    return _indented(text, "  ") if rng.random() < 0.04 else text


def _indented(text: str, unit: str) -> str:
    """The same with another unit of indentation; texts of several lines stay as they are."""
    if '"""' in text or "'''" in text:
        return text
    return re.sub(
        r"^(?: {4})+", lambda match: unit * (len(match[0]) // 4), text, flags=re.MULTILINE
    )

"""Foreign text in GitHub's Markdown: it stays where it is put, and stays text.

Escaping alone does not do: GitHub turns names, numbers, commit ids and addresses of plain text
into mentions and links after Markdown is done, and a repository can add patterns of its own. None
of it looks into code. So plain words stay words, and all else becomes a code span.
"""

from __future__ import annotations

from collections.abc import Iterable

from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

# A word that no renderer sees more in: no digits beside letters, no sign but those of a sentence,
# and no number that could begin a list.
_WORD = regex(
    r"\(?(?:[A-Za-z]+(?:'[a-z]+)?|[a-z]+(?:-[a-z]+)+)\)?[.,;:!?]?|[0-9]{1,6}[,;:!?]?|[0-9]{1,6}\.[0-9]{1,4}[,;:!?]?|%[,;:!?]?"
)
_COMMIT = regex(r"[0-9a-f]{7,}")
_QUOTED = regex(r"(\(?)`([^`]+)`([.,;:!?)]*)")
_TOKEN = regex(r"(?<![^ ])\(?`[^`]+`[.,;:!?)]*(?![^ ])|[^ ]+")
_RUNS = regex(r"`+")


def code(text: str, limit: int = 300) -> str:
    """A code span on one line, whatever the text."""
    shown = cut(printable(text), limit)
    if not shown.strip():
        return "`(blank)`"
    fence = _fence(shown, 1)
    pad = " " if "`" in (shown[0], shown[-1]) or shown[0] == shown[-1] == " " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def prose(text: str, limit: int = 1_000) -> str:
    """A message on one line: plain words as they are, all else as code spans."""
    parts: list[str] = []
    odd: list[str] = []

    def flush() -> None:
        if odd:
            parts.append(code(" ".join(odd), limit))
            odd.clear()

    for token in _tokens(cut(" ".join(text.split()), limit)):
        if _WORD.fullmatch(token) and not _COMMIT.search(token):
            flush()
            parts.append(token)
        elif quoted := _QUOTED.fullmatch(token):
            # Tools quote names like this themselves, and so do we.
            flush()
            parts.append(f"{quoted[1]}{code(quoted[2], limit)}{quoted[3]}")
        else:
            odd.append(token)
    flush()
    return " ".join(part for part in parts if part)


def _tokens(text: str) -> list[str]:
    """Words, and what stands in single backticks with its spaces."""
    return [found[0] for found in _TOKEN.finditer(text)]


def fenced(lines: Iterable[str], indent: str = "") -> str:
    """A code block. The lines have no line breaks of their own."""
    rows = list(lines)
    fence = _fence("\n".join(rows), 3)
    return "".join(f"{indent}{row}\n" for row in (f"{fence}text", *rows, fence))


def cut(text: str, limit: int) -> str:
    """At most so many characters, with a mark where some are missing."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _fence(text: str, least: int) -> str:
    """More backticks than any run of them in the text."""
    longest = max((len(run) for run in _RUNS.findall(text)), default=0)
    return "`" * max(least, longest + 1)

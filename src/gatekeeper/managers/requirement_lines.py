"""Requirements files as text: encodings, lines that go on, comments."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from msgspec import Struct

from gatekeeper.managers.reading import UnreadableError, check_size, check_text
from gatekeeper.text.patterns import regex

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # Those of UTF-32 first: they begin with those of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODING = regex(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_COMMENT = regex(r"(?:^|\s+)#.*$")


def requirement_text(content: bytes) -> str:
    """The text, in the encoding that pip would take. Raises UnreadableError."""
    check_size(content)
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    if not encoding:
        for row in content.split(b"\n", 2)[:2]:
            if found := _CODING.match(row):
                encoding = found[1].decode("ascii", "replace")
    try:
        text = content.decode("utf-8-sig" if encoding in ("", "utf-8") else encoding)
    except (UnicodeDecodeError, LookupError) as error:
        where = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise UnreadableError(
            f"the file is not {encoding or 'UTF-8'} text",
            content.count(b"\n", 0, where) + 1,
            "save it as UTF-8",
        ) from None
    check_text(text)
    return text


class Line(Struct, frozen=True):
    """A line with all that it goes on to. `number` is its first; `indented`: it begins with blanks."""

    number: int
    content: str
    comment: str = ""
    indented: bool = False


def logical_lines(text: str) -> Iterator[Line]:
    """The lines, put together as pip does it.

    They end where `str.splitlines` ends them, so that nothing hides behind a form feed.
    """
    first = 0
    parts: list[str] = []
    following = 1
    for whole in text.splitlines(keepends=True):
        row = whole.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
        number = following
        following += whole.endswith(("\n", "\r"))
        comment = _COMMENT.match(row)
        if row.endswith("\\") and not comment:
            first = first or number
            parts.append(row.strip("\\"))
            continue
        # A comment ends the line that went on; the blank keeps it one.
        parts.append(f" {row}" if comment and parts else row)
        yield _line(first or number, "".join(parts))
        parts, first = [], 0
    if parts:
        yield _line(first, "".join(parts))


def _line(number: int, row: str) -> Line:
    indented = row[:1].isspace()
    found = _COMMENT.search(row)
    if found is None:
        return Line(number, row.strip(), "", indented)
    comment = found.group().strip().lstrip("#").strip()
    return Line(number, row[: found.start()].strip(), comment, indented)

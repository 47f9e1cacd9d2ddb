"""Names as people write and read them."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name most like `word`, or the empty string when none is close."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return found[0] if found else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A remedy: the nearest name if there is one, and all of them."""
    names = sorted(known)
    near = nearest(word, names)
    hint = f"did you mean {near!r}? " if near else ""
    return f"{hint}known: {', '.join(names)}"


def printable(text: str) -> str:
    """`text` on one line, with no control characters: safe for a terminal and for a log.

    Paths, messages and rule names come from the repository and from tools, so they may carry
    escape sequences or line breaks that imitate other output.
    """
    if text.isprintable():
        return text
    return "".join(
        char
        if char.isprintable()
        else char.encode("unicode_escape").decode("ascii")
        if not "\udc80" <= char <= "\udcff"
        else f"\\x{ord(char) & 0xFF:02x}"
        for char in text
    )


def plural(count: int, noun: str) -> str:
    """`1 file`, `2 files`, `2 dependencies`."""
    if count == 1:
        return f"1 {noun}"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{count:,} {noun[:-1]}ies"
    return f"{count:,} {noun}{'es' if noun.endswith(('ch', 's', 'x')) else 's'}"

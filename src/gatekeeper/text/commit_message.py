"""A commit message while it is being written: what git will make of the file."""

from __future__ import annotations

_SCISSORS = " ------------------------ >8 ------------------------"
# What git chooses from when core.commentChar is `auto`.
_AUTOMATIC = "#;@!$%^&|:"


def cleaned(text: str, comment: str = "#", *, strip: bool = True) -> str:
    """The message without what git adds for the author, and without blank lines around it.

    `comment` is what comments start with, or `auto`. What follows the scissors line goes. `strip`
    says whether comments go, too: git keeps them where no editor was used.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    mark = _automatic(lines) if comment == "auto" else comment or "#"
    if f"{mark}{_SCISSORS}" in lines:
        lines = lines[: lines.index(f"{mark}{_SCISSORS}")]
    if strip:
        lines = [line for line in lines if not line.startswith(mark)]
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _automatic(lines: list[str]) -> str:
    """What git chose: its own comments come last."""
    written = [line for line in lines if line.strip()]
    last = written[-1][0] if written else "#"
    return last if last in _AUTOMATIC else "#"

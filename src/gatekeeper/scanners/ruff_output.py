"""What ruff's linter and its formatter have in common in what they say."""

from __future__ import annotations

from gatekeeper.model.finding import UncheckedReason
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.output import last_line
from gatekeeper.text.names import printable

NOTEBOOK = ".ipynb"


def expect_configured(done: Completed, cwd: str) -> None:
    """Raise ToolError when ruff refused to start, which it does for settings it cannot use."""
    causes = [
        line.strip().removeprefix("Cause: ")
        for line in done.stderr.splitlines()
        if line.strip().startswith("Cause: ")
    ]
    if done.status == 2 and not done.stdout and causes:
        last = last_line(done.stderr).removeprefix("Cause: ")
        told = causes if last == causes[-1] else [*causes, last]
        raise ToolError(
            "tool-misconfigured",
            printable(f"ruff: {': '.join(told)}".replace(f"{cwd}/", ""))[:400],
            "correct ruff's settings; if they are for another version of ruff, set"
            " tools.ruff.from to project",
        )


def unread(why: str) -> UncheckedReason:
    """The reason for a file ruff could not read, from its words."""
    if "UTF-8" in why:
        return "undecodable"
    return "unreadable" if "os error" in why else "parse-error"


def cell_lines(content: bytes, cell: int) -> list[str]:
    """The lines of a notebook's cell, counted from 1; none when there is no such cell."""
    import json

    try:
        source = json.loads(content)["cells"][cell - 1]["source"]
        return "".join(source).split("\n")
    except (ValueError, RecursionError, LookupError, TypeError):
        return []

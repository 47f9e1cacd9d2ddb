"""What a pull request changes, as git tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tests.fakes.github.state import Pull, State, Thread

_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_STATUS = {"A": "added", "M": "modified", "D": "removed", "R": "renamed", "C": "copied"}
# What GitHub lists at most.
MOST_FILES = 3_000


@dataclass(frozen=True)
class Changed:
    """One file."""

    path: str
    previous: str
    status: str
    patch: str
    additions: int
    deletions: int
    blob: str


def changed(state: State, pull: Pull) -> list[Changed]:
    """The files that the pull request changes since it left its base."""
    return _changed(state, state.base(pull), state.head(pull))


@cache
def _changed(state: State, onto: str, head: str) -> list[Changed]:
    base = state.git("merge-base", onto, head).strip()
    raw = state.git("diff", "-M", "--raw", "--abbrev=40", "-z", base, head).split("\0")
    found = []
    at = 0
    while at + 1 < len(raw):
        _, _, _, blob, letter = raw[at].split(" ")
        renamed = letter[0] in "RC"
        previous, path = (raw[at + 1], raw[at + 2]) if renamed else ("", raw[at + 1])
        at += 3 if renamed else 2
        found.append((path, previous, _STATUS[letter[0]], blob))
    patches = _patches(state, base, head)
    return [
        Changed(
            path, previous, status, patch := patches.get(path, ""),
            sum(line.startswith("+") for line in patch.splitlines()),
            sum(line.startswith("-") for line in patch.splitlines()), blob,
        )
        for path, previous, status, blob in found[:MOST_FILES]
    ]  # fmt: skip


def _patches(state: State, base: str, head: str) -> dict[str, str]:
    """The hunks of each file, by its path on the new side."""
    text = state.git("-c", "core.quotePath=false", "diff", "-M", "--no-color", base, head)
    found: dict[str, str] = {}
    for part in text.split("\ndiff --git ")[0:] if text else ():
        lines = part.split("\n")
        start = next((at for at, line in enumerate(lines) if line.startswith("@@ ")), None)
        if start is None:
            continue
        names = {
            line[:3]: line[4:].partition("\t")[0]
            for line in lines[:start]
            if line[:4] in ("--- ", "+++ ")
        }
        new = names.get("+++", "")
        name = new if new != "/dev/null" else names.get("---", "")
        found[name.partition("/")[2]] = "\n".join(lines[start:]).rstrip("\n")
    return found


def on_the_difference(patch: str, line: int) -> bool:
    """Whether a comment may be made on this line of the new side."""
    for match in _HUNK.finditer(patch):
        start, length = int(match[1]), int(match[2] or "1")
        if start <= line < start + length:
            return True
    return False


@cache
def _lines(state: State, commit: str, path: str) -> list[str]:
    return state.git("show", f"{commit}:{path}", check=False).split("\n")


def text_at(state: State, commit: str, path: str, line: int) -> str:
    """A line of a file, empty when there is none."""
    lines = _lines(state, commit, path)
    return lines[line - 1] if 0 < line <= len(lines) else ""


def line_now(state: State, thread: Thread) -> int:
    """Where the line of a thread is at the pull request's head; 0 when it is gone."""
    pull = state.pulls[thread.number]
    for file in changed(state, pull):
        if file.path == thread.path:
            lines = _lines(state, state.head(pull), file.path)
            same = [at for at, text in enumerate(lines, 1) if text == thread.text]
            near = sorted(same, key=lambda at: abs(at - thread.line))
            return next((at for at in near if on_the_difference(file.patch, at)), 0)
    return 0

"""Which lines of head the change is to answer for, and which exclusions it adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from gatekeeper.model.tree import Hunk
from gatekeeper.scanners.change_interface import Change
from gatekeeper.scanners.coverage_collect import PRAGMA
from gatekeeper.scanners.coverage_moves import Run, moved, renamed_whole
from gatekeeper.text.globs import matches


class Changed(Struct, frozen=True):
    """`lines` per path; `text` are the lines of these files; `moved` counts lines only moved.

    `pragmas` are those lines whose comment takes code out of the measurement, and that do not
    replace a line that had one.
    """

    lines: Mapping[str, frozenset[int]]
    text: Mapping[str, Sequence[str]]
    pragmas: Mapping[str, frozenset[int]]
    moved: int


def changed_code(change: Change) -> Changed | None:
    """The added and changed lines that are not only moved; None when everything counts."""
    base = change.base
    if base is None:
        return None
    hunks = [hunk for hunk in change.hunks() if not matches(change.config.exclude, hunk.path)]
    text = {path: _lines(change, path) for path in sorted({it.path for it in hunks if it.path})}
    old: dict[str, Sequence[str]] = {}
    for path, content in base.read_many(sorted({it.old_path for it in hunks if it.old_length})):
        old[path] = content.decode("utf-8", "surrogateescape").split("\n")
    added = [it for hunk in hunks if hunk.length and (it := _added(hunk, text[hunk.path]))]
    deleted = [
        Run(hunk.old_path, hunk.old_start, tuple(_part(old[hunk.old_path], hunk)))
        for hunk in hunks
        if hunk.old_length and hunk.old_path in old
    ]
    only_moved = moved(added, deleted)
    whole = renamed_whole(
        {it.path: it.new.blob for it in change.deltas if it.new and not it.old},
        {it.path: it.old.blob for it in change.deltas if it.old and not it.new},
    )
    lines: dict[str, set[int]] = {path: set() for path in text}
    count = 0
    for run in added:
        if run.path not in whole:
            theirs = set(range(run.start, run.start + len(run.lines)))
            gone = theirs & only_moved.get(run.path, set())
            count += len(gone)
            lines[run.path] |= theirs - gone
    frozen = {path: frozenset(found) for path, found in lines.items()}
    return Changed(frozen, text, _pragmas(hunks, text, old, frozen), count)


def _lines(change: Change, path: str) -> Sequence[str]:
    if not change.has_file(path):
        return ()
    try:
        content = change.head.read(path)
    except (KeyError, OSError):
        return ()
    # As git counts lines; the last one ends with the file, or with a newline.
    return content.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n")


def _added(hunk: Hunk, text: Sequence[str]) -> Run | None:
    lines = tuple(text[hunk.start - 1 : hunk.start - 1 + hunk.length])
    return Run(hunk.path, hunk.start, lines) if lines else None


def _part(text: Sequence[str], hunk: Hunk) -> Sequence[str]:
    return text[hunk.old_start - 1 : hunk.old_start - 1 + hunk.old_length]


def _pragmas(
    hunks: Sequence[Hunk],
    text: Mapping[str, Sequence[str]],
    old: Mapping[str, Sequence[str]],
    changed: Mapping[str, frozenset[int]],
) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for hunk in hunks:
        if not hunk.length:
            continue
        lines = text[hunk.path]
        end = min(hunk.start + hunk.length, len(lines) + 1)
        with_it = [
            line
            for line in range(hunk.start, end)
            if line in changed[hunk.path] and PRAGMA.search(lines[line - 1])
        ]
        before = sum(bool(PRAGMA.search(it)) for it in _part(old.get(hunk.old_path, ()), hunk))
        if len(with_it) > before:
            found.setdefault(hunk.path, set()).update(with_it[before:])
    return {path: frozenset(lines) for path, lines in found.items()}

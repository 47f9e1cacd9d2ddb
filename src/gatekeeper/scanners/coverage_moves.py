"""Which added lines are no new code: they stood elsewhere before, and were moved.

The rule, which is git's for `--color-moved=zebra` with a least number of lines on top: a run of
added lines counts as moved when the change deletes the very same run, indentation included,
anywhere in files of the same kind; it has to be at least three lines with at least twenty letters
and digits. Every deleted line accounts for one added line, so a copy is new. A file that as a
whole is one that was deleted is moved, however short it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

LEAST_LINES = 3
LEAST_CHARACTERS = 20
# A run that starts in thousands of places, such as a generated table, is not compared with all.
_MOST_STARTS = 50


class Run(Struct, frozen=True):
    """Lines in a row that a change adds (of head) or deletes (of the base), from `start` on."""

    path: str
    start: int
    lines: tuple[str, ...]


def moved(added: Iterable[Run], deleted: Iterable[Run]) -> dict[str, set[int]]:
    """Per path, the added lines that were only moved."""
    gone: dict[str, list[Run]] = {}
    for run in deleted:
        gone.setdefault(_kind(run.path), []).append(run)
    known = {kind: _Deleted(runs) for kind, runs in gone.items()}
    found: dict[str, set[int]] = {}
    for run in added:
        if (pool := known.get(_kind(run.path))) is None:
            continue
        for offset, length in pool.take(run.lines):
            first = run.start + offset
            found.setdefault(run.path, set()).update(range(first, first + length))
    return found


class _Deleted:
    """Deleted runs, found by any three lines in a row; what was taken is gone."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._lines = [run.lines for run in runs]
        self._used = [bytearray(len(run.lines)) for run in runs]
        self._starts: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        for index, lines in enumerate(self._lines):
            for at in range(len(lines) - LEAST_LINES + 1):
                starts = self._starts.setdefault(lines[at : at + LEAST_LINES], [])
                if len(starts) < _MOST_STARTS:
                    starts.append((index, at))

    def take(self, lines: tuple[str, ...]) -> Iterable[tuple[int, int]]:
        """The stretches of `lines` that were deleted: offset and length."""
        offset = 0
        while offset + LEAST_LINES <= len(lines):
            index, at, length = self._longest(lines, offset)
            if length and _characters(lines[offset : offset + length]) >= LEAST_CHARACTERS:
                self._used[index][at : at + length] = b"\1" * length
                yield offset, length
                offset += length
            else:
                # Most of what is too short in characters is so from its next line on, too.
                offset += max(1, length - LEAST_LINES + 1)

    def _longest(self, lines: tuple[str, ...], offset: int) -> tuple[int, int, int]:
        best = (0, 0, 0)
        for index, at in self._starts.get(lines[offset : offset + LEAST_LINES], ()):
            old, used = self._lines[index], self._used[index]
            length = 0
            while (
                offset + length < len(lines)
                and at + length < len(old)
                and not used[at + length]
                and old[at + length] == lines[offset + length]
            ):
                length += 1
            if length >= LEAST_LINES and length > best[2]:
                best = (index, at, length)
        return best


def _characters(lines: Iterable[str]) -> int:
    return sum(character.isalnum() for line in lines for character in line)


def _kind(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2]


def renamed_whole(new: Mapping[str, str], gone: Mapping[str, str]) -> set[str]:
    """Paths of `new` (to content id) whose whole content is that of one of `gone`."""
    content: dict[str, int] = {}
    for blob in gone.values():
        content[blob] = content.get(blob, 0) + 1
    found: set[str] = set()
    for path in sorted(new):
        if content.get(new[path], 0) > 0:
            content[new[path]] -= 1
            found.add(path)
    return found

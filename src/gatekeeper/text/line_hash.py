"""The fingerprint of a line by which GitHub's code scanning knows an alert again.

It is the one that GitHub's own upload action computes (`primaryLocationLineHash`): a rolling hash,
modulo 2**64, of the 100 characters from the line's start on, without blanks and tabs, and the count of
lines so far that have the same hash.
"""

from __future__ import annotations

_WINDOW = 100
_FACTOR = 37
_MASK = (1 << 64) - 1
# What leaves the window was multiplied once for each character that came after it.
_LEAVING = pow(_FACTOR, _WINDOW, 1 << 64)
# A character that no text has, in UTF-16 as JavaScript counts: the end of the file.
_END = 65_535


def line_hashes(text: str) -> list[str]:
    """The fingerprints of all lines, the first line's at index 0."""
    units: list[int] = []
    starts: list[int] = []
    fresh = True
    for unit in _units(text):
        if fresh:
            starts.append(len(units))
            fresh = False
        units.append(unit)
        fresh = unit == 10
    if fresh:
        starts.append(len(units))
    units += [_END, *([0] * _WINDOW)]
    return _numbered(_rolled(units, starts))


def _rolled(units: list[int], starts: list[int]) -> list[int]:
    """The hash of the window that begins at each start."""
    wanted = {start + _WINDOW: at for at, start in enumerate(starts)}
    found = [0] * len(starts)
    value = 0
    for at, unit in enumerate(units, 1):
        leaving = units[at - 1 - _WINDOW] if at > _WINDOW else 0
        value = (_FACTOR * value + unit - _LEAVING * leaving) & _MASK
        if at in wanted:
            found[wanted[at]] = value
    return found


def _numbered(values: list[int]) -> list[str]:
    counts: dict[int, int] = {}
    found = []
    for value in values:
        counts[value] = counts.get(value, 0) + 1
        found.append(f"{value:x}:{counts[value]}")
    return found


def _units(text: str) -> list[int]:
    """UTF-16 units with every line end as one line feed, and no blanks or tabs."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    raw = plain.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]

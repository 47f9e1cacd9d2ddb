"""Dealing a scanner's files out to several jobs."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.scanners.interface import Scanner

_FILES = 2_000
_PATHS = 600_000
_SECONDS = 4.0
_TYPICAL_MEGABYTES = 0.008


def chunks(
    scanner: Scanner, paths: Sequence[str], rate: float, workers: int
) -> list[tuple[Sequence[str], float]]:
    """Split files so that all processors share long work; each part with its expected seconds."""
    expected = scanner.startup + rate * len(paths) * _TYPICAL_MEGABYTES
    if scanner.scope == "tree":
        return [(paths, max(expected, 2.0))]
    shared = int(expected / max(_SECONDS, 5 * scanner.startup))
    by_length = sum(len(path) + 1 for path in paths) // _PATHS + 1
    # Smaller parts even out wrong guesses, but every part pays for another start of the tool.
    fair = shared if shared <= workers else workers * (2 if shared >= 3 * workers else 1)
    number = max(1, fair, by_length, -(-len(paths) // _FILES))
    # Dealing files out in turn spreads the large ones of a folder over all chunks.
    return [(paths[start::number], expected / number) for start in range(number)]

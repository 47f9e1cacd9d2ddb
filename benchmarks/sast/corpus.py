"""Generates a half of the corpus into a temporary folder and lets both scanners loose on it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.sast.scan import Scanners
from benchmarks.sast.score import Rates, hits, rates
from tests.corpus.corpus import cases
from tests.corpus.load import Half
from tests.corpus.model import Case
from tests.corpus.write import file_of, written


def measured(
    half: Half, scanners: Scanners, per_label: int, only: Sequence[str] = (), one_in: int = 1
) -> tuple[list[Case], dict[str, frozenset[str]]]:
    """The cases, and per scanner the ids of those it called true. Nothing is left behind.

    Every rule is tried on one file in so many, to see that a check, which tries few, misses none.
    """
    with tempfile.TemporaryDirectory(prefix="gatekeeper-sast-") as name:
        folder = Path(name).resolve()
        made = written(folder, cases(half, per_label, only))
        paths = sorted(file_of(case) for case in made)
        pack = hits(made, scanners.pack(folder, paths, one_in=one_in))
        bandit = hits(made, scanners.bandit(folder, paths))
    return made, {"pack": pack, "bandit": bandit, "together": pack | bandit}


def scores(made: Sequence[Case], called: dict[str, frozenset[str]]) -> dict[str, dict[str, Rates]]:
    """Rates per scanner and class."""
    return {subject: rates(made, hit) for subject, hit in called.items()}

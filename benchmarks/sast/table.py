"""The rates as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.sast.score import Rates, mean

SUBJECTS = ("pack", "bandit", "together")
Scores = Mapping[str, Mapping[str, Rates]]


def text(scores: Scores) -> str:
    """A row per class; per scanner TPR, FPR and the difference."""
    lines = [
        f"{'':24}" + "".join(f"{name:^24}" for name in SUBJECTS),
        f"{'class':24}" + "".join(f"{'TPR':>8}{'FPR':>7}{'diff':>7}  " for _ in SUBJECTS),
    ]
    for name in scores["pack"]:
        cells = [scores[subject][name] for subject in SUBJECTS]
        lines.append(
            f"{name:24}"
            + "".join(f"{one.tpr:8.2f}{one.fpr:7.2f}{one.youden:+7.2f}  " for one in cells)
        )
    means = "".join(f"{mean(scores[subject].values()):+22.2f}  " for subject in SUBJECTS)
    return "\n".join([*lines, f"{'mean':24}{means}"])


def data(scores: Scores, half: str) -> dict[str, Any]:
    """The same for programs."""
    return {
        "half": half,
        "mean": {subject: round(mean(scores[subject].values()), 4) for subject in SUBJECTS},
        "classes": {
            name: {
                subject: {
                    "true": one.true_cases,
                    "found": one.found,
                    "false": one.false_cases,
                    "alarms": one.alarms,
                    "tpr": round(one.tpr, 4),
                    "fpr": round(one.fpr, 4),
                    "difference": round(one.youden, 4),
                }
                for subject in SUBJECTS
                for one in (scores[subject][name],)
            }
            for name in scores["pack"]
        },
    }

"""Processes measured side by side, and what is said about them: medians and ratios."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LEAST_ROUNDS = 5


class BrokenRunError(Exception):
    """A process ended in a way that makes its time meaningless."""


@dataclass(frozen=True)
class Sample:
    """One run. `cpu` includes the children's seconds; `peak` is the largest process in bytes."""

    seconds: float
    cpu: float = 0.0
    peak: int = 0


@dataclass(frozen=True)
class Command:
    """A process to measure. Calling it runs it; `statuses` are the ways it may end."""

    argv: Sequence[str]
    cwd: Path
    env: Mapping[str, str]
    statuses: Sequence[int] = (0, 1)

    def __call__(self, output: Path | None = None) -> Sample:
        with (
            open(output or os.devnull, "wb") as stdout,
            tempfile.TemporaryFile() as stderr,
        ):
            started = time.perf_counter()
            process = subprocess.Popen(
                self.argv, cwd=self.cwd, env=self.env, stdin=subprocess.DEVNULL,
                stdout=stdout, stderr=stderr,
            )  # fmt: skip
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in self.statuses:
                stderr.seek(0)
                said = stderr.read().decode("utf-8", "replace").strip()[-600:]
                shown = " ".join(self.argv)[:200]
                raise BrokenRunError(f"`{shown}` ended with {process.returncode}: {said}")
        return Sample(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def interleave(
    subjects: Mapping[str, Callable[[], Sample]], rounds: int
) -> dict[str, list[Sample]]:
    """Run every subject once per round, so that noise meets all of them alike.

    A round before the first one that counts warms the caches of the operating system and of the
    subjects themselves.
    """
    samples: dict[str, list[Sample]] = {name: [] for name in subjects}
    rounds = max(rounds, LEAST_ROUNDS)
    for number in range(rounds + 1):
        print(f"\r{', '.join(subjects)}: round {number} of {rounds}", end="", file=sys.stderr)
        for name, subject in subjects.items():
            sample = subject()
            if number:
                samples[name].append(sample)
    print(file=sys.stderr)
    return samples


def seconds(samples: Iterable[Sample]) -> list[float]:
    """Wall time of each."""
    return [sample.seconds for sample in samples]


def bound(tools: Sequence[Sequence[Sample]], cores: int) -> list[float]:
    """Per round, the least time in which `cores` processors can run all of the tools."""
    return [
        max(*(tool.seconds for tool in one), sum(tool.cpu for tool in one) / cores)
        for one in zip(*tools, strict=True)
    ]


@dataclass(frozen=True)
class Row:
    """One line of the table: `ours` over `yardstick`, or `ours` itself when there is none."""

    case: int
    what: str
    target: float
    ours: Sequence[float]
    yardstick: Sequence[float] = ()
    unit: str = "s"

    @property
    def value(self) -> float:
        """The ratio of the medians, or the median."""
        ours = statistics.median(self.ours)
        return ours / statistics.median(self.yardstick) if self.yardstick else ours

    @property
    def met(self) -> bool:
        return self.value <= self.target

    def cells(self) -> tuple[str, ...]:
        """What the table shows."""
        unit = "" if self.yardstick else f" {self.unit}"
        return (
            str(self.case),
            self.what,
            f"{self.value:.3g}{unit}",
            f"≤ {self.target:g}{unit}",
            "yes" if self.met else "NO",
            spread(self.ours, self.unit),
            spread(self.yardstick, self.unit) if self.yardstick else "",
        )


def spread(values: Sequence[float], unit: str) -> str:
    """The median, and the least and the largest."""
    return f"{statistics.median(values):.3g} {unit} ({min(values):.3g}–{max(values):.3g})"


HEAD = (
    "case",
    "what",
    "value",
    "target",
    "met",
    "ours: median (range)",
    "yardstick: median (range)",
)


def table(rows: Sequence[Row]) -> str:
    """All rows, aligned, as Markdown."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    )

"""Measure gatekeeper against its tools' own invocations; see benchmarks/README.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import cases
from benchmarks.action import action
from benchmarks.audits import audits
from benchmarks.checks import measure_checks
from benchmarks.measure import LEAST_ROUNDS, BrokenRunError, Row, table
from benchmarks.repositories import copied, generated
from benchmarks.rule_pack import rule_pack
from benchmarks.sandbox import Sandbox

CHECKS = frozenset({2, 3, 4})
OTHERS = {
    1: cases.start_up,
    5: cases.staged_file,
    6: cases.many_files,
    7: cases.front_ends,
    8: action,
    9: audits,
    10: rule_pack,
}
ALL = frozenset({*CHECKS, *OTHERS})


def _numbers(text: str) -> frozenset[int]:
    numbers = frozenset(int(part) for part in text.split(",") if part.strip().isdigit())
    if not numbers or not numbers <= ALL:
        raise argparse.ArgumentTypeError(f"cases are numbers from 1 to {max(ALL)}: 1,3")
    return numbers


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=LEAST_ROUNDS, help="rounds, at least five")
    parser.add_argument("--only", type=_numbers, default=ALL, help="cases, such as 1,3")
    parser.add_argument("--repository", type=Path, help="measure in a copy of this git repository")
    return parser.parse_args(arguments)


def measure(sandbox: Sandbox, options: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """All wanted cases, in order."""
    given: Path | None = options.repository
    only_small = options.only <= {1, 6, 9, 10}  # which look at no repository, or at their own
    repository = copied(sandbox, given) if given else generated(
        sandbox, "generated", 1 if only_small else 240
    )  # fmt: skip
    rows: list[Row] = []
    notes: list[str] = []
    done: list[tuple[list[Row], list[str]]] = []
    if checks := options.only & CHECKS:
        done.append(measure_checks(sandbox, repository, options.runs, checks))
    done += [
        case(sandbox, repository, options.runs)
        for number, case in OTHERS.items()
        if number in options.only
    ]
    for more, said in done:
        rows += more
        notes += said
    return sorted(rows, key=lambda row: row.case), notes


def main(arguments: Sequence[str] | None = None) -> int:
    """0, however slow it was; 1 when two ways to run the same rules disagree."""
    options = _parse(arguments)
    cores = len(os.sched_getaffinity(0))
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="gatekeeper-benchmark-") as folder:
        try:
            rows, notes = measure(Sandbox(Path(folder).resolve()), options)
        except cases.FindingsDifferError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        except BrokenRunError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    print(table(rows))
    print(f"\n{max(options.runs, LEAST_ROUNDS)} rounds, interleaved, on {cores} processors,")
    print(
        f"Python {platform.python_version()}; load {before:.1f} before, {os.getloadavg()[0]:.1f} after"
    )
    for note in notes:
        print(f"- {note}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

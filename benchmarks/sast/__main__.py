"""How much gatekeeper's rules find, and how often they are wrong; see benchmarks/README.md.

python -m benchmarks.sast --half dev
python -m benchmarks.sast --half held-back --json rates.json
python -m benchmarks.sast --package flask==3.1.0 --package django==5.2
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.sast import table
from benchmarks.sast.corpus import measured, scores
from benchmarks.sast.packages import PackageError, report
from benchmarks.sast.scan import ScanFailedError, Scanners
from benchmarks.sast.score import by_part
from tests.corpus.corpus import PER_LABEL
from tests.corpus.model import Case
from tests.corpus.weaknesses import CWES
from tests.corpus.write import file_of


def main(arguments: Sequence[str] | None = None) -> int:
    """0, whatever the rates; 2 when a scanner or a download failed."""
    options = _parse(arguments)
    scanners = Scanners(options.cache, options.rules)
    try:
        if options.package:
            print(report(options.package, scanners, options.sample, options.seed))
        else:
            _corpus(options, scanners)
    except (ScanFailedError, PackageError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sast", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--half", choices=("dev", "held-back"))
    what.add_argument("--package", action="append", help="name==version; may be given again")
    parser.add_argument("--only", action="append", choices=tuple(CWES), help="a class", default=[])
    parser.add_argument(
        "--per-label", type=int, default=PER_LABEL, help="cases per class and label"
    )
    parser.add_argument("--json", type=Path, help="write the rates here as well")
    parser.add_argument("--misses", action="store_true", help="name the cases (dev only)")
    parser.add_argument(
        "--by", help="rates per value of a dimension: source, steps, sink (dev only)"
    )
    parser.add_argument("--sample", type=int, default=20, help="findings shown per package")
    parser.add_argument("--seed", default="gatekeeper", help="which findings are shown")
    parser.add_argument("--cache", default="", help="where the tools are installed")
    parser.add_argument("--rules", default="", help="other rules than those that ship")
    options = parser.parse_args(arguments)
    if options.half == "held-back" and (options.misses or options.by):
        parser.error("of the held-back half only rates are shown; who writes rules must not see it")
    return options


def _corpus(options: argparse.Namespace, scanners: Scanners) -> None:
    made, called = measured(options.half, scanners, options.per_label, options.only)
    rates = scores(made, called)
    print(table.text(rates))
    if options.json:
        options.json.write_text(json.dumps(table.data(rates, options.half), indent=2) + "\n")
    if options.by:
        print(f"\n{options.by:44}{'true':>6}{'found':>7}{'false':>7}{'alarms':>8}")
        for value, row in by_part(made, called["pack"], options.by).items():
            print(f"{value:44}{row[0]:6}{row[1]:7}{row[2]:7}{row[3]:8}")
    if options.misses:
        _misses(made, called["pack"])


def _misses(made: Sequence[Case], hit: frozenset[str]) -> None:
    for case in made:
        if case.vulnerable != (case.id in hit):
            what = "missed" if case.vulnerable else "false alarm"
            print(f"{what:12}{file_of(case)}  {' '.join(filter(None, case.parts.values()))}")


if __name__ == "__main__":
    sys.exit(main())

"""Case 8: the GitHub Action, run by act, over the bare command."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.checks import GATES
from benchmarks.measure import BrokenRunError, Row, Sample, interleave, seconds
from benchmarks.repositories import generated
from benchmarks.sandbox import Sandbox
from tests.fakes.act import Act, checkout
from tests.fakes.repo import Repo

_WORKFLOW = """\
on: push
permissions: {}
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
      - id: gate
        uses: org/gatekeeper@v1
        with:
          all: "true"
          cache: "off"
          gate: |
"""
_STEPS = ("locate", "install", "check", "keep")


def action(sandbox: Sandbox, repository: Path, runs: int) -> tuple[list[Row], list[str]]:
    """What the action's steps take together, when gatekeeper and its tools have been restored."""
    home = sandbox.root / "runner"
    home.mkdir()
    # A runner's Python is no shim that first finds out which Python is meant.
    own = Path(sys.base_prefix) / "bin"
    act = Act(
        home,
        checkout(sandbox.root / "action"),
        sandbox.root / "store",
        {"GATEKEEPER_CACHE_DIR": str(sandbox.cache)},
        path=f"{own}{os.pathsep}{os.environ['PATH']}",
    )
    small = generated(sandbox, "small", 12)
    rows: list[Row] = []
    notes: list[str] = []
    for name, root in (("", repository), (", a small repository", small)):
        row, note = _measure(sandbox, act, root, runs, f"the action / gatekeeper check{name}")
        rows.append(row)
        notes.append(note)
    return rows, notes


def _measure(sandbox: Sandbox, act: Act, repository: Path, runs: int, what: str) -> tuple[Row, str]:
    gates = [it.removeprefix("--gate=") for it in GATES]
    workflow = repository / ".github" / "workflows" / "gatekeeper.yml"
    workflow.parent.mkdir(parents=True, exist_ok=True)
    workflow.write_text(
        _WORKFLOW + "".join(f"            {gate}\n" for gate in gates), encoding="utf-8"
    )
    sandbox.git(repository, "add", "-A")
    sandbox.git(repository, "commit", "-q", "-m", "use the action")
    bare = sandbox.check(repository, "--all", *GATES)
    whole: list[float] = []
    steps: dict[str, list[float]] = {name: [] for name in _STEPS}

    def ours() -> Sample:
        sandbox.forget_results()
        ran = act(Repo(repository), workflow=str(workflow.relative_to(repository)))
        verdict = ran.outputs("gate").get("verdict", "")
        if verdict not in ("pass", "block"):
            raise BrokenRunError(f"the action ended {verdict or 'without a verdict'}")
        for name in _STEPS:
            steps[name].append(ran.seconds("gate", name))
        whole.append(ran.seconds("gate"))
        return Sample(sum(times[-1] for times in steps.values()))

    def theirs() -> Sample:
        sandbox.forget_results()
        return bare()

    ours()  # installs the program
    for times in (whole, *steps.values()):
        times.clear()
    subjects: dict[str, Callable[[], Sample]] = {"ours": ours, "bare": theirs}
    samples = interleave(subjects, runs)
    sandbox.git(repository, "reset", "-q", "--hard", "HEAD~1")
    own = seconds(samples["ours"])
    spent = ", ".join(f"{name} {median(times):.2f} s" for name, times in steps.items())
    around = median(whole) - median(own)
    note = f"{what}: {spent}; act itself takes {around:.2f} s more to copy and start all this"
    return Row(8, what, 1.2, own, seconds(samples["bare"])), note

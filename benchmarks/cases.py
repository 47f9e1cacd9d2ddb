"""Cases 1 and 5 to 7. Each returns rows of the table, and notes."""

from __future__ import annotations

import itertools
import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.checks import EVERYTHING, GATES, a_python_file
from benchmarks.measure import Command, Row, Sample, interleave, seconds
from benchmarks.repositories import generated
from benchmarks.sandbox import Sandbox
from benchmarks.tools import RULES, SEMGREP, direct_tools, hook_config
from gatekeeper.scanners.registry import scanners

Result = tuple[list[Row], list[str]]
MEGABYTE = 1 << 20
# The first check of 50,000 files takes ten times that of 5,000; longer than this, it looks at less.
PATIENCE = 240
CHEAP_GATES = ("--gate=lint", "--gate=format", "--gate=secrets")
OWN_RULES = Path(__file__).with_name("rules.yml")


class FindingsDifferError(Exception):
    """Two ways to run the same rules over the same files found different things."""


def start_up(sandbox: Sandbox, repository: Path, runs: int) -> Result:
    """Case 1."""
    version = Command([*sandbox.gatekeeper_program, "--version"], repository, sandbox.environment)
    bare = Command([sys.executable, "-c", "pass"], repository, sandbox.environment)
    samples = interleave({"ours": version, "bare": bare}, runs * 4)
    ours, theirs = seconds(samples["ours"]), seconds(samples["bare"])
    return [Row(1, "gatekeeper --version / python -c pass", 3, ours, theirs)], []


def staged_file(sandbox: Sandbox, repository: Path, runs: int) -> Result:
    """Case 5: new content is staged before every run."""
    path = a_python_file(sandbox, repository)
    content = path.read_bytes()
    numbers = itertools.count()
    # Rules are compiled and the file as it was committed is known, as after any earlier commit.
    check = sandbox.check(repository, "--staged", "--stage", "hook", *GATES)

    def staged(command: Command) -> Callable[[], Sample]:
        def run() -> Sample:
            path.write_bytes(content + b"\n\nMARK = %d\n" % next(numbers))
            sandbox.git(repository, "add", "--", str(path))
            return command()

        return run

    subjects = {"ours": staged(check)}
    notes: list[str] = []
    program = sandbox.program("prek")
    if program:
        tools = [
            tool
            for tool in direct_tools(sandbox, repository)
            if scanners()[tool.scanner].stage == "hook"
        ]
        argv = [program, "run", "--config", str(hook_config(sandbox, tools, "prek-hook"))]
        subjects["prek"] = staged(Command(argv, repository, sandbox.environment))
    else:
        notes.append("prek is not installed (`uv sync --group bench`): not compared with it")
    samples = interleave(subjects, runs)
    sandbox.git(repository, "reset", "-q", "--hard")
    ours = seconds(samples["ours"])
    rows = [Row(5, "one staged file, hook stage", 0.5, ours)]
    if program:
        rows.append(Row(5, "one staged file / prek", 2, ours, seconds(samples["prek"])))
    return rows, notes


def many_files(sandbox: Sandbox, repository: Path, runs: int) -> Result:
    """Case 6: 5,000 and 50,000 files, nothing changed since the first check."""
    sandbox.check(repository, *EVERYTHING)()  # so that Kingfisher has its rules compiled
    gates: tuple[str, ...] = GATES
    said = "all default gates"
    notes: list[str] = []
    subjects: dict[str, Callable[[], Sample]] = {}
    roots: list[Path] = []
    for number in (5_000, 50_000):
        root = generated(sandbox, f"many-{number}", number, many=True)
        roots.append(root)
        first = sandbox.check(root, "--all", "--stage", "ci", *gates)()
        notes.append(
            f"{number:,} files, first check, {said}: {first.seconds:.1f} s, CPU {first.cpu:.1f} s,"
            f" largest process {first.peak / MEGABYTE:.0f} MB"
        )
        if number == 5_000 and first.seconds * 10 > PATIENCE:
            gates, said = CHEAP_GATES, "only the gates lint, format and secrets"
        subjects[f"ours {number}"] = sandbox.check(root, "--all", "--stage", "ci", *gates)
        subjects[f"git {number}"] = Command(["git", "status"], root, sandbox.environment)
    samples = interleave(subjects, runs)
    for root in roots:
        shutil.rmtree(root)
    large, small = seconds(samples["ours 50000"]), seconds(samples["ours 5000"])
    peaks = [sample.peak / MEGABYTE for sample in samples["ours 50000"]]
    return [
        Row(6, "50,000 files unchanged / git status", 3, large, seconds(samples["git 50000"])),
        Row(6, "50,000 files unchanged, peak memory", 150, peaks, unit="MB"),
        Row(6, "50,000 files / 5,000 files", 10, large, small),
    ], notes


def front_ends(sandbox: Sandbox, repository: Path, runs: int) -> Result:
    """Case 7: the same rules and files; raises FindingsDifferError when the findings differ."""
    tool = next(it for it in direct_tools(sandbox, repository) if it.scanner == "semgrep")
    answers = {name: sandbox.root / f"semgrep-{name}.json" for name in ("experimental", "default")}
    rules = [f"--config={RULES}", f"--config={OWN_RULES}"]

    def front(name: str, *more: str) -> Callable[[], Sample]:
        argv = [sandbox.tools["semgrep"], "scan", *more, *SEMGREP, *rules, "--", *tool.paths]
        command = Command(argv, repository, sandbox.environment)
        return lambda: command(answers[name])

    samples = interleave(
        {"experimental": front("experimental", "--experimental"), "default": front("default")}, runs
    )
    ours, theirs = (_matches(answers[name]) for name in ("experimental", "default"))
    if ours != theirs:
        shown = [*(ours - theirs), *(theirs - ours)][:10]
        raise FindingsDifferError(f"semgrep's front ends disagree, for example on {shown}")
    note = f"semgrep's front ends agree on {ours.total():,} findings of {len(tool.paths):,} files"
    fast, slow = seconds(samples["experimental"]), seconds(samples["default"])
    return [Row(7, "semgrep --experimental / default", 1, fast, slow)], [note]


def _matches(answer: Path) -> Counter[tuple[str, str, int, int]]:
    return Counter(
        (it["path"], it["check_id"], it["start"]["line"], it["start"]["col"])
        for it in json.loads(answer.read_bytes())["results"]
    )

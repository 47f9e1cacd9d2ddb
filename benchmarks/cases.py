"""Cases 1 and 5 to 7. Each returns rows of the table, and notes."""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.checks import EVERYTHING, GATES, a_python_file
from benchmarks.measure import Command, Row, Sample, interleave, seconds
from benchmarks.repositories import generated, remove
from benchmarks.sandbox import Sandbox
from benchmarks.tools import RULES, SEMGREP, direct_tools, hook_config
from gatekeeper.scanners.registry import SCANNERS

Result = tuple[list[Row], list[str]]
MEGABYTE = 1 << 20
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
            if SCANNERS[tool.scanner].stage == "hook"
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


def many_files(sandbox: Sandbox, _repository: Path, runs: int) -> Result:
    """Case 6: 5,000 and 50,000 files, all gates, nothing changed since the first check."""
    notes: list[str] = []
    subjects: dict[str, Callable[[], Sample]] = {}
    roots: list[Path] = []
    for number in (5_000, 50_000):
        root = generated(sandbox, f"many-{number}", number, many=True)
        roots.append(root)
        check = sandbox.check(root, *EVERYTHING)
        started = time.perf_counter()
        first = check()
        notes.append(
            f"{number:,} files, first check, all default gates:"
            f" {time.perf_counter() - started:.1f} s, largest process {first.peak / MEGABYTE:.0f} MB"
        )
        subjects[f"ours {number}"] = check
        status = ["git", "status"]
        subjects[f"git {number}"] = Command(status, root, sandbox.environment)
    samples = interleave(subjects, runs)
    for root in roots:
        remove(root)
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

"""Cases 2 to 4: the whole repository, cold, unchanged, and with one file changed."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Command, Row, Sample, bound, interleave, seconds, spread
from benchmarks.sandbox import Sandbox
from benchmarks.tools import direct_tools, hook_config

# Type checkers come from a project's own environment, which a sandbox does not have.
GATES = tuple(f"--gate={gate}" for gate in ("lint", "format", "sast", "secrets", "workflows"))
EVERYTHING = ("--all", "--stage", "ci", *GATES)


def a_python_file(sandbox: Sandbox, repository: Path) -> Path:
    """A file of middling size, to change."""
    names = sandbox.git(repository, "ls-files", "-z", "--", "*.py").rstrip("\0").split("\0")
    ordered = sorted(names, key=lambda name: ((repository / name).lstat().st_size, name))
    return repository / ordered[len(ordered) * 3 // 4]


def measure_checks(
    sandbox: Sandbox, repository: Path, runs: int, wanted: frozenset[int]
) -> tuple[list[Row], list[str]]:
    """The rows of those of the cases 2, 3 and 4 that are wanted, and notes on the parts."""
    sandbox.git(repository, "checkout", "-q", "-b", "benchmark")
    sandbox.git(repository, "commit", "-q", "--allow-empty", "-m", "branch off")
    everything = sandbox.check(repository, *EVERYTHING)
    subjects: dict[str, Callable[[], Sample]] = {"cold": lambda: _cold(sandbox, everything)}
    tools = direct_tools(sandbox, repository)
    if 3 in wanted:
        subjects["unchanged"] = everything
    if 4 in wanted:
        subjects["one file"] = _one_changed(sandbox, repository)
    if 2 in wanted:
        subjects |= {tool.scanner: tool.command(sandbox, repository) for tool in tools}
    notes: list[str] = []
    if 3 in wanted and (program := sandbox.program("pre-commit")):
        config = hook_config(sandbox, tools, "pre-commit-all")
        argv = [program, "run", "--all-files", "--config", str(config)]
        subjects["pre-commit"] = Command(argv, repository, sandbox.environment)
    elif 3 in wanted:
        notes.append("pre-commit is not installed (`uv sync --group bench`): not compared with it")
    samples = interleave(subjects, runs)
    cold = seconds(samples["cold"])
    rows: list[Row] = []
    if 2 in wanted:
        alone = [samples[tool.scanner] for tool in tools]
        least = bound(alone, len(os.sched_getaffinity(0)))
        rows.append(Row(2, "cold check / what the tools' CPU allows", 1.15, cold, least))
        notes.append(
            f"CPU of the cold check: {spread([it.cpu for it in samples['cold']], 's')}; of the tools:"
            f" {spread([sum(it.cpu for it in one) for one in zip(*alone, strict=True)], 's')}"
        )
        notes += [
            f"{tool.scanner} alone, {len(tool.paths):,} files:"
            f" {spread(seconds(samples[tool.scanner]), 's')},"
            f" CPU {spread([it.cpu for it in samples[tool.scanner]], 's')}"
            for tool in tools
        ]
    if 3 in wanted:
        unchanged = seconds(samples["unchanged"])
        rows.append(Row(3, "unchanged / cold", 0.03, unchanged, cold))
        if "pre-commit" in samples:
            theirs = seconds(samples["pre-commit"])
            rows.append(Row(3, "unchanged / pre-commit --all-files", 0.05, unchanged, theirs))
    if 4 in wanted:
        rows.append(Row(4, "one changed file / cold", 0.15, seconds(samples["one file"]), cold))
    sandbox.git(repository, "checkout", "-q", "-")
    return rows, notes


def _cold(sandbox: Sandbox, check: Command) -> Sample:
    sandbox.forget_results()
    return check()


def _one_changed(sandbox: Sandbox, repository: Path) -> Callable[[], Sample]:
    """Check the branch with one file edited, differently every time."""
    path = a_python_file(sandbox, repository)
    content = path.read_bytes()
    check = sandbox.check(repository, "--stage", "ci", *GATES)
    numbers = itertools.count()

    def run() -> Sample:
        path.write_bytes(content + b"\n\nMARK = %d\n" % next(numbers))
        try:
            return check()
        finally:
            path.write_bytes(content)
            sandbox.git(repository, "status")

    return run

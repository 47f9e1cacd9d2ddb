"""Programs that are run under the real coverage.py, and what it and diff-cover say of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.fakes.repo import Repo, Result

COVERAGE = (sys.executable, "-m", "coverage")


def coverage(repo: Repo, *arguments: str, cwd: str = ".") -> str:
    """Run coverage.py; what it prints."""
    done = subprocess.run(
        [*COVERAGE, *arguments], cwd=repo.root / cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def write(repo: Repo, files: Mapping[str, str | None]) -> None:
    """Write files; None deletes one."""
    for path, text in files.items():
        if text is None:
            (repo.root / path).unlink()
        else:
            repo.write(path, text)


def diff_cover(repo: Repo, report: str) -> dict[str, tuple[int, int]]:
    """The real diff-cover against the branch main: changed lines that count, and uncovered ones."""
    out = repo.root / "diff-cover.json"
    done = run_diff_cover(repo, report, f"--format=json:{out}")
    assert out.is_file(), done.stdout + done.stderr
    found: dict[str, Any] = json.loads(out.read_text())
    out.unlink()
    return {
        path: (
            len(told["covered_lines"]) + len(told["violation_lines"]),
            len(told["violation_lines"]),
        )
        for path, told in found["src_stats"].items()
    }


def run_diff_cover(repo: Repo, report: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run it as people do."""
    return subprocess.run(
        [Path(sys.executable).with_name("diff-cover"), report, "--compare-branch=main", *options],
        cwd=repo.root,
        capture_output=True,
        text=True,
        check=False,
    )


def check(repo: Repo, *arguments: str, **env: str) -> Result:
    """`gatekeeper check` of the gate alone, against the branch main."""
    return repo.check("--gate", "coverage", "--base", "main", *arguments, env=env)


def measured(result: Result) -> dict[str, float]:
    """The numbers of a report, without the scanner's name."""
    return {
        it["name"].removeprefix("coverage."): it["value"] for it in result.report["measurements"]
    }


def places(result: Result, rule: str = "uncovered") -> list[tuple[str, int, int]]:
    """Where findings of a rule are."""
    return [
        (it["path"], it["line"], it["end_line"])
        for it in result.findings("new")
        if it["rule"] == f"coverage/{rule}" or it["rule"] == rule
    ]

"""The same inputs give the same report, byte for byte, wherever and however often."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.fakes.repo import Repo

# Each run is a real start with hashes of its own: no order may come from them.
SEED = {"PYTHONHASHSEED": "random"}
WORKFLOW = """\
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo ${{ github.event.issue.title }}
"""
# All that may differ: how long it took, and how much of it the cache knew.
VARIABLE = re.compile(r'"(seconds|cached_files|scanned_files)": [0-9.]+')


def fill(repo: Repo) -> None:
    """Problems for several scanners, on a branch and before."""
    for path in ("one.py", "pkg/two.py", "ünïcode dir/three.py"):
        repo.write(path, "import os, sys\nl = eval('1')\nassert l == None\n")
    repo.commit("old")
    repo.branch()
    for path in ("four.py", "pkg/five.py"):
        repo.write(path, "import os, sys\nl = eval('1')\nassert l == None\n")
    repo.write("broken.py", "def (:\n")
    repo.write(".github/workflows/ci.yml", WORKFLOW)
    repo.commit("new")


def clone(repo: Repo, folder: Path) -> Repo:
    repo.git("clone", "-q", "--branch", "feature", ".", str(folder))
    return Repo(folder)


def report(repo: Repo, *arguments: str, cache: Path | None = None) -> str:
    env = SEED | ({"GATEKEEPER_CACHE_DIR": str(cache)} if cache else {})
    result = repo.check("--base", "origin/main", *arguments, env=env)
    assert result.status == 1, result.stderr
    return VARIABLE.sub(r'"\1": 0', result.stdout)


def test_reports_are_identical_cold_and_warm_and_in_another_clone(
    repo: Repo, cache: Path, tmp_path: Path
) -> None:
    fill(repo)
    here = clone(repo, tmp_path / "here")
    there = clone(repo, tmp_path / "some" / "where else")
    other = tmp_path / "other-cache"
    other.mkdir()
    for name in ("tools", "home"):
        (other / name).symlink_to((cache / name).resolve())

    cold = report(here)
    warm = report(here)
    elsewhere = report(there, cache=other)
    uncached = report(there, "--no-cache")
    one_by_one = report(here, "--no-cache", "--jobs", "1")

    assert cold == warm == elsewhere == uncached == one_by_one
    assert str(tmp_path) not in cold
    states = {item["state"] for item in json.loads(cold)["findings"]}
    assert states == {"new", "existing"}


def test_sarif_is_identical_too(repo: Repo, cache: Path, tmp_path: Path) -> None:
    fill(repo)
    here, there = clone(repo, tmp_path / "here"), clone(repo, tmp_path / "there")

    first, second = (
        it.gatekeeper("check", "--base", "origin/main", "--format", "sarif", env=SEED).stdout
        for it in (here, there)
    )

    assert first == second
    assert str(tmp_path) not in first

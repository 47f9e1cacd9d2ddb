"""The shortest way to a verdict."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.repo import Repo


def test_a_new_problem_blocks_and_an_old_one_does_not(repo: Repo, cache: Path) -> None:
    repo.commit("old", **{"old.py": "import os\n"})
    repo.branch()
    repo.commit("new", **{"new.py": "import sys\n"})

    result = repo.check("--gate", "lint")

    assert result.status == 1
    assert [item["path"] for item in result.findings("new")] == ["new.py"]
    assert [item["path"] for item in result.findings("existing")] == ["old.py"]

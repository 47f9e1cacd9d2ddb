"""Which version of the files, the configuration and the waivers a check looks at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.repo import Repo

BAD = "import os\n"
GOOD = "x = 1\n"
LINT = ("--gate", "lint")
LINT_OFF = "version: 1\ngates: {lint: {enabled: false}, secrets: {enabled: true}}\n"
WAIVER = """\
version: 1
waivers:
  - rule: ruff/F401
    paths: [a.py]
    owner: '@team'
    reason: kept for the plugins that import it
    expires: never
"""


@pytest.fixture
def started(repo: Repo, cache: Path) -> Repo:
    """A repository with a first commit that has no problems."""
    repo.commit(**{"a.py": GOOD, "b.py": GOOD})
    return repo


def blocked(repo: Repo, *arguments: str) -> list[str]:
    """Paths of what blocks."""
    result = repo.check(*LINT, *arguments)
    assert result.status in (0, 1), result.stderr
    return [item["path"] for item in result.findings() if item["blocks"]]


def test_what_is_staged_is_judged_though_the_working_tree_is_fine(started: Repo) -> None:
    started.write("a.py", BAD)
    started.git("add", "a.py")
    started.write("a.py", GOOD)

    assert blocked(started, "--staged") == ["a.py"]
    assert blocked(started) == []


def test_what_is_not_staged_is_not_judged(started: Repo) -> None:
    started.write("a.py", BAD)
    started.write("new.py", BAD)

    assert blocked(started, "--staged") == []
    assert blocked(started) == ["a.py", "new.py"]


def test_the_excerpt_comes_from_what_is_staged(started: Repo) -> None:
    started.write("a.py", "import json\n")
    started.git("add", "a.py")
    started.write("a.py", "something_else = 1\n")

    shown = started.gatekeeper("check", *LINT, "--staged").stdout

    assert "import json" in shown
    assert "something_else" not in shown


def test_a_file_that_is_staged_and_deleted_is_still_judged(started: Repo) -> None:
    started.write("new.py", BAD)
    started.git("add", "new.py")
    (started.root / "new.py").unlink()

    assert blocked(started, "--staged") == ["new.py"]


def test_staging_a_deletion_brings_nothing_in(started: Repo) -> None:
    started.git("rm", "-q", "b.py")

    assert blocked(started, "--staged") == []


def test_the_staged_configuration_is_in_force(started: Repo) -> None:
    started.write("a.py", BAD)
    started.write("gatekeeper.yml", LINT_OFF)
    started.git("add", "-A")
    started.write("gatekeeper.yml", "version: 1\n")

    refused = started.gatekeeper("check", *LINT, "--staged")

    assert refused.status == 2
    assert "gate lint is off" in refused.stderr
    assert blocked(started) == ["a.py"]


def test_a_configuration_that_is_not_staged_is_not(started: Repo) -> None:
    started.write("a.py", BAD)
    started.git("add", "a.py")
    started.write("gatekeeper.yml", LINT_OFF)

    assert blocked(started, "--staged") == ["a.py"]
    assert started.gatekeeper("check", *LINT).status == 2


def test_staged_waivers_count_and_others_do_not(started: Repo) -> None:
    started.write("a.py", BAD)
    started.git("add", "a.py")
    started.write(".gatekeeper/waivers.yml", WAIVER)

    assert blocked(started, "--staged") == ["a.py"]
    started.git("add", "-A")
    assert blocked(started, "--staged") == []


def test_before_the_first_commit_everything_staged_is_new(repo: Repo, cache: Path) -> None:
    repo.write("a.py", BAD)
    repo.git("add", "-A")

    assert blocked(repo, "--staged") == ["a.py"]


def test_staged_runs_the_quick_scanners_unless_told_otherwise(started: Repo) -> None:
    def stage(*arguments: str) -> str:
        return str(started.check(*LINT, *arguments).report["stage"])

    assert stage("--staged") == "hook"
    assert stage("--staged", "--stage", "ci") == "ci"
    assert stage() == "ci"


def test_paths_narrow_what_is_judged(repo: Repo, cache: Path) -> None:
    for path in ("src/a.py", "src/deep/b.py", "srcs/c.py", "d.py"):
        repo.write(path, BAD)
    repo.commit()

    assert blocked(repo, "src") == ["src/a.py", "src/deep/b.py"]
    assert blocked(repo, "src/") == ["src/a.py", "src/deep/b.py"]
    assert blocked(repo, "src/a.py", "d.py") == ["d.py", "src/a.py"]
    assert len(blocked(repo, ".")) == 4


def test_paths_are_relative_to_where_the_command_is_typed(repo: Repo, cache: Path) -> None:
    repo.write("src/a.py", BAD)
    repo.write("d.py", BAD)
    repo.commit()

    done = subprocess.run(
        [sys.executable, "-m", "gatekeeper", "check", *LINT, "."],
        cwd=repo.root / "src",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "src/a.py:1" in done.stdout
    assert "d.py" not in done.stdout


def test_from_a_folder_below_the_whole_repository_is_judged(repo: Repo, cache: Path) -> None:
    repo.write("src/a.py", GOOD)
    repo.write("d.py", BAD)
    repo.commit()

    below = Repo(repo.root / "src")

    assert blocked(below) == ["d.py"]


def test_a_path_through_a_symlink_out_of_the_repository_is_refused(
    started: Repo, tmp_path: Path
) -> None:
    (started.root / "out").symlink_to(tmp_path)

    result = started.gatekeeper("check", *LINT, "out")

    assert result.status == 2
    assert "outside the repository" in result.stderr


def test_a_configuration_from_outside_the_repository(started: Repo, tmp_path: Path) -> None:
    outside = tmp_path / "central.yml"
    outside.write_text("version: 1\ngates: {lint: {block_from: critical}}\n", encoding="utf-8")
    started.write("a.py", BAD)
    started.write("gatekeeper.yml", "version: 1\n")
    started.git("add", "-A")

    assert blocked(started) == ["a.py"]
    for mode in ((), ("--staged",)):
        assert blocked(started, "--config", str(outside), *mode) == []
        assert blocked(started, "--config", os.path.relpath(outside, started.root), *mode) == []


def test_a_mistake_in_a_configuration_from_outside_names_it(started: Repo, tmp_path: Path) -> None:
    outside = tmp_path / "central.yml"
    outside.write_text("version: 1\ngate: {}\n", encoding="utf-8")

    result = started.gatekeeper("check", "--config", str(outside))

    assert result.status == 2
    assert "central.yml:2" in result.stderr
    assert "gates" in result.stderr


def test_a_change_to_the_rules_it_is_judged_by_is_said(started: Repo) -> None:
    started.branch()
    started.commit(**{"gatekeeper.yml": "version: 1\n"})

    (note,) = started.check(*LINT).report["notes"]

    assert note == "this change edits what it is judged by: gatekeeper.yml"


def test_all_judges_what_was_there_before_too(started: Repo) -> None:
    started.commit(**{"old.py": BAD})
    started.branch()
    started.commit(**{"new.py": BAD})

    assert blocked(started) == ["new.py"]
    assert blocked(started, "--all") == ["new.py", "old.py"]
    assert blocked(started, "--base", "main~1") == ["new.py", "old.py"]

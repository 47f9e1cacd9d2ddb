"""`gatekeeper check --fix`: what it repairs, what it leaves alone, and what it says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.fakes.repo import Repo, Result

GATES = ("--gate", "lint", "--gate", "format")
UNTIDY = "import os\n\n\ndef first( a ):\n    return a\n\n\nLAST = 1\n"
TIDY = "def first(a):\n    return a\n\n\nLAST = 1\n"
# Nothing safe can be done about it.
STUCK = "def compare(a):\n    return a == None\n"


@pytest.fixture
def started(repo: Repo, cache: Path) -> Repo:
    """A repository with a first commit, and settings that leave only one kind of lint."""
    repo.commit(**{"ruff.toml": 'lint.select = ["F", "E711"]\n', "old.py": UNTIDY})
    return repo


def fix(repo: Repo, *arguments: str, env: dict[str, str] | None = None) -> Result:
    return repo.gatekeeper("check", "--fix", *GATES, *arguments, env=env)


def text(repo: Repo, path: str) -> str:
    return (repo.root / path).read_text(encoding="utf-8")


def test_the_working_tree_is_repaired_and_checked_again(started: Repo) -> None:
    started.write("new.py", UNTIDY).chmod(0o755)

    result = fix(started)

    assert result.status == 0, result.stdout + result.stderr
    assert text(started, "new.py") == TIDY
    assert os.access(started.root / "new.py", os.X_OK)
    assert "--- new.py\n+++ new.py, fixed\n@@ -1,7 +1,4 @@\n-import os\n" in result.stdout
    assert "fix: 1 file repaired by ruff, ruff-format; checked again:" in result.stdout
    assert "\nPASS  the working tree" in result.stdout
    assert started.git("diff", "--cached") == ""


def test_old_problems_are_left_alone_unless_everything_counts(started: Repo) -> None:
    started.write("new.py", TIDY)

    assert fix(started).status == 0
    assert text(started, "old.py") == UNTIDY

    assert fix(started, "--all").status == 0
    assert text(started, "old.py") == TIDY


def test_old_problems_of_other_rules_in_the_same_file_are_left_alone(started: Repo) -> None:
    started.commit(**{"old.py": "import os\n\nx = 1\n"})
    started.write("old.py", 'import os\n\nx = f"1"\n')

    assert fix(started).status == 0
    assert text(started, "old.py") == 'import os\n\nx = "1"\n'


def test_where_a_gate_is_off_nothing_is_repaired_for_it(started: Repo) -> None:
    started.write(
        "gatekeeper.yml",
        "version: 1\noverrides: [{paths: [new.py], gates: {format: {enabled: false}}}]\n",
    )
    started.write("new.py", UNTIDY)

    assert fix(started).status == 0
    assert text(started, "new.py") == UNTIDY.removeprefix("import os\n")


def test_only_paths_that_are_asked_for_are_repaired(started: Repo) -> None:
    started.write("one.py", UNTIDY)
    started.write("two.py", UNTIDY)

    assert fix(started, "one.py").status == 0
    assert (text(started, "one.py"), text(started, "two.py")) == (TIDY, UNTIDY)


def test_what_no_tool_repairs_still_blocks(started: Repo) -> None:
    started.write("new.py", STUCK)

    result = fix(started)

    assert result.status == 1
    assert "fix: nothing of this can be repaired safely by its tools" in result.stdout
    assert "new.py:2" in result.stdout
    assert text(started, "new.py") == STUCK


def test_unsafe_fixes_are_never_applied(started: Repo) -> None:
    started.commit(**{"ruff.toml": 'unsafe-fixes = true\nfix = true\nlint.select = ["E711"]\n'})
    started.write("new.py", STUCK)

    assert fix(started).status == 1
    assert text(started, "new.py") == STUCK


def test_a_report_for_machines_stays_one_document(started: Repo) -> None:
    started.write("new.py", UNTIDY)

    result = fix(started, "--format", "json")

    assert json.loads(result.stdout)["verdict"] == "pass"
    assert "-import os" in result.stderr


def test_line_endings_and_encodings_are_kept(started: Repo) -> None:
    before = b"# coding: latin-1\r\nimport os\r\n\r\nNAME = 'e'\r\n"
    started.write("new.py", before)

    assert fix(started).status == 0
    assert (started.root / "new.py").read_bytes() == b'# coding: latin-1\r\n\r\nNAME = "e"\r\n'


def test_links_are_not_followed(started: Repo, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text(UNTIDY)
    (started.root / "link.py").symlink_to(outside)
    started.write("new.py", UNTIDY)

    assert fix(started).status == 0
    assert outside.read_text() == UNTIDY
    assert (started.root / "link.py").is_symlink()


def test_a_secret_is_not_shown_in_the_difference(started: Repo) -> None:
    token = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    started.write("new.py", f"import os\n\nTOKEN = '{token}'\n")

    result = fix(started, "--gate", "secrets")

    assert token not in result.stdout + result.stderr
    assert f'TOKEN = "{token}"' in text(started, "new.py")


def test_staged_content_is_repaired_where_it_is(started: Repo) -> None:
    started.write("new.py", UNTIDY)
    started.git("add", "new.py")

    result = fix(started, "--staged")

    assert result.status == 0, result.stdout + result.stderr
    assert "repaired by ruff, ruff-format and staged" in result.stdout
    assert started.git("show", ":new.py") == TIDY.strip()
    assert started.git("status", "--porcelain") == "A  new.py"


def test_what_is_not_staged_is_never_touched(started: Repo) -> None:
    started.write("new.py", UNTIDY)
    started.git("add", "new.py")
    started.write("new.py", UNTIDY + "\n\ndef mine( b ):\n    return   b\n")
    started.write("untracked.py", UNTIDY)
    started.write("old.py", UNTIDY + "x = 1;\n")

    assert fix(started, "--staged").status == 0

    assert started.git("show", ":new.py") == TIDY.strip()
    assert text(started, "new.py") == TIDY + "\n\ndef mine( b ):\n    return   b\n"
    assert text(started, "untracked.py") == UNTIDY
    assert text(started, "old.py") == UNTIDY + "x = 1;\n"
    assert started.git("diff", "--cached", "--name-only") == "new.py"


def test_a_fix_that_unstaged_work_does_not_agree_with_stays_out_of_it(started: Repo) -> None:
    """Nothing staged uses the import; what is still being written does."""
    started.write("new.py", "import os\n\nHERE = 1\n")
    started.git("add", "new.py")
    mine = "import os\n\nHERE = 1\nA = 1\nB = 2\nC = 3\nTHERE = os.sep\n"
    started.write("new.py", mine)

    result = fix(started, "--staged")

    assert result.status == 0
    assert (
        "in the working tree new.py has changes that are not staged and do not go" in result.stdout
    )
    assert started.git("show", ":new.py") == "HERE = 1"  # and no blank line above
    assert text(started, "new.py") == mine


def test_unstaged_changes_in_the_same_place_stay(started: Repo) -> None:
    started.write("new.py", "VALUE = f( 1 )\n\n\ndef f(a):\n    return a\n")
    started.git("add", "new.py")
    mine = "VALUE = f( 2 )\n\n\ndef f(a):\n    return a\n"
    started.write("new.py", mine)

    result = fix(started, "--staged")

    assert "has changes that are not staged in the same place" in result.stdout
    assert "VALUE = f(1)" in started.git("show", ":new.py")
    assert text(started, "new.py") == mine


def test_what_is_only_intended_to_be_added_is_not_staged_by_a_fix(started: Repo) -> None:
    started.write("new.py", UNTIDY)
    started.git("add", "--intent-to-add", "new.py")

    result = fix(started, "--staged")

    assert result.status == 0
    assert "0 changed files" in result.stdout
    assert text(started, "new.py") == UNTIDY
    assert started.git("diff", "--cached", "--ita-invisible-in-index", "--name-only") == ""


def test_a_fix_that_takes_back_all_of_the_change_says_so(started: Repo) -> None:
    started.commit(**{"a.py": "x = 1\n"})
    started.write("a.py", "import os\n\nx = 1\n")
    started.git("add", "a.py")

    result = fix(started, "--staged")

    assert result.status == 1
    assert "nothing is staged any more" in result.stdout


def test_under_a_runner_of_hooks_only_the_working_tree_is_repaired(started: Repo) -> None:
    started.write("new.py", UNTIDY)
    started.git("add", "new.py")

    result = fix(started, "--staged", env={"PRE_COMMIT": "1"})

    assert result.status == 1
    assert "not staged: look, `git add`, and commit again" in result.stdout
    assert "\nPASS  staged changes" in result.stdout
    assert text(started, "new.py") == TIDY
    assert started.git("show", ":new.py") == UNTIDY.strip()


@pytest.mark.parametrize("more", [("--head", "HEAD"), ("--plan",), ("--shard", "1/2")])
def test_it_does_not_go_with_what_has_no_files_to_repair(
    started: Repo, more: tuple[str, ...]
) -> None:
    result = fix(started, *more)

    assert result.status == 2
    assert "--fix repairs files" in result.stderr


def test_a_commit_is_judged_by_its_own_settings_whatever_lies_around(started: Repo) -> None:
    started.branch()
    bad = started.commit(**{"new.py": UNTIDY})
    started.commit(**{"new.py": TIDY, "ruff.toml": "lint.select = []\n"})
    started.write("new.py", "x = = 1\n")

    before = started.check(*GATES, "--head", bad)
    after = started.check(*GATES, "--head", "feature")

    assert before.status == 1
    assert {it["rule"] for it in before.findings("new")} == {"F401", "unformatted"}
    assert (after.status, after.findings("new")) == (0, [])
    assert before.report["comparison"]["head"] == bad[:12]


def test_a_merge_is_judged_as_what_it_adds_to_both_sides(started: Repo) -> None:
    started.branch("other")
    started.commit(**{"theirs.py": UNTIDY, "both.py": "x = 1\n"})
    started.git("checkout", "-q", "main")
    started.commit(**{"both.py": "x = 2\n"})
    started.git("merge", "-q", "--no-commit", "other", check=False)
    started.write("both.py", "import os\n\nx = 3\n")
    started.git("add", "both.py")

    result = started.check(*GATES, "--staged")

    assert result.status == 1
    assert {it["path"] for it in result.findings()} == {"both.py"}
    assert "what is merged into it" in result.report["comparison"]["why"]

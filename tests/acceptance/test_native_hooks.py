"""Git's native hooks, met the way people meet them: committing, merging, rebasing, pushing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gatekeeper.adapters.hooks import OWN
from tests.fakes.repo import Repo, Result

HOOKS = Path(__file__).parents[2] / "hooks"
UNTIDY = "import os\n\nx = 1\n"
TIDY = "x = 1\n"
POLICY = """\
version: 1
preset: standard
gates:
  commits: {enabled: true}
  sast: {enabled: false}
  secrets: {enabled: false}
  types: {enabled: false}
"""
RUFF = 'lint.select = ["F"]\n'


@pytest.fixture
def hooked(repo: Repo, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository with a commit and the hooks; gatekeeper is on PATH and nowhere else."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    repo.commit("chore: begin", **{"gatekeeper.yml": POLICY, "ruff.toml": RUFF, "a.py": TIDY})
    assert repo.gatekeeper("hooks", "install").status == 0
    return repo


def git(repo: Repo, *arguments: str, env: dict[str, str] | None = None) -> Result:
    """A git command that may well be refused."""
    done = subprocess.run(
        ["git", *arguments], cwd=repo.root, env={**os.environ, **(env or {})},
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    return Result(done.returncode, done.stdout, done.stderr)


def said(result: Result) -> str:
    return result.stdout + result.stderr


def test_the_hooks_are_fit_for_any_shell() -> None:
    program = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run(
        [program, "--external-sources", "--shell=sh", *sorted(HOOKS.iterdir())],
        cwd=HOOKS.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout


def test_a_commit_with_a_problem_is_refused_and_one_without_goes_through(hooked: Repo) -> None:
    hooked.write("b.py", UNTIDY)
    hooked.git("add", "-A")

    refused = git(hooked, "commit", "-m", "feat: add b")
    hooked.write("b.py", TIDY)
    staged_still = git(hooked, "commit", "-m", "feat: add b")
    hooked.git("add", "-A")
    accepted = git(hooked, "commit", "-m", "feat: add b")

    assert refused.status != 0
    assert "ruff/F401" in said(refused)
    assert staged_still.status != 0
    assert accepted.status == 0, said(accepted)


@pytest.mark.slow
def test_commit_all_and_commit_of_a_path_are_judged_by_what_they_take(hooked: Repo) -> None:
    hooked.write("a.py", UNTIDY)
    assert git(hooked, "commit", "-am", "feat: change a").status != 0
    assert git(hooked, "commit", "-m", "feat: change a", "a.py").status != 0

    hooked.write("b.py", TIDY)
    hooked.git("add", "b.py")
    result = git(hooked, "commit", "-m", "feat: add b", "b.py")

    assert result.status == 0, said(result)
    assert hooked.git("show", "--name-only", "--format=") == "b.py"


@pytest.mark.slow
def test_fixes_are_staged_and_the_commit_goes_on(hooked: Repo) -> None:
    assert hooked.gatekeeper("hooks", "install", "--fix").status == 0
    hooked.write("b.py", UNTIDY)
    hooked.git("add", "b.py")
    hooked.write("b.py", UNTIDY + "\n\ndef mine( a ):\n    return a\n")

    partly = git(hooked, "commit", "-m", "feat: add b")
    hooked.write("c.py", TIDY)
    hooked.git("add", "c.py")
    hooked.write("c.py", UNTIDY.replace("1", "2"))
    everything = git(hooked, "commit", "-am", "feat: add c")

    assert partly.status == 0, said(partly)
    assert "-import os" in said(partly)
    assert hooked.git("show", "HEAD~1:b.py") == "x = 1"
    assert everything.status == 0, said(everything)
    assert "import" not in hooked.git("show", "HEAD:c.py")
    assert hooked.git("status", "--porcelain") == ""


def test_the_commit_of_a_path_is_fixed_in_the_working_tree_only(hooked: Repo) -> None:
    assert hooked.gatekeeper("hooks", "install", "--fix").status == 0
    hooked.write("a.py", UNTIDY.replace("1", "2"))

    refused = git(hooked, "commit", "-m", "feat: change a", "a.py")
    between = hooked.git("status", "--porcelain")
    accepted = git(hooked, "commit", "-m", "feat: change a", "a.py")

    assert refused.status != 0
    assert "commit again" in said(refused)
    assert between == "M a.py"  # the index is as it was
    assert accepted.status == 0, said(accepted)
    assert (hooked.git("show", "HEAD:a.py"), hooked.git("status", "--porcelain")) == ("x = 2", "")


def test_messages_are_judged_as_git_will_keep_them(hooked: Repo) -> None:
    commit = ("commit", "--allow-empty", "--quiet")

    wrong = git(hooked, *commit, "-m", "added things")
    assert wrong.status != 0
    assert "commits/header: the first line has no type and colon" in said(wrong)
    hooked.write("b.py", TIDY)
    hooked.git("add", "-A")
    assert git(hooked, *commit, "-m", "feat: add things").status == 0
    assert git(hooked, "revert", "--no-edit", "HEAD").status == 0
    assert git(hooked, *commit, "--fixup", "HEAD~1").status == 0
    # Only where an editor was open do lines that begin so go away.
    assert git(hooked, *commit, "-m", "# a comment\n\nfeat: add more").status != 0
    editor = {"GIT_EDITOR": "printf '# a comment\\n\\nfeat: add more\\n' >"}
    edited = git(hooked, *commit, env=editor)
    assert edited.status == 0, said(edited)
    assert git(hooked, *commit, "-m", "added", "--no-verify").status == 0


@pytest.mark.slow
def test_a_merge_brings_nothing_in_that_its_sides_had(hooked: Repo) -> None:
    hooked.branch("other")
    hooked.write("theirs.py", UNTIDY)
    hooked.write("a.py", "x = 2\n")
    hooked.git("add", "-A")
    hooked.git("commit", "-qm", "feat: theirs", "--no-verify")
    hooked.git("checkout", "-q", "main")
    hooked.git("commit", "-qnm", "feat: empty", "--allow-empty")
    clean = git(hooked, "merge", "--no-edit", "--no-ff", "other")
    hooked.git("reset", "-q", "--hard", "HEAD^")
    hooked.write("a.py", "x = 3\n")
    hooked.git("commit", "-qnam", "feat: ours")
    conflict = git(hooked, "merge", "other")
    hooked.write("a.py", "x = 4\n")
    hooked.git("add", "-A")
    resolved = git(hooked, "commit", "--no-edit")

    assert clean.status == 0, said(clean)
    assert conflict.status != 0
    assert resolved.status == 0, said(resolved)


@pytest.mark.slow
def test_a_commit_in_the_middle_of_a_rebase_is_judged(hooked: Repo) -> None:
    hooked.branch("topic")
    hooked.write("a.py", "x = 2\n")
    hooked.git("commit", "-qnam", "feat: topic")
    hooked.git("checkout", "-q", "main")
    hooked.write("a.py", "x = 3\n")
    hooked.git("commit", "-qnam", "feat: main")
    hooked.git("checkout", "-q", "topic")
    assert git(hooked, "rebase", "main").status != 0

    hooked.write("a.py", "import os\n\nx = 4\n")
    hooked.git("add", "-A")
    refused = git(hooked, "commit", "-m", "feat: topic")
    hooked.write("a.py", "x = 4\n")
    hooked.git("add", "-A")
    accepted = git(hooked, "commit", "-m", "feat: topic")

    assert refused.status != 0
    assert "ruff/F401" in said(refused)
    assert accepted.status == 0, said(accepted)
    assert git(hooked, "rebase", "--continue").status == 0


@pytest.mark.slow
def test_worktrees_and_submodules_have_the_hooks_they_should(hooked: Repo, tmp_path: Path) -> None:
    hooked.git("worktree", "add", "-q", str(tmp_path / "beside"), "-b", "beside")
    beside = Repo(tmp_path / "beside")
    beside.write("b.py", UNTIDY)
    beside.git("add", "-A")
    outer = Repo.create(tmp_path / "outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(hooked.root), "sub")
    inner = Repo(outer.root / "sub")

    assert git(beside, "commit", "-m", "feat: add b").status != 0
    assert inner.gatekeeper("hooks", "status").status == 1
    assert inner.gatekeeper("hooks", "install").status == 0
    inner.write("b.py", UNTIDY)
    inner.git("add", "-A")
    assert git(inner, "commit", "-m", "feat: add b").status != 0
    assert outer.gatekeeper("hooks", "status").status == 1


@pytest.fixture
def remote(hooked: Repo, tmp_path: Path) -> Path:
    """A bare repository that has `main`."""
    path = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
    hooked.git("remote", "add", "origin", str(path))
    first = git(hooked, "push", "-u", "origin", "main")
    assert first.status == 0, said(first)
    return path


@pytest.mark.slow
def test_a_push_is_judged_by_what_it_sends(hooked: Repo, remote: Path) -> None:
    hooked.branch("feature")
    hooked.write("b.py", UNTIDY)
    hooked.git("add", "-A")
    hooked.git("commit", "-qm", "feat: add b", "--no-verify")
    hooked.write("b.py", TIDY)  # the working tree is not what is pushed

    refused = git(hooked, "push", "origin", "feature")
    hooked.git("commit", "-qam", "fix: tidy b")
    hooked.write("b.py", UNTIDY)
    accepted = git(hooked, "push", "origin", "feature")
    hooked.git("checkout", "-q", "--", "b.py")
    hooked.git("commit", "-q", "--amend", "-m", "not conventional", "--no-verify")
    rewritten = git(hooked, "push", "--force", "origin", "feature")
    tag = git(hooked, "push", "origin", "origin/feature:refs/tags/v1", "main:copy")
    deleted = git(hooked, "push", "origin", "--delete", "feature")

    assert refused.status != 0
    assert "refs/heads/feature:" in said(refused)
    assert "ruff/F401" in said(refused)
    assert accepted.status == 0, said(accepted)
    assert "commits/header" in said(rewritten)
    assert rewritten.status != 0
    assert tag.status == 0, said(tag)
    assert "BLOCKED" not in said(tag)
    assert "gatekeeper" not in said(deleted)
    assert deleted.status == 0, said(deleted)


def test_hooks_that_were_there_go_on_being_run(repo: Repo, hooked: Repo) -> None:
    noted = repo.root / ".git" / "noted"
    for name in ("pre-commit", "commit-msg", "pre-push", "post-checkout"):
        hook = repo.write(f".git/hooks/{name}", f'#!/bin/sh\necho "{name} $*" >> "{noted}"\ncat\n')
        hook.chmod(0o755)
    installed = hooked.gatekeeper("hooks", "install")

    assert "passed on as they are: post-checkout" in installed.stdout
    assert git(hooked, "commit", "--allow-empty", "-m", "feat: nothing").status == 0
    hooked.branch("new")
    ran = [line.split()[0] for line in noted.read_text().splitlines()]
    assert ran == ["pre-commit", "commit-msg", "post-checkout"]
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\necho no >&2\nexit 3\n")
    refused = git(hooked, "commit", "--allow-empty", "-m", "feat: nothing")
    assert refused.status != 0
    assert "no\n" in said(refused)


def test_hooks_of_others_are_not_replaced_unasked_and_come_back(hooked: Repo) -> None:
    assert hooked.gatekeeper("hooks", "uninstall").stdout == "removed\n"
    assert hooked.git("config", "--get-regexp", "hookspath|gatekeeper", check=False) == ""
    theirs = hooked.write(".theirs/pre-commit", "#!/bin/sh\necho theirs >&2\n")
    theirs.chmod(0o755)
    hooked.git("config", "core.hooksPath", ".theirs")

    refused = hooked.gatekeeper("hooks", "install")
    assert refused.status == 2
    assert "core.hooksPath is .theirs" in refused.stderr
    assert "--chain" in refused.stderr
    assert hooked.git("config", "core.hooksPath") == ".theirs"

    assert hooked.gatekeeper("hooks", "install", "--chain").status == 0
    result = git(hooked, "commit", "--allow-empty", "-m", "nonsense")
    assert "theirs\n" in said(result)
    assert "commits/header" in said(result)
    assert hooked.gatekeeper("hooks", "install").status == 0, "refreshing asks nothing"
    assert hooked.gatekeeper("hooks", "uninstall").status == 0
    assert hooked.git("config", "core.hooksPath") == ".theirs"


def test_the_hooks_of_a_clone_work_without_being_installed(hooked: Repo) -> None:
    hooked.gatekeeper("hooks", "uninstall")
    hooked.git("config", "core.hooksPath", str(HOOKS))

    result = git(hooked, "commit", "--allow-empty", "-m", "nonsense")

    assert result.status != 0
    assert "commits/header" in said(result)
    assert "set by hand" in hooked.gatekeeper("hooks", "uninstall").stdout


def test_without_gatekeeper_nothing_is_committed_and_it_says_why(
    hooked: Repo, tmp_path: Path
) -> None:
    hooked.git("config", "--unset", "gatekeeper.program")
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("git", "sh", "dirname", "basename", "cat", "grep"):
        (folder / name).symlink_to(str(shutil.which(name)))
    bare = {"PATH": str(folder)}
    commit = ("commit", "--allow-empty", "-m", "nonsense")

    refused = git(hooked, *commit, env=bare)
    skipped = git(hooked, *commit, env={**bare, "GATEKEEPER_SKIP": "1"})

    assert refused.status != 0
    assert "cannot find gatekeeper, so nothing was checked" in said(refused)
    assert "GATEKEEPER_SKIP=1" in said(refused)
    assert skipped.status == 0
    assert "pre-commit was skipped (GATEKEEPER_SKIP); nothing was checked" in said(skipped)


def test_the_project_s_own_gatekeeper_goes_first(hooked: Repo) -> None:
    own = hooked.write(".venv/bin/gatekeeper", "#!/bin/sh\necho own: $* >&2\nexit 1\n")
    own.chmod(0o755)

    result = git(hooked, "commit", "--allow-empty", "-m", "nonsense")

    assert "own: hooks run pre-commit" in said(result)


def test_everything_that_is_shipped_is_installed(hooked: Repo) -> None:
    folder = Path(hooked.git("config", "core.hooksPath"))

    assert {it.name for it in folder.iterdir()} == {*OWN, "gatekeeper.sh"}
    assert {it.name for it in HOOKS.iterdir()} == {*OWN, "gatekeeper.sh", "other"}
    for hook in folder.iterdir():
        assert hook.read_bytes() == (HOOKS / hook.name).read_bytes()
        assert os.access(hook, os.X_OK)

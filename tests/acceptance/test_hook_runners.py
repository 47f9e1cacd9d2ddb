"""pre-commit and prek run the hooks of a clone: on what is staged, whatever the working tree says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.repo import Repo, Result

pytestmark = pytest.mark.slow
PROJECT = Path(__file__).parents[2]
UNTIDY = "import os\n\n\ndef first( a ):\n    return a\n\n\nMIDDLE = 1\nMORE = 2\nLAST = 3\n"
TIDY = UNTIDY.replace("import os\n\n\n", "").replace("( a )", "(a)")
MINE = "\n\ndef mine( b ):\n    return   b\n"
POLICY = """\
version: 1
gates:
  commits: {enabled: true}
  sast: {enabled: false}
  secrets: {enabled: false}
  types: {enabled: false}
"""


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of this project as it is now, with a tag."""
    shown = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, check=True,
    )  # fmt: skip
    root = tmp_path_factory.mktemp("clone")
    for name in shown.stdout.decode().split("\0"):
        if name and (PROJECT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes((PROJECT / name).read_bytes())
            (root / name).chmod((PROJECT / name).stat().st_mode)
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "one"], ["tag", "v1"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    return root


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where the runners keep what they install, so that they do it once."""
    return {
        "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")),
        "PREK_HOME": str(tmp_path_factory.mktemp("prek")),
    }


@pytest.fixture(params=["pre-commit", "prek"])
def runner(
    request: pytest.FixtureRequest, homes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> str:
    """The program; the folder of this Python stays off the PATH, so hooks must bring their own."""
    for name, value in homes.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    own = Path(sys.executable).parent
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
    path = [it for it in os.environ["PATH"].split(os.pathsep) if Path(it) != own]
    monkeypatch.setenv("PATH", os.pathsep.join(path))
    return str(own / str(request.param))


@pytest.fixture
def project(repo: Repo, cache: Path, clone: Path, runner: str) -> Repo:
    """A repository whose commits and pushes the runner checks with the clone's hooks."""
    configure(repo, clone)
    repo.write("gatekeeper.yml", POLICY)
    repo.commit("chore: begin", **{"ruff.toml": 'lint.select = ["F"]\n', "old.py": UNTIDY})
    types = [f"--hook-type={it}" for it in ("pre-commit", "commit-msg", "pre-push")]
    subprocess.run([runner, "install", *types], cwd=repo.root, capture_output=True, check=True)
    return repo


def configure(repo: Repo, clone: Path, *arguments: str) -> None:
    shown = ", ".join(arguments)
    repo.write(
        ".pre-commit-config.yaml",
        f"""\
repos:
  - repo: {clone}
    rev: v1
    hooks:
      - id: gatekeeper
        args: [{shown}]
      - id: gatekeeper-commit-msg
      - id: gatekeeper-full
""",
    )


def git(repo: Repo, *arguments: str) -> Result:
    done = subprocess.run(
        ["git", *arguments], cwd=repo.root, capture_output=True, check=False, text=True
    )
    return Result(done.returncode, done.stdout, done.stdout + done.stderr)


def text(repo: Repo, path: str) -> str:
    return (repo.root / path).read_text(encoding="utf-8")


def test_a_working_day(project: Repo, clone: Path, tmp_path: Path) -> None:
    """One story, since the runners take their time."""
    # What is staged has a problem, and what lies in the working tree has none.
    project.write("new.py", UNTIDY)
    project.git("add", "new.py")
    project.write("new.py", TIDY)
    refused = git(project, "commit", "-m", "feat: add new")
    assert refused.status != 0
    assert "ruff/F401" in refused.stderr
    assert "old.py" not in refused.stderr
    assert text(project, "new.py") == TIDY

    # The other way round.
    project.git("add", "new.py")
    project.write("new.py", UNTIDY)
    assert "commits/header" in git(project, "commit", "-m", "added it").stderr
    accepted = git(project, "commit", "-m", "feat: add new")
    assert accepted.status == 0, accepted.stderr
    assert text(project, "new.py") == UNTIDY
    project.git("checkout", "-q", "--", "new.py")

    # `commit -a` has an index of its own.
    project.write("new.py", UNTIDY)
    assert git(project, "commit", "-am", "feat: worse").status != 0
    project.git("checkout", "-q", "HEAD", "--", "new.py")

    # A push is judged by what it sends.
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "remote.git")], check=True)
    project.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    pushed = git(project, "push", "origin", "main")
    assert pushed.status == 0, pushed.stderr
    project.branch()
    project.write("pushed.py", UNTIDY)
    project.git("add", "-A")
    project.git("commit", "-q", "--no-verify", "-m", "feat: add pushed")
    project.write("pushed.py", TIDY)
    stopped = git(project, "push", "origin", "feature")
    assert stopped.status != 0
    assert "pushed.py:1" in stopped.stderr
    assert git(project, "push", "--no-verify", "origin", "feature").status == 0
    assert git(project, "push", "origin", "--delete", "feature").status == 0


def test_fixes_are_for_people_to_look_at(project: Repo, clone: Path) -> None:
    configure(project, clone, "--fix")
    project.git("add", "-A")
    project.git("commit", "-q", "--no-verify", "-m", "chore: fix")
    project.write("new.py", UNTIDY)
    project.git("add", "new.py")
    project.write("new.py", UNTIDY + MINE)

    first = git(project, "commit", "-m", "feat: add new")

    assert first.status != 0
    assert "files were modified by this hook" in first.stderr
    assert "-import os" in first.stderr
    assert project.git("show", ":new.py") == UNTIDY.strip()
    assert text(project, "new.py") == TIDY + MINE

    # A change that is not staged, in a line that the fix changes: the runner takes the fix back.
    project.write("new.py", UNTIDY.replace("( a )", "( a, b )"))
    second = git(project, "commit", "-m", "feat: add new")
    assert second.status != 0
    assert text(project, "new.py") == UNTIDY.replace("( a )", "( a, b )")
    assert project.git("show", ":new.py") == UNTIDY.strip()

    project.write("new.py", TIDY)
    project.git("add", "new.py")
    assert git(project, "commit", "-m", "feat: add new").status == 0


def test_all_files_judges_what_a_check_would(project: Repo, runner: str) -> None:
    project.branch()
    project.write("new.py", UNTIDY)
    project.git("add", "-A")
    project.git("commit", "-q", "--no-verify", "-m", "feat: add new")

    everything = subprocess.run(
        [runner, "run", "--all-files"],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    span = subprocess.run(
        [runner, "run", "--from-ref", "main", "--to-ref", "HEAD"],
        cwd=project.root, capture_output=True, text=True, check=False,
    )  # fmt: skip

    for done in (everything, span):
        assert done.returncode != 0
        assert "new.py:1" in done.stdout
        assert "old.py:" not in done.stdout

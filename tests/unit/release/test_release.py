"""Releasing: the version and the changelog have one source, and nothing half-done gets out."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from release.__main__ import main
from release.build import build_twice
from release.pins import NOTHING
from release.repository import Repository
from tests.fakes.repo import Repo

ROOT = Path(__file__).parents[3]
USE = "jobs:\n  gate:\n    steps:\n      - uses: org/gatekeeper{0}@{1} # v{2}\n"


@pytest.fixture
def project(repo: Repo) -> Repo:
    """What a release touches, on main, with three changes to tell."""
    repo.write("src/gatekeeper/version.py", 'VERSION = "1.1.0"\nREPOSITORY = "org/gatekeeper"\n')
    repo.write("docs/hooks.md", "    rev: v1.1.0\n  - rev: v0.4.0 # somebody else's\n")
    repo.write("changelog.d/README.md", "how to\n")
    repo.write("changelog.d/7.feature.md", "It sings.\n")
    repo.write("changelog.d/9.fix.md", "It is on key.\n")
    repo.write("changelog.d/7.feature.louder.md", "- also\n- loudly\n")
    repo.write(".github/workflows/gate.yml", USE.format("/actions/setup", NOTHING, "0.0.0"))
    repo.write("workflows/gatekeeper.yml", USE.format("", NOTHING, "0.0.0"))
    repo.write(
        "CHANGELOG.md", "# Changelog\n\n## 1.1.0 (2025-01-01)\n\n### Added\n\nA start. (#1)\n"
    )
    repo.commit("ready")
    return repo


def step(repo: Repo, *arguments: str) -> int:
    return main(arguments, repo.root)


def released(repo: Repo) -> str:
    """The commit of the code, once both commits of a release are there."""
    assert step(repo, "prepare", "1.2.0") == 0
    code = repo.commit("Version 1.2.0")
    assert step(repo, "pin") == 0
    repo.commit("Use 1.2.0")
    return code


def test_fragments_become_the_newest_section_and_are_gone(project: Repo) -> None:
    assert step(project, "prepare", "1.2.0") == 0

    assert (project.root / "CHANGELOG.md").read_text(encoding="utf-8") == (
        "# Changelog\n\n## 1.2.0 (2026-01-02)\n\n### Added\n\nIt sings. (#7)\n\n- also\n- loudly (#7)\n"
        "\n### Fixed\n\nIt is on key. (#9)\n"
        "\n## 1.1.0 (2025-01-01)\n\n### Added\n\nA start. (#1)\n"
    )
    assert [path.name for path in (project.root / "changelog.d").iterdir()] == ["README.md"]
    assert (project.root / "docs/hooks.md").read_text(encoding="utf-8") == (
        "    rev: v1.2.0\n  - rev: v0.4.0 # somebody else's\n"
    )
    assert 'VERSION = "1.2.0"\nREPOSITORY' in (
        project.root / "src/gatekeeper/version.py"
    ).read_text(encoding="utf-8")


def test_both_commits_make_a_release(project: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    code = released(project)
    capsys.readouterr()

    assert step(project, "check") == 0
    assert capsys.readouterr().out == "1.2.0\n"
    assert f"uses: org/gatekeeper@{code} # v1.2.0" in (
        project.root / "workflows/gatekeeper.yml"
    ).read_text(encoding="utf-8")
    notes = project.root / ".git" / "notes.md"
    assert step(project, "notes", str(notes)) == 0
    assert notes.read_text(encoding="utf-8").startswith("### Added\n\nIt sings.")
    assert "A start" not in notes.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda repo: repo.write("new.py", ""), "changes that are not committed"),
        (lambda repo: repo.commit(**{"changelog.d/8.fix.md": "x\n"}), "is in no version yet"),
        (lambda repo: repo.git("tag", "v1.2.0"), "what is released never changes"),
        (lambda repo: repo.git("tag", "v1.10.0"), "v1 would move back"),
        (lambda repo: repo.commit(**{"other.py": ""}), "other.py changed since"),
        (
            lambda repo: repo.commit(**{"workflows/gatekeeper.yml": USE.format("", NOTHING, "0.0.0")}),
            "use 2 versions",
        ),
        (
            lambda repo: repo.commit(**{"workflows/b.yml": "- uses: org/gatekeeper@v1\n"}),
            "without a commit",
        ),
        (
            lambda repo: repo.commit(
                **{"src/gatekeeper/version.py": 'VERSION = "1.3.0"\n'}
            ),
            "no section for 1.3.0",
        ),
    ],
)  # fmt: skip
def test_nothing_half_done_gets_out(
    project: Repo, capsys: pytest.CaptureFixture[str], spoil: object, said: str
) -> None:
    released(project)
    assert callable(spoil)
    spoil(project)

    assert step(project, "check") == 1
    assert said in capsys.readouterr().err


def test_a_commit_of_another_history_is_not_ours(
    project: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    code = released(project)
    project.git("checkout", "-q", "-b", "fork", code)
    foreign = project.commit("foreign", **{"evil.py": ""})
    project.git("checkout", "-q", "main")
    for path in (".github/workflows/gate.yml", "workflows/gatekeeper.yml"):
        text = (project.root / path).read_text(encoding="utf-8")
        project.write(path, text.replace(code, foreign))
    project.commit("swapped")

    assert step(project, "check") == 1
    assert "no part of this history" in capsys.readouterr().err


@pytest.mark.parametrize("version", ["1.0.9", "1.2", "v1.2.0", "1.2.0rc1", "01.2.0", "1.2.0\n"])
def test_versions_that_are_none_or_go_back(project: Repo, version: str) -> None:
    assert step(project, "prepare", version) == 1
    assert project.git("status", "--porcelain") == ""


@pytest.mark.parametrize("name", ["7.feature", "x.fix.md", "7.bug.md", "7.fix.A B.md"])
def test_a_fragment_with_another_name_is_not_overlooked(project: Repo, name: str) -> None:
    project.write(f"changelog.d/{name}", "something\n")

    assert step(project, "prepare", "1.2.0") == 1


def test_wrong_usage(project: Repo) -> None:
    assert [step(project), step(project, "publish"), step(project, "check", "x")] == [2, 2, 2]


def test_the_fragments_of_this_project_have_the_right_names() -> None:
    """Right after a release there are none."""
    from release.changelog import fragments

    lying = {it.name for it in (ROOT / "changelog.d").iterdir()} - {"README.md"}
    assert {it.name for it in fragments(ROOT)} == lying


def test_what_builds_is_what_is_locked() -> None:
    done = subprocess.run(
        [
            Path(sys.executable).with_name("uv"), "export", "--quiet", "--no-config", "--frozen",
            "--only-group", "release", "--no-emit-project", "--no-header",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip

    assert (ROOT / "release/requirements.txt").read_text(encoding="utf-8") == done.stdout


@pytest.mark.slow
def test_two_builds_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    repository = Repository(ROOT)

    wheel, source = build_twice(repository, tmp_path / "dist")

    assert wheel.suffix == ".whl"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        origin = json.loads(archive.read("gatekeeper/origin.json"))
    assert origin == {"commit": repository.head(), "released": True}
    assert {"gatekeeper/cli/check.py", "gatekeeper/starters/gatekeeper.yml"} <= names
    assert not [name for name in names if name.endswith(".pth")]
    with tarfile.open(source) as archive_:
        assert any(name.endswith("/src/gatekeeper/origin.json") for name in archive_.getnames())

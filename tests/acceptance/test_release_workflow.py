"""The release, by act: from two commits on main to a tag that moves, and what stops it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from gatekeeper.version import VERSION
from release.__main__ import main
from tests.fakes.act import ROOT, Act
from tests.fakes.repo import Repo

NEXT = f"{int(VERSION.partition('.')[0]) + 1}.0.0"
MAJOR, TAG = f"v{NEXT.partition('.')[0]}", f"v{NEXT}"
WHAT = f"gatekeeper_ci-{NEXT}-py3-none-any.whl", f"gatekeeper_ci-{NEXT}.tar.gz"
WORKFLOW = ".github/workflows/release.yml"
PROGRAMS = ROOT / "tests" / "data" / "release"


@pytest.fixture
def ready(tmp_path: Path) -> Repo:
    """This working tree as a repository, with both commits of a release on main."""
    repo = Repo.create(tmp_path / "gatekeeper")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if not name.startswith("tests/") and (ROOT / name).is_file():
            path = repo.write(name, (ROOT / name).read_bytes())
            path.chmod((ROOT / name).stat().st_mode)
    repo.write("changelog.d/1.fix.md", "Something to release.\n")
    repo.commit("ready")
    assert main(("prepare", NEXT), repo.root) == 0
    repo.commit(f"Version {NEXT}")
    assert main(("pin",), repo.root) == 0
    repo.commit(f"Use {NEXT}")
    return repo


def github(folder: Path, tags: Mapping[str, str], *, immutable: bool = True) -> Path:
    """What GitHub has before."""
    path = folder / "github.json"
    state = {"tags": dict(tags), "releases": {}, "immutable": immutable, "calls": []}
    path.write_text(json.dumps(state), encoding="utf-8")
    return path


def said(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_from_two_commits_to_a_tag_that_moves(ready: Repo, act: Act, tmp_path: Path) -> None:
    head = ready.git("rev-parse", "HEAD")
    state = github(tmp_path, {MAJOR: "1" * 40})
    act.path = f"{PROGRAMS}{os.pathsep}{act.path}"
    act.checkout = ready.root

    ran = act(ready, "workflow_dispatch", env={"GH_STATE": str(state)}, workflow=WORKFLOW)

    assert ran.status == 0, ran.log
    assert [ran.result(it) for it in ("build", "attest", "publish", "release")] == ["success"] * 4
    assert said(state)["tags"] == {TAG: head, MAJOR: head}
    assert said(state)["releases"] == {TAG: sorted(WHAT)}
    assert said(state)["notes"].strip()
    built = {it: (act.store / "artifacts/dist" / it).read_bytes() for it in WHAT}
    for folder in ("attested", "published"):
        assert {it.name: it.read_bytes() for it in (act.store / folder).iterdir()} == built


def scripts(job: str) -> list[tuple[str, str]]:
    """Name and text of what a job of the workflow has a shell do."""
    steps = yaml.safe_load((ROOT / WORKFLOW).read_bytes())["jobs"][job]["steps"]
    return [(step["name"], step["run"]) for step in steps if "run" in step]


def run(job: str, folder: Path, state: Path, digests: bytes = b"") -> tuple[str, str]:
    """Do a job's scripts as a runner would; the name of the one that failed, and what it said."""
    environ = {
        "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}", "GH_STATE": str(state),
        "GH_TOKEN": "t", "GH_REPO": "org/gatekeeper", "COMMIT": "c" * 40, "VERSION": NEXT,
        "RUNNER_TEMP": str(folder), "DIGESTS": base64.b64encode(digests).decode(),
    }  # fmt: skip
    for name, text in scripts(job):
        done = subprocess.run(
            ["bash", "-e", "-c", text], cwd=folder, env=environ, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if done.returncode:
            return name, done.stdout + done.stderr
    return "", ""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Where the jobs after the build find what it handed over."""
    folder = tmp_path / "workspace"
    for name, text in (
        ("dist/a.whl", "wheel"),
        ("dist/a.tar.gz", "source"),
        ("notes/notes.md", "new"),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def digests(workspace: Path) -> bytes:
    """What the build says about it."""
    argv = ["bash", "-c", "sha256sum -- *"]
    return subprocess.run(argv, cwd=workspace / "dist", capture_output=True, check=True).stdout


def test_a_first_release_makes_both_tags(workspace: Path, tmp_path: Path) -> None:
    state = github(tmp_path, {})

    assert run("release", workspace, state, digests(workspace)) == ("", "")

    assert said(state)["tags"] == {TAG: "c" * 40, MAJOR: "c" * 40}
    assert said(state)["releases"] == {TAG: ["a.tar.gz", "a.whl"]}


def test_a_tag_that_somebody_made_meanwhile_is_not_released(
    workspace: Path, tmp_path: Path
) -> None:
    """Reviewers may take days; the tag of the version would be there, at a commit of another."""
    state = github(tmp_path, {TAG: "6" * 40, MAJOR: "1" * 40})

    failed, why = run("release", workspace, state, digests(workspace))

    assert failed == "Make the tag, unless there is one"
    assert "already exists" in why
    assert said(state)["tags"] == {TAG: "6" * 40, MAJOR: "1" * 40}
    assert said(state)["releases"] == {}


def test_where_releases_can_be_changed_the_major_version_does_not_move(
    workspace: Path, tmp_path: Path
) -> None:
    state = github(tmp_path, {MAJOR: "1" * 40}, immutable=False)

    failed, why = run("release", workspace, state, digests(workspace))

    assert failed == "Nobody can change it any more"
    assert "::error::" in why
    assert said(state)["tags"][MAJOR] == "1" * 40


@pytest.mark.parametrize("job", ["attest", "publish", "release"])
@pytest.mark.parametrize("name", ["a.whl", "another.whl"])
def test_what_changed_on_the_way_gets_nowhere(
    workspace: Path, tmp_path: Path, job: str, name: str
) -> None:
    state = github(tmp_path, {})
    built = digests(workspace)
    (workspace / "dist" / name).write_text("something else", encoding="utf-8")

    failed, _ = run(job, workspace, state, built)

    assert failed == "These are the ones that were built"
    assert said(state)["calls"] == []


def test_rights_are_with_the_jobs_that_need_them_and_run_nothing_of_ours() -> None:
    """Who may write, or speak for this repository, runs no code but what stands in the workflow."""
    jobs = yaml.safe_load((ROOT / WORKFLOW).read_bytes())["jobs"]
    rights = {name: {it for it, level in job["permissions"].items() if level == "write"}
              for name, job in jobs.items()}  # fmt: skip

    assert rights == {
        "build": set(), "attest": {"id-token", "attestations"}, "publish": {"id-token"},
        "release": {"contents"},
    }  # fmt: skip
    for name in ("attest", "publish", "release"):
        uses = {step.get("uses", "").partition("@")[0] for step in jobs[name]["steps"]}
        assert "actions/checkout" not in uses
        assert not [it for it in jobs[name]["steps"] if "python" in it.get("run", "")]
    assert jobs["build"]["if"] == "github.ref == 'refs/heads/main'"
    assert jobs["publish"]["environment"]["name"] == "pypi"
    assert jobs["release"]["environment"]["name"] == "release"
    assert [job.get("needs", []) for job in jobs.values()] == [
        [], ["build"], ["build", "attest"], ["build", "publish"],
    ]  # fmt: skip

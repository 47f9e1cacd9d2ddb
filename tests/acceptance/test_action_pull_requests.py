"""The life of pull requests under act: from problems to a fix, by jobs that race, and from a fork."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from tests.fakes.act import ROOT, Act, Ran
from tests.fakes.archives import NAME, archive, bomb, told
from tests.fakes.github.hub import Hub
from tests.fakes.github.routes_runs import add_artifact, add_run
from tests.fakes.github.telling import only
from tests.fakes.reports import full_of
from tests.unit.reports.test_comment import assert_harmless

pytestmark = pytest.mark.slow
STARTERS = ROOT / "workflows"
BAD = "import os\n\nVALUE = 1\n"  # an unused import
GOOD = "VALUE = 1\n"
FORK = "mallory/app"
ONLY_LINT = "gates:\n" + "".join(
    f"  {gate}: {{enabled: false}}\n"
    for gate in (
        "format",
        "types",
        "tests",
        "coverage",
        "sast",
        "secrets",
        "workflows",
        "dependencies",
    )
)
LEGS = """\
name: gate
on: pull_request
jobs:
  gate:
    strategy:
      matrix:
        leg: [one, two]
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          fetch-depth: 0
          persist-credentials: false
      - id: gate
        continue-on-error: true
        uses: org/gatekeeper@v1
        with:
          gate: lint
          suggest: true
          cache: "off"
      - id: told
        uses: org/gatekeeper/actions/comment@v1
        with:
          fail: true
          name: ${{ matrix.leg }}
          to: |
            comment
            review
            check
"""


def begin(github: Hub, act: Act, *starters: str, **files: str) -> dict[str, str]:
    """The default branch with its workflows, and what the runner has in its environment."""
    for name in starters:
        target = github.repo.root / ".github" / "workflows" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(STARTERS / name, target)
    github.repo.commit("workflows", **files)
    github.state.push(github.repo, "main")
    github.repo.git("remote", "add", "origin", "https://github.com/octo/app.git")
    act.token = github.state.token("ghs_job")
    return {"GITHUB_API_URL": github.fake.api, "GITHUB_REPOSITORY": "octo/app"}


def event(github: Hub, number: int, fork: str = "octo/app") -> dict[str, Any]:
    """As GitHub tells of the pull request when it is opened or pushed to."""
    head = github.repo.git("rev-parse", "HEAD")
    return {
        "number": number,
        "pull_request": {
            "number": number,
            "user": {"login": "mallory"},
            "head": {"sha": head, "ref": "feature", "repo": {"full_name": fork}},
            "base": {
                "sha": github.state.commit_of("main"), "ref": "main",
                "repo": {"full_name": "octo/app"},
            },
        },
    }  # fmt: skip


def test_two_jobs_that_race_tell_of_problems_and_then_of_the_fix(github: Hub, act: Act) -> None:
    env = begin(github, act, **{".github/workflows/gate.yml": LEGS})
    number = github.pull({"a.py": BAD})
    act.install(github.repo)

    ran = act(github.repo, "pull_request", event(github, number), env)

    assert ran.status == 0, ran.output[-3_000:]
    (comment,) = github.state.on(number)
    text = only(github, number)
    assert text.startswith("### ⛔ gatekeeper: 2 of 2 do not pass"), text
    (thread,) = github.state.threads_on(number)
    assert "```suggestion" in thread.comments[0].body
    assert "`os` imported but unused" in ran.summary, "of each leg, for whoever looks at the run"
    red = {it["name"]: it["conclusion"] for it in github.state.checks.values()}
    assert red == {"gatekeeper (one)": "failure", "gatekeeper (two)": "failure"}

    github.push({"a.py": GOOD})
    ran = act(github.repo, "pull_request", event(github, number), env)

    assert ran.status == 0, ran.output[-3_000:]
    assert [it.id for it in github.state.on(number)] == [comment.id], (
        "the same comment, and no other"
    )
    assert only(github, number).startswith("### ✅ gatekeeper: all 2 pass")
    assert github.state.threads_on(number) == []
    head = github.repo.git("rev-parse", "HEAD")
    green = {
        it["name"]: it["conclusion"]
        for it in github.state.checks.values()
        if it["head_sha"] == head
    }
    assert green == {"gatekeeper (one)": "success", "gatekeeper (two)": "success"}


def second_stage(
    github: Hub, act: Act, env: dict[str, str], kept: bytes, claims: tuple[int, ...] = ()
) -> Ran:
    """What GitHub does when the fork's run has ended: the default branch's workflow begins.

    `claims` are numbers that the event names, as a run may say what it likes.
    """
    head = github.state.commit_of("feature")
    run = add_run(
        github.fake, head, fork=FORK, path=".github/workflows/gatekeeper-pull-requests.yml"
    )
    add_artifact(github.fake, run, "gatekeeper-reports", kept)
    github.repo.git("checkout", "-q", "main")
    payload = {
        "action": "completed",
        "workflow_run": {
            "id": run, "event": "pull_request", "head_sha": head, "head_branch": "feature",
            "head_repository": {"full_name": FORK}, "name": "gatekeeper",
            "conclusion": "failure", "pull_requests": [{"number": it} for it in claims],
        },
    }  # fmt: skip
    return act(github.repo, "workflow_run", payload, env)


def test_a_forks_pull_request_is_told_by_the_second_workflow(github: Hub, act: Act) -> None:
    """With the starters as they are shipped."""
    both = ("gatekeeper-pull-requests.yml", "gatekeeper-forks.yml")
    env = begin(github, act, *both, **{"gatekeeper.yml": ONLY_LINT})
    github.repo.git("checkout", "-q", "-b", "feature")
    github.repo.commit("change", **{"a.py": BAD})
    github.state.push(github.repo, "feature")
    number = github.state.open_pull("feature", fork=FORK)
    act.install(github.repo)

    first = act(github.repo, "pull_request", event(github, number, FORK), env)

    assert (first.result("gatekeeper"), first.result("comment")) == ("failure", "")
    assert github.fake.log == [], "the run of the fork asks and writes nothing"
    folder = act.artifacts / "gatekeeper-reports"
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip
    assert "gatekeeper.json" in files

    second = second_stage(github, act, env, archive(files))

    assert second.result("comment") == "success", second.output[-3_000:]
    assert not second.annotations()
    text = only(github, number)
    assert text.startswith("⛔ **gatekeeper: blocked** — 1 problem to solve"), text
    assert "<sub>Reported by untrusted code.</sub>" in text
    (thread,) = github.state.threads_on(number)
    assert (thread.path, thread.line) == ("a.py", 1)

    evil = {"../../.github/workflows/x.yml": b"on: push", **files}
    third = second_stage(github, act, env, archive(evil))

    assert third.result("comment") == "success", third.output[-3_000:]
    (warning,) = third.annotations()
    assert "gatekeeper writes no file with the name" in warning["text"]
    assert only(github, number).startswith("⚠️ **gatekeeper: inconclusive**")

    victim = github.state.open_pull("main", author=github.state.person("ann"))
    script = "<script>alert(1)</script> ![x](https://evil.example/x.png) @octo/all"
    fourth = second_stage(github, act, env, archive({NAME: told(full_of(script))}), (victim,))

    assert fourth.result("comment") == "success", fourth.output[-3_000:]
    assert github.state.on(victim) == [], "whose number it is said to be"
    text = only(github, number)
    assert text.startswith("⛔ **gatekeeper: blocked**")
    assert_harmless(text.replace("https://github.com/octo/app/", "https://docs.x/"))

    fifth = second_stage(github, act, env, bomb())

    assert fifth.result("comment") == "success", fifth.output[-3_000:]
    assert "its reports have more than 16 MiB" in fifth.annotations()[0]["text"]
    assert only(github, number).startswith("⚠️ **gatekeeper: inconclusive**")
    assert not github.repo.git("status", "--porcelain")

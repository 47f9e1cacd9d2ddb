"""actions/comment for real: act runs the workflow, and the fake GitHub is told what was found."""

from __future__ import annotations

import pytest

from tests.fakes.act import Act
from tests.fakes.github.hub import Hub
from tests.fakes.github.telling import only

pytestmark = pytest.mark.slow
WORKFLOW = """\
name: gate
on: pull_request
jobs:
  gatekeeper:
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
      - id: told
        uses: org/gatekeeper/actions/comment@v1
        with:
          to: |
            comment
            review
            check
          token: ghs_job
"""


def test_a_pull_request_is_judged_and_told(github: Hub, act: Act) -> None:
    github.repo.write(".github/workflows/gate.yml", WORKFLOW)
    github.repo.commit("workflow")
    github.state.push(github.repo, "main")
    github.repo.git("remote", "add", "origin", "https://github.com/octo/app.git")
    number = github.pull({"a.py": "import os\n\nx = 1\n"})
    github.state.token("ghs_job")
    head = github.repo.git("rev-parse", "HEAD")
    payload = {
        "number": number,
        "pull_request": {
            "number": number,
            "head": {"sha": head, "ref": "feature", "repo": {"full_name": "octo/app"}},
            "base": {
                "sha": github.state.commit_of("main"), "ref": "main",
                "repo": {"full_name": "octo/app"},
            },
        },
    }  # fmt: skip
    env = {"GITHUB_API_URL": github.fake.api, "GITHUB_REPOSITORY": "octo/app"}
    act.install(github.repo)

    ran = act(github.repo, "pull_request", payload, env)

    assert ran.outputs("told") == {"status": "0"}, ran.output[-3_000:]
    assert ran.outputs("gate")["verdict"] == "block"
    assert only(github, number).startswith("⛔ **gatekeeper: blocked** — 1 problem to solve")
    (thread,) = github.state.threads_on(number)
    assert "```suggestion" in thread.comments[0].body
    (check,) = github.state.checks.values()
    assert (check["conclusion"], check["head_sha"]) == ("failure", head)

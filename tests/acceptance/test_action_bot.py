"""actions/bot and its starter for real: act runs the workflow that a comment starts."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from tests.fakes.act import ROOT, Act
from tests.fakes.github.commenting import answers, kept
from tests.fakes.github.hub import Hub
from tests.fakes.github.state import Remark

pytestmark = pytest.mark.slow
BAD = "import os\n\nVALUE = 1\n"


def event(it: Remark, **more: Any) -> dict[str, Any]:
    """As GitHub tells of a comment."""
    return {
        "action": "created",
        "issue": {"number": it.number, "state": "open", "pull_request": {"url": "x"}},
        "comment": {"id": it.id, "body": it.body, "user": {"login": it.author.login}},
        **more,
    }


def test_comments_with_and_without_the_right_start_the_workflow(github: Hub, act: Act) -> None:
    target = github.repo.root / ".github/workflows/gatekeeper-bot.yml"
    target.parent.mkdir(parents=True)
    shutil.copy2(ROOT / "workflows/gatekeeper-bot.yml", target)
    github.repo.commit("workflow")
    github.state.push(github.repo, "main")
    github.repo.git("remote", "add", "origin", "https://github.com/octo/app.git")
    github.pull({"new.py": BAD})
    github.repo.git("checkout", "-q", "main")
    github.state.person("ann", permission="write")
    act.token = github.state.token("ghs_job")
    env = {"GITHUB_API_URL": github.fake.api, "GITHUB_REPOSITORY": "octo/app"}
    run = kept(github)
    act.install(github.repo)

    stranger = github.state.remark(1, "/gatekeeper rerun", github.state.person("mallory"))
    ran = act(github.repo, "issue_comment", event(stranger), env)
    assert ran.result("bot") == "success", ran.output[-3_000:]
    assert github.state.reruns == []
    assert "`mallory` has `read`" in answers(github)[0]

    rerun = github.state.remark(1, "/gatekeeper rerun", github.state.people["ann"])
    ran = act(github.repo, "issue_comment", event(rerun), env)
    assert ran.result("bot") == "success", ran.output[-3_000:]
    assert github.state.reruns == [run]

    fix = github.state.remark(1, "/gatekeeper fix", github.state.people["ann"])
    ran = act(github.repo, "issue_comment", event(fix), env)
    assert ran.result("bot") == "success", ran.output[-3_000:]
    assert github.state.git("show", "feature:new.py") == "VALUE = 1\n"
    assert [it[1] for it in fix.reactions] == ["rocket"]
    assert not github.repo.git("status", "--porcelain"), "nothing of the change was checked out"

    ordinary = github.state.remark(1, "Looks good.", github.state.people["ann"])
    ran = act(github.repo, "issue_comment", event(ordinary), env)
    assert ran.result("bot") == "", "no job, so no minutes"
    assert ordinary.reactions == []

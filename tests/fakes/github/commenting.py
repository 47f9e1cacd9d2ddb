"""People who comment on a pull request, and the bot that hears of it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.cli.main import run as gatekeeper
from tests.fakes.archives import NAME, archive, told
from tests.fakes.github.hub import Hub
from tests.fakes.github.routes_runs import add_artifact, add_run
from tests.fakes.github.state import Remark
from tests.fakes.github.telling import problem
from tests.fakes.reports import report

DAY = (date.today() + timedelta(days=60)).isoformat()
PROBLEM = problem(message="`os` imported but unused")
MARK = PROBLEM.finding.fingerprint
WAIVE = f"/gatekeeper waive {MARK[:12]} until {DAY} because the next release needs it"
BY_COMMIT = "pull_requests: {commands: {waive_by: commit}}\n"
Begin = Callable[..., Hub]


def beginning(github: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Begin:
    """A pull request of octocat's; the working copy is at the default branch, as in the workflow."""

    def made(change: dict[str, str] | None = None, fork: str = "", **trusted: str) -> Hub:
        github.repo.commit("begin", **{"a.py": "VALUE = 1\n", **trusted})
        github.state.push(github.repo, "main")
        github.repo.git("checkout", "-q", "-b", "feature")
        github.repo.commit("change", **(change or {"a.py": "import os\n\nVALUE = 1\n"}))
        github.state.push(github.repo, "feature")
        github.state.open_pull("feature", fork=fork)
        github.repo.git("checkout", "-q", "main")
        github.state.person("ann", permission="write")
        monkeypatch.chdir(github.repo.root)
        event = tmp_path / "event.json"
        for name, value in {
            "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "issue_comment",
            "GITHUB_API_URL": github.fake.api, "GITHUB_REPOSITORY": "octo/app",
            "GITHUB_SHA": github.state.commit_of("main"), "GITHUB_REF": "refs/heads/main",
            "GITHUB_RUN_ID": "99", "GITHUB_EVENT_PATH": str(event),
            "GITHUB_TOKEN": github.state.token("ghs_bot"),
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        for name in ("GH_TOKEN", "GATEKEEPER_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        return github

    return made


def say(hub: Hub, body: str, who: str = "ann", **event: Any) -> Remark:
    """Somebody's comment, and the event that GitHub makes of it."""
    it = hub.state.remark(1, body, hub.state.person(who))
    heard(it, **event)
    return it


def heard(it: Remark, **event: Any) -> None:
    payload = {"action": "created", "comment": {"id": it.id, "body": it.body}, **event}
    Path(os.environ["GITHUB_EVENT_PATH"]).write_text(json.dumps(payload), encoding="utf-8")


def bot(*options: str) -> int:
    return gatekeeper(["bot", *options])


def answers(hub: Hub, number: int = 1) -> list[str]:
    """What the bot has answered, without the hidden marks."""
    mark = "<!-- gatekeeper-answer:1 "
    return [it.body.partition("\n")[2] for it in hub.state.on(number) if it.body.startswith(mark)]


def kept(hub: Hub, **run: Any) -> int:
    """A run of the pull request's head that found one problem."""
    number = add_run(hub.fake, hub.state.commit_of("feature"),
                     **{"path": ".github/workflows/gatekeeper.yml", **run})  # fmt: skip
    add_artifact(hub.fake, number, "gatekeeper-reports", archive({NAME: told(report([PROBLEM]))}))
    return number


def writes(hub: Hub) -> list[str]:
    """Everything that was changed, but for comments and reactions."""
    return [
        f"{it.verb} {it.path}" for it in hub.fake.log
        if it.verb != "GET" and "/comments" not in it.path and not it.path.endswith("/graphql")
    ]  # fmt: skip

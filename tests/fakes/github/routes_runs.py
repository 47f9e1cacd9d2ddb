"""Workflow runs and their artifacts."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from tests.fakes.github.parts import repository, user
from tests.fakes.github.server import Answered, Asked, FakeGitHub, RefusedError, paged, route

_ACTIONS = "/repos/{owner}/{repo}/actions"
_RUN = f"{_ACTIONS}/runs/{{run_id}}"


def add_run(fake: FakeGitHub, head: str, **more: Any) -> int:
    """A finished run; its number. `fork` is the full name of the repository its code is from."""
    number = next(fake.state.ids)
    fake.state.runs[number] = {
        "head": head, "event": "pull_request", "path": ".github/workflows/gate.yml",
        "branch": "feature", "fork": fake.state.full_name, "conclusion": "success",
        "actor": "octocat", "pulls": [], "attempt": 1, "status": "completed",
        "started": fake.state.clock.stamp(), **more,
    }  # fmt: skip
    return number


def add_artifact(fake: FakeGitHub, run: int, name: str, content: bytes, **claims: Any) -> int:
    """Something that a run kept, as a zip; its number. `claims` is what is said of it instead."""
    number = next(fake.state.ids)
    fake.state.artifacts[number] = (run, name, content)
    fake.state.claims[number] = claims
    return number


def _shape(fake: FakeGitHub, number: int) -> dict[str, Any]:
    run = fake.state.runs[number]
    return fake.shapes.make(
        "workflow-run", id=number, head_sha=run["head"], event=run["event"], path=run["path"],
        name="gate", run_attempt=run["attempt"], head_branch=run["branch"],
        status=run["status"], run_started_at=run["started"],
        conclusion=run["conclusion"], head_repository=repository(fake, run["fork"], "minimal-repository"),
        repository=repository(fake, shape="minimal-repository"), actor=user(fake, fake.state.person(run["actor"])),
        pull_requests=[_pull(fake, it) for it in run["pulls"]], head_commit=None,
        html_url=f"{fake.root}/{fake.state.full_name}/actions/runs/{number}",
    )  # fmt: skip


def _pull(fake: FakeGitHub, number: int) -> dict[str, Any]:
    side = {"ref": "x", "sha": "0" * 40, "repo": {"id": 1, "url": fake.api, "name": "app"}}
    return {"id": number, "number": number, "url": fake.api, "head": side, "base": side}


@route("GET", _RUN, "actions: read")
def get_run(fake: FakeGitHub, asked: Asked) -> Answered:
    return Answered(200, _shape(fake, _known(fake, asked)))


@route("GET", f"{_ACTIONS}/workflows/{{workflow_id}}/runs", "actions: read")
def list_runs(fake: FakeGitHub, asked: Asked) -> Answered:
    found = [
        _shape(fake, number)
        for number, run in sorted(fake.state.runs.items(), reverse=True)
        if run["path"].endswith(f"/{asked.named['workflow_id']}")
        and asked.query.get("head_sha") in (None, run["head"])
    ]
    return paged(fake, asked, found, "workflow_runs")


@route("GET", f"{_ACTIONS}/runs", "actions: read")
def runs_of_repository(fake: FakeGitHub, asked: Asked) -> Answered:
    found = [
        _shape(fake, number)
        for number, run in sorted(fake.state.runs.items(), reverse=True)
        if asked.query.get("head_sha") in (None, run["head"])
        and asked.query.get("event") in (None, run["event"])
    ]
    return paged(fake, asked, found, "workflow_runs")


@route("GET", f"{_RUN}/artifacts", "actions: read")
def list_artifacts(fake: FakeGitHub, asked: Asked) -> Answered:
    run = _known(fake, asked)
    found = [
        fake.shapes.make(
            "artifact",
            **{
                "id": number, "name": name, "size_in_bytes": len(content), "expired": False,
                "digest": f"sha256:{sha256(content).hexdigest()}", **fake.state.claims[number],
            },
        )
        for number, (of, name, content) in fake.state.artifacts.items()
        if of == run
    ]  # fmt: skip
    return paged(fake, asked, found, "artifacts")


@route("GET", f"{_ACTIONS}/artifacts/{{artifact_id}}/{{archive_format}}", "actions: read")
def download(fake: FakeGitHub, asked: Asked) -> Answered:
    number = int(asked.named["artifact_id"])
    if number not in fake.state.artifacts:
        raise RefusedError(404, "Not Found")
    return Answered(302, None, {"Location": f"{fake.root}/download/{number}"})


@route("POST", f"{_RUN}/rerun", "actions: write")
def rerun(fake: FakeGitHub, asked: Asked) -> Answered:
    return _again(fake, asked)


@route("POST", f"{_RUN}/rerun-failed-jobs", "actions: write")
def rerun_failed(fake: FakeGitHub, asked: Asked) -> Answered:
    return _again(fake, asked)


def _again(fake: FakeGitHub, asked: Asked) -> Answered:
    number = _known(fake, asked)
    run = fake.state.runs[number]
    if run["status"] != "completed":
        raise RefusedError(403, "This workflow is already running")
    run.update(
        status="queued", conclusion=None, attempt=run["attempt"] + 1,
        started=fake.state.clock.stamp(),
    )  # fmt: skip
    fake.state.reruns.append(number)
    return Answered(201, {})


def _known(fake: FakeGitHub, asked: Asked) -> int:
    number = int(asked.named["run_id"])
    if number not in fake.state.runs:
        raise RefusedError(404, "Not Found")
    return number

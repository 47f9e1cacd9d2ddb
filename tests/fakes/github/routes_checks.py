"""Check runs and code scanning."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

from tests.fakes.github.server import Answered, Asked, FakeGitHub, RefusedError, paged, route

_CHECKS = "/repos/{owner}/{repo}/check-runs"
_MOST = 50
_LONGEST = 65_535


def shape(fake: FakeGitHub, check: dict[str, Any]) -> dict[str, Any]:
    """A check run. Its annotations are only counted."""
    output = check["output"]
    shown = {
        "title": output.get("title"), "summary": output.get("summary"), "text": output.get("text"),
        "annotations_count": len(check["annotations"]), "annotations_url": f"{fake.api}/x",
    }  # fmt: skip
    return fake.shapes.make(
        "check-run", id=check["id"], name=check["name"], head_sha=check["head_sha"],
        status=check["status"], conclusion=check["conclusion"], external_id=check["external_id"],
        output=shown, html_url=f"{fake.root}/{fake.state.full_name}/runs/{check['id']}",
        app=fake.shapes.make("integration", id=check["app"], slug="github-actions", owner=_owner(fake)),
        pull_requests=[], check_suite={"id": 5}, completed_at=fake.state.clock.stamp(),
    )  # fmt: skip


def _owner(fake: FakeGitHub) -> dict[str, Any]:
    from tests.fakes.github.parts import user

    return user(fake, fake.state.person("github"))


@route("POST", _CHECKS, "checks: write")
def create(fake: FakeGitHub, asked: Asked) -> Answered:
    if not asked.token.app:
        raise RefusedError(403, "You must authenticate via a GitHub App.")
    if not fake.state.commit_of(asked.body["head_sha"]):
        raise RefusedError(422, f"No commit found for SHA: {asked.body['head_sha']}")
    output = asked.body.get("output", {})
    _check_output(output)
    check = {
        "id": next(fake.state.ids), "name": asked.body["name"], "head_sha": asked.body["head_sha"],
        "status": asked.body.get("status", "queued"), "conclusion": asked.body.get("conclusion"),
        "external_id": asked.body.get("external_id", ""), "app": asked.token.app,
        "output": output, "annotations": list(output.get("annotations", [])),
    }  # fmt: skip
    fake.state.checks[check["id"]] = check
    return Answered(201, shape(fake, check))


@route("PATCH", f"{_CHECKS}/{{check_run_id}}", "checks: write")
def update(fake: FakeGitHub, asked: Asked) -> Answered:
    check = fake.state.checks.get(int(asked.named["check_run_id"]))
    if check is None:
        raise RefusedError(404, "Not Found")
    output = asked.body.get("output", {})
    _check_output(output)
    check["annotations"] += output.get("annotations", [])
    check["output"] = output or check["output"]
    check["conclusion"] = asked.body.get("conclusion", check["conclusion"])
    return Answered(200, shape(fake, check))


@route("GET", "/repos/{owner}/{repo}/commits/{ref}/check-runs", "checks: read")
def list_checks(fake: FakeGitHub, asked: Asked) -> Answered:
    commit = fake.state.commit_of(asked.named["ref"])
    if not commit:
        raise RefusedError(422, f"No commit found for SHA: {asked.named['ref']}")
    name = asked.query.get("check_name")
    found = [
        it for it in fake.state.checks.values()
        if it["head_sha"] == commit and name in (None, it["name"])
    ]  # fmt: skip
    if asked.query.get("filter", "latest") == "latest":
        found = list({it["name"]: it for it in found}.values())
    return paged(fake, asked, [shape(fake, it) for it in found], "check_runs")


@route("POST", "/repos/{owner}/{repo}/code-scanning/sarifs", "security-events: write")
def upload(fake: FakeGitHub, asked: Asked) -> Answered:
    if not fake.state.code_scanning:
        raise RefusedError(
            403, "Advanced Security must be enabled for this repository to use code scanning."
        )
    packed = base64.b64decode(asked.body["sarif"], validate=True)
    if len(packed) > 10 * 1024 * 1024:
        raise RefusedError(413, "The SARIF file is too large")
    document = json.loads(gzip.decompress(packed))
    if len(document["runs"]) > 20 or any(len(it["results"]) > 25_000 for it in document["runs"]):
        raise RefusedError(400, "rejecting SARIF, as there are more runs or results than allowed")
    tools = [it["tool"]["driver"]["name"] for it in document["runs"]]
    if len(set(tools)) != len(tools):
        raise RefusedError(400, "rejecting SARIF, as it has several runs of one tool")
    if not fake.state.commit_of(asked.body["commit_sha"]):
        raise RefusedError(404, "Not Found")
    fake.state.uploads.append({**asked.body, "document": document})
    made = fake.shapes.make("code-scanning-sarifs-receipt", id="47177e22", url=f"{fake.api}/x")
    return Answered(202, made)


def _check_output(output: dict[str, Any]) -> None:
    if len(output.get("annotations", [])) > _MOST:
        raise RefusedError(422, "Invalid request. No more than 50 items are allowed")
    for name in ("summary", "text"):
        if len(output.get(name) or "") > _LONGEST:
            raise RefusedError(422, f"Invalid request. {name} is too long")
    for it in output.get("annotations", []):
        if len(it["message"].encode()) > 64 * 1024 or len(it.get("title") or "") > 255:
            raise RefusedError(422, "Invalid request. An annotation is too long")
        if "start_column" in it and it["start_line"] != it["end_line"]:
            raise RefusedError(422, "Invalid request. Columns need a single line")
        if it["start_line"] < 1 or it["end_line"] < it["start_line"]:
            raise RefusedError(422, "Invalid request. Lines are out of order")

"""Issues and people."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.parts import user
from tests.fakes.github.server import Answered, Asked, FakeGitHub, RefusedError, paged, route
from tests.fakes.github.state import Ticket

_ISSUES = "/repos/{owner}/{repo}/issues"
_ISSUE = f"{_ISSUES}/{{issue_number}}"


def shape(fake: FakeGitHub, it: Ticket) -> dict[str, Any]:
    """An issue; a pull request says that it is one."""
    given: dict[str, Any] = {
        "id": it.number + 7000, "number": it.number, "title": it.title, "body": it.body,
        "state": it.state, "user": user(fake, it.author), "updated_at": it.updated,
        "labels": [fake.shapes.make("label", name=name, color="ededed") for name in it.labels],
        "assignees": [user(fake, fake.state.person(name)) for name in it.assignees],
        "assignee": None, "closed_at": None, "milestone": None,
        "html_url": f"{fake.root}/{fake.state.full_name}/issues/{it.number}",
    }  # fmt: skip
    if it.number in fake.state.pulls:
        url = f"{fake.api}/x"
        given["pull_request"] = {"url": url, "html_url": url, "diff_url": url, "patch_url": url}
    return fake.shapes.make("issue", **given)


@route("GET", _ISSUES, "issues: read")
def list_issues(fake: FakeGitHub, asked: Asked) -> Answered:
    wanted = {name for name in asked.query.get("labels", "").split(",") if name}
    state = asked.query.get("state", "open")
    found = [
        shape(fake, it)
        for it in sorted(fake.state.tickets.values(), key=lambda it: -it.number)
        if wanted <= set(it.labels) and state in ("all", it.state)
    ]
    return paged(fake, asked, found)


@route("GET", _ISSUE, "issues: read")
def get_issue(fake: FakeGitHub, asked: Asked) -> Answered:
    return Answered(200, shape(fake, _known(fake, asked)))


@route("POST", _ISSUES, "issues: write")
def create(fake: FakeGitHub, asked: Asked) -> Answered:
    body = asked.body
    for name in body.get("assignees", []):
        # Who has no part in the repository cannot be assigned.
        if name not in fake.state.people or fake.state.people[name].permission == "none":
            raise RefusedError(422, "Validation Failed", errors=[{"field": "assignees"}])
    it = Ticket(
        next(fake.state.numbers), body["title"], body.get("body", ""), asked.token.person,
        labels=list(body.get("labels", [])), assignees=list(body.get("assignees", [])),
        updated=fake.state.clock.stamp(),
    )  # fmt: skip
    fake.state.tickets[it.number] = it
    return Answered(201, shape(fake, it))


@route("PATCH", _ISSUE, "issues: write")
def edit(fake: FakeGitHub, asked: Asked) -> Answered:
    it = _known(fake, asked)
    it.title = asked.body.get("title", it.title)
    it.body = asked.body.get("body", it.body)
    it.state = asked.body.get("state", it.state)
    it.reason = asked.body.get("state_reason", "")
    it.labels = list(asked.body.get("labels", it.labels))
    it.updated = fake.state.clock.stamp()
    return Answered(200, shape(fake, it))


@route("GET", "/users/{username}", "metadata: read")
def get_user(fake: FakeGitHub, asked: Asked) -> Answered:
    person = fake.state.people.get(asked.named["username"])
    if person is None:
        raise RefusedError(404, "Not Found")
    return Answered(
        200, {**fake.shapes.make("public-user", **user(fake, person)), "user_view_type": "public"}
    )


@route("GET", "/repos/{owner}/{repo}/collaborators/{username}/permission", "metadata: read")
def permission(fake: FakeGitHub, asked: Asked) -> Answered:
    person = fake.state.people.get(asked.named["username"])
    if person is None:
        raise RefusedError(404, f"{asked.named['username']} is not a user")
    role = person.permission
    old = {"triage": "read", "maintain": "write"}.get(role, role)
    shown = fake.shapes.make("nullable-collaborator", **user(fake, person), role_name=role)
    made = fake.shapes.make(
        "repository-collaborator-permission", permission=old, role_name=role, user=shown
    )
    return Answered(200, made)


@route("GET", "/orgs/{org}/teams/{team_slug}/members", "members: read")
def members(fake: FakeGitHub, asked: Asked) -> Answered:
    found = fake.state.teams.get(f"{asked.named['org']}/{asked.named['team_slug']}")
    if found is None:
        raise RefusedError(404, "Not Found")
    return paged(fake, asked, [user(fake, fake.state.person(name)) for name in found])


def _known(fake: FakeGitHub, asked: Asked) -> Ticket:
    if asked.number not in fake.state.tickets:
        raise RefusedError(404, "Not Found")
    return fake.state.tickets[asked.number]

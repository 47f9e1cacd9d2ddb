"""GitHub's issues, and the people of a repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from gatekeeper.adapters.github_http import Api
from gatekeeper.adapters.github_wire import WireIssue, WireLabel, WireUser, actor, read
from gatekeeper.model.forge import PERMISSIONS, Actor, Issue, Permission

_READ = "issues: read"
_WRITE = "issues: write"
_MOST_PAGES = 10
_MOST_ASSIGNEES = 10
_OLD_NAMES: dict[str, Permission] = {"pull": "read", "push": "write"}


class GitHubIssues:
    """The port `Issues`."""

    _api: Api

    def issues(self, *, labels: Sequence[str], state: str = "open") -> list[Issue]:
        query = {"labels": ",".join(labels), "state": state, "sort": "created"}
        return [
            _issue(it)
            for page in self._api.pages("issues", needs=_READ, query=query, most=_MOST_PAGES)
            for it in read(page, list[WireIssue], "issues")
            if it.pull_request is None
        ]

    def issue(self, number: int) -> Issue:
        path = f"issues/{number}"
        return _issue(read(self._api.call("GET", path, needs=_READ), WireIssue, path))

    def create_issue(
        self, *, title: str, body: str, labels: Sequence[str], assignees: Sequence[str]
    ) -> Issue:
        given = {
            "title": title,
            "body": body,
            "labels": list(labels),
            "assignees": list(assignees)[:_MOST_ASSIGNEES],
        }
        return self._written("POST", "issues", given)

    def edit_issue(
        self, number: int, *, title: str, body: str, state: str, labels: Sequence[str],
        reason: str = "",
    ) -> Issue:  # fmt: skip
        given: dict[str, Any] = {
            "title": title, "body": body, "state": state, "labels": list(labels),
        }  # fmt: skip
        if reason:
            given["state_reason"] = reason
        return self._written("PATCH", f"issues/{number}", given)

    def _written(self, verb: str, path: str, given: Mapping[str, Any]) -> Issue:
        return _issue(read(self._api.call(verb, path, given, needs=_WRITE), WireIssue, path))


class GitHubPeople:
    """The port `People`."""

    _api: Api

    def viewer(self) -> str:
        data = self._api.graphql("query Viewer { viewer { login } }", {}, needs="metadata: read")
        return read((data or {}).get("viewer"), WireUser, "viewer").login

    def actor(self, login: str) -> Actor:
        path = f"/users/{quote(login, safe='')}"
        return actor(read(self._api.call("GET", path, needs="metadata: read"), WireUser, path))

    def permission(self, login: str, person: int = 0) -> Permission:
        path = f"collaborators/{quote(login, safe='')}/permission"
        answer = self._api.call("GET", path, needs="metadata: read", allow=(404,))
        if not isinstance(answer, dict):
            return "none"
        # A name can be given up and taken by somebody else.
        found = read(answer.get("user") or {}, WireUser, path).id
        if person and found != person:
            return "none"
        # `role_name` tells triage from read and maintain from write, unless it is of one's own.
        for name in (answer.get("role_name"), answer.get("permission")):
            known = _OLD_NAMES.get(str(name), name)
            if known in PERMISSIONS:
                return PERMISSIONS[PERMISSIONS.index(known)]
        return "none"

    def team_members(self, organization: str, team: str) -> list[str]:
        path = f"/orgs/{quote(organization, safe='')}/teams/{quote(team, safe='')}/members"
        return [
            it.login
            for page in self._api.pages(path, needs="members: read", most=_MOST_PAGES)
            for it in read(page, list[WireUser], path)
        ]


def _issue(wire: WireIssue) -> Issue:
    names = [it.name if isinstance(it, WireLabel) else it for it in wire.labels]
    return Issue(
        number=wire.number,
        title=wire.title,
        body=wire.body or "",
        state="open" if wire.state == "open" else "closed",
        author=actor(wire.user),
        labels=tuple(name for name in names if name),
        assignees=tuple(it.login for it in wire.assignees or ()),
        url=wire.html_url,
        updated=wire.updated_at,
    )

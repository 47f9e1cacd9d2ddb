"""Pull requests."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.diffs import Changed, changed
from tests.fakes.github.parts import repository, user
from tests.fakes.github.server import Answered, Asked, FakeGitHub, RefusedError, paged, route
from tests.fakes.github.state import Pull

_PULLS = "/repos/{owner}/{repo}/pulls"
_PULL = f"{_PULLS}/{{pull_number}}"
_STAMP = "2026-01-02T03:04:05Z"


def shape(fake: FakeGitHub, pull: Pull, name: str = "pull-request-simple") -> dict[str, Any]:
    """A pull request; lists show less of it."""
    state, ticket = fake.state, fake.state.tickets[pull.number]
    head, base = state.head(pull), state.base(pull)
    owner = pull.head_repository.partition("/")[0]

    def side(label: str, ref: str, commit: str, full_name: str) -> dict[str, Any]:
        gone = not full_name
        person = state.person(full_name.partition("/")[0] or "ghost")
        return {
            "label": label, "ref": ref, "sha": commit, "user": user(fake, person),
            "repo": None if gone else repository(fake, full_name),
        }  # fmt: skip

    return fake.shapes.make(
        name, id=pull.number + 9000, number=pull.number, title=ticket.title, body=ticket.body,
        state=ticket.state, user=user(fake, ticket.author), draft=pull.draft,
        html_url=f"{fake.root}/{state.full_name}/pull/{pull.number}",
        head=side(f"{owner}:{pull.branch}", pull.branch, head, pull.head_repository),
        base=side(f"octo:{pull.base}", pull.base, base, state.full_name),
        merged_at=_STAMP if pull.merged else None, closed_at=None, merge_commit_sha=None,
        labels=[], author_association="NONE", auto_merge=None,
    )  # fmt: skip


@route("GET", _PULLS, "pull-requests: read")
def list_pulls(fake: FakeGitHub, asked: Asked) -> Answered:
    owner, _, branch = asked.query.get("head", "").partition(":")
    wanted = asked.query.get("state", "open")
    found = [
        shape(fake, it)
        for it in fake.state.pulls.values()
        if wanted in ("all", fake.state.tickets[it.number].state)
        and (not branch or (it.branch == branch and it.head_repository.startswith(f"{owner}/")))
    ]
    return paged(fake, asked, found)


@route("GET", _PULL, "pull-requests: read")
def get_pull(fake: FakeGitHub, asked: Asked) -> Answered:
    return Answered(200, shape(fake, _known(fake, asked), "pull-request"))


@route("POST", _PULLS, "pull-requests: write")
def open_pull(fake: FakeGitHub, asked: Asked) -> Answered:
    body, state = asked.body, fake.state
    branch = body["head"].partition(":")[2] or body["head"]
    if not state.commit_of(f"refs/heads/{branch}") or not state.commit_of(
        f"refs/heads/{body['base']}"
    ):
        raise RefusedError(422, "Validation Failed", errors=[{"field": "head", "code": "invalid"}])
    if any(
        it.branch == branch and state.tickets[it.number].state == "open"
        for it in state.pulls.values()
    ):
        said = f"A pull request already exists for octo:{branch}."
        raise RefusedError(422, "Validation Failed", errors=[{"message": said}])
    number = state.open_pull(
        branch, body["base"], title=body["title"], body=body.get("body", ""),
        author=asked.token.person, draft=body.get("draft", False),
    )  # fmt: skip
    return Answered(201, shape(fake, state.pulls[number], "pull-request"))


@route("PATCH", _PULL, "pull-requests: write")
def edit_pull(fake: FakeGitHub, asked: Asked) -> Answered:
    pull = _known(fake, asked)
    ticket = fake.state.tickets[pull.number]
    ticket.title = asked.body.get("title", ticket.title)
    ticket.body = asked.body.get("body", ticket.body)
    ticket.state = asked.body.get("state", ticket.state)
    return Answered(200, shape(fake, pull, "pull-request"))


@route("GET", f"{_PULL}/files", "pull-requests: read")
def list_files(fake: FakeGitHub, asked: Asked) -> Answered:
    def shown(it: Changed) -> dict[str, Any]:
        given: dict[str, Any] = {
            "sha": it.blob, "filename": it.path, "status": it.status, "additions": it.additions,
            "deletions": it.deletions, "changes": it.additions + it.deletions,
        }  # fmt: skip
        if it.patch:
            given["patch"] = it.patch
        if it.previous:
            given["previous_filename"] = it.previous
        return fake.shapes.make("diff-entry", **given)

    return paged(fake, asked, changed(fake.state, _known(fake, asked)), shape=shown)


@route("GET", "/repos/{owner}/{repo}/commits/{commit_sha}/pulls", "pull-requests: read")
def pulls_of_commit(fake: FakeGitHub, asked: Asked) -> Answered:
    commit = asked.named["commit_sha"]
    if not fake.state.commit_of(commit):
        raise RefusedError(422, f"No commit found for SHA: {commit}")
    found = []
    for pull in fake.state.pulls.values():
        # The commits of a fork are not looked for, as on GitHub.
        if pull.head_repository != fake.state.full_name:
            continue
        inside = fake.state.git("rev-list", f"{fake.state.base(pull)}..{fake.state.head(pull)}")
        if commit in inside.split():
            found.append(shape(fake, pull))
    return paged(fake, asked, found)


def _known(fake: FakeGitHub, asked: Asked) -> Pull:
    if asked.number not in fake.state.pulls:
        raise RefusedError(404, "Not Found")
    return fake.state.pulls[asked.number]

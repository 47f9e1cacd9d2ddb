"""Comments, reactions and reviews."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.diffs import changed, on_the_difference, text_at
from tests.fakes.github.parts import found, must_exist, remark, user
from tests.fakes.github.server import Answered, Asked, FakeGitHub, RefusedError, paged, route
from tests.fakes.github.state import Pull, Reply, Thread

_COMMENTS = "/repos/{owner}/{repo}/issues/{issue_number}/comments"
_COMMENT = "/repos/{owner}/{repo}/issues/comments/{comment_id}"
_LONGEST = 65_536
_EMPTY = "Body can't be blank"


@route("GET", _COMMENTS, "pull-requests: read")
def list_comments(fake: FakeGitHub, asked: Asked) -> Answered:
    must_exist(fake, asked.number)
    return paged(fake, asked, [remark(fake, it) for it in fake.state.on(asked.number)])


@route("POST", _COMMENTS, "pull-requests: write")
def add_comment(fake: FakeGitHub, asked: Asked) -> Answered:
    must_exist(fake, asked.number)
    made = fake.state.remark(asked.number, _body(asked), asked.token.person)
    return Answered(201, remark(fake, made))


@route("GET", _COMMENT, "pull-requests: read")
def get_comment(fake: FakeGitHub, asked: Asked) -> Answered:
    return Answered(200, remark(fake, found(fake, asked)))


@route("PATCH", _COMMENT, "pull-requests: write")
def edit_comment(fake: FakeGitHub, asked: Asked) -> Answered:
    it = found(fake, asked)
    it.history.append(it.body)
    it.body = _body(asked)
    it.updated = fake.state.clock.stamp()
    return Answered(200, remark(fake, it))


@route("DELETE", _COMMENT, "pull-requests: write")
def delete_comment(fake: FakeGitHub, asked: Asked) -> Answered:
    del fake.state.remarks[found(fake, asked).id]
    return Answered(204)


@route("POST", f"{_COMMENT}/reactions", "pull-requests: write")
def react(fake: FakeGitHub, asked: Asked) -> Answered:
    it = found(fake, asked)
    made = (asked.token.person.login, asked.body["content"])
    new = made not in it.reactions
    if new:
        it.reactions.append(made)
    shape = fake.shapes.make(
        "reaction", content=made[1], user=user(fake, asked.token.person),
        created_at=fake.state.clock.stamp(),
    )  # fmt: skip
    return Answered(201 if new else 200, shape)


@route("POST", "/repos/{owner}/{repo}/pulls/{pull_number}/reviews", "pull-requests: write")
def review(fake: FakeGitHub, asked: Asked) -> Answered:
    pull = _pull(fake, asked)
    comments = asked.body.get("comments", [])
    if not comments and not asked.body.get("body"):
        raise RefusedError(
            422, "Unprocessable Entity", errors=["A review needs a body or comments"]
        )
    for it in comments:
        _check_place(fake, pull, asked.body.get("commit_id", ""), it)
    for it in comments:
        _thread(fake, asked, it)
    stamp = fake.state.clock.stamp()
    made = fake.shapes.make(
        "pull-request-review", id=next(fake.state.ids), user=user(fake, asked.token.person),
        body=asked.body.get("body", ""), state="COMMENTED", commit_id=asked.body.get("commit_id"),
        submitted_at=stamp,
    )  # fmt: skip
    return Answered(200, made)


@route("POST", "/repos/{owner}/{repo}/pulls/{pull_number}/comments", "pull-requests: write")
def review_comment(fake: FakeGitHub, asked: Asked) -> Answered:
    _check_place(fake, _pull(fake, asked), asked.body["commit_id"], asked.body)
    thread = _thread(fake, asked, asked.body)
    reply = thread.comments[0]
    stamp = fake.state.clock.stamp()
    made = fake.shapes.make(
        "pull-request-review-comment", id=reply.id, node_id=reply.node, body=reply.body,
        path=thread.path, line=thread.line, side="RIGHT", commit_id=thread.commit,
        original_commit_id=thread.commit, user=user(fake, reply.author), diff_hunk="@@",
        author_association="NONE", created_at=stamp, updated_at=stamp,
        start_line=thread.start if thread.start != thread.line else None,
        start_side="RIGHT" if thread.start != thread.line else None,
    )  # fmt: skip
    return Answered(201, made)


def _body(asked: Asked) -> str:
    body = str(asked.body["body"])
    if not body.strip():
        raise RefusedError(422, "Validation Failed", errors=[{"message": _EMPTY}])
    if len(body) > _LONGEST:
        raise RefusedError(
            422, "Validation Failed",
            errors=[{"message": f"body is too long (maximum is {_LONGEST} characters)"}],
        )  # fmt: skip
    return body


def _pull(fake: FakeGitHub, asked: Asked) -> Pull:
    if asked.number not in fake.state.pulls:
        raise RefusedError(404, "Not Found")
    return fake.state.pulls[asked.number]


def _check_place(fake: FakeGitHub, pull: Pull, commit: str, it: dict[str, Any]) -> None:
    files = {file.path: file for file in changed(fake.state, pull)}
    if commit and not fake.state.commit_of(commit):
        raise RefusedError(
            422, "Unprocessable Entity", errors=["commit_id is not part of the pull request"]
        )
    file = files.get(it["path"])
    if file is None:
        raise RefusedError(422, "Unprocessable Entity", errors=["Path could not be resolved"])
    for line in (it.get("start_line", it["line"]), it["line"]):
        if not on_the_difference(file.patch, line):
            raise RefusedError(422, "Unprocessable Entity", errors=["Line could not be resolved"])
    if it.get("start_line", it["line"]) > it["line"]:
        raise RefusedError(
            422, "Unprocessable Entity", errors=["start_line must precede the end line"]
        )


def _thread(fake: FakeGitHub, asked: Asked, it: dict[str, Any]) -> Thread:
    commit = asked.body.get("commit_id") or fake.state.head(fake.state.pulls[asked.number])
    reply = Reply(next(fake.state.ids), asked.token.person, it["body"])
    thread = Thread(
        next(fake.state.ids), asked.number, it["path"], it["line"],
        it.get("start_line", it["line"]), commit,
        text_at(fake.state, commit, it["path"], it["line"]), [reply],
    )  # fmt: skip
    fake.state.threads[thread.id] = thread
    return thread

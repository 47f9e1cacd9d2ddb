"""GitHub's comments and reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from gatekeeper.adapters.github_http import Api
from gatekeeper.adapters.github_threads import (
    CONVERSATION,
    HISTORY,
    Cursors,
    conversation_of,
    history_of,
    mutations,
)
from gatekeeper.adapters.github_wire import WireComment, actor, read
from gatekeeper.model.forge import Comment, Conversation, DraftComment, ReactionKind

_COMMENTS = "pull-requests: write"
_READ = "pull-requests: read"
_MOST_PAGES = 30


class GitHubDiscussion:
    """The port `Discussion`."""

    _api: Api

    def conversation(self, number: int) -> Conversation:
        owner, _, name = self._api.access.repository.partition("/")
        variables: dict[str, Any] = {"owner": owner, "name": name, "number": number}
        said: list[Conversation] = []
        more: Cursors | None = Cursors(None, None)
        while more is not None and len(said) < _MOST_PAGES:
            # A list at its end names no place any more, and has nothing behind the last one.
            for name, cursor in (("comments", more.comments), ("threads", more.threads)):
                variables[name] = cursor or variables.get(name)
            data = self._api.graphql(CONVERSATION, variables, needs=_READ)
            page, more = conversation_of(data, number)
            said.append(page)
        return msgspec.structs.replace(
            said[0],
            comments=tuple(it for page in said for it in page.comments),
            threads=tuple(it for page in said for it in page.threads),
            complete=more is None,
        )

    def history(self, node: str) -> list[str]:
        return history_of(self._api.graphql(HISTORY, {"id": node}, needs=_READ))

    def comments(self, number: int) -> list[Comment]:
        path = f"issues/{number}/comments"
        return [
            _comment(it)
            for page in self._api.pages(path, needs=_READ, most=_MOST_PAGES)
            for it in read(page, list[WireComment], path)
        ]

    def comment(self, comment: int) -> Comment:
        path = f"issues/comments/{comment}"
        return _comment(read(self._api.call("GET", path, needs=_READ), WireComment, path))

    def add_comment(self, number: int, body: str) -> Comment:
        path = f"issues/{number}/comments"
        answer = self._api.call("POST", path, {"body": body}, needs=_COMMENTS)
        return _comment(read(answer, WireComment, path))

    def edit_comment(self, comment: int, body: str) -> Comment:
        path = f"issues/comments/{comment}"
        answer = self._api.call("PATCH", path, {"body": body}, needs=_COMMENTS)
        return _comment(read(answer, WireComment, path))

    def delete_comment(self, comment: int) -> None:
        # It may be gone already: by hand, or because the answer to a first try was lost.
        self._api.call("DELETE", f"issues/comments/{comment}", needs=_COMMENTS, allow=(404, 410))

    def react(self, comment: int, reaction: ReactionKind) -> None:
        # GitHub answers 200 when the reaction is there already, so it may be sent again.
        path = f"issues/comments/{comment}/reactions"
        self._api.call("POST", path, {"content": reaction}, needs=_COMMENTS, again=True)

    def review(self, number: int, commit: str, comments: Sequence[DraftComment]) -> None:
        body = {
            "commit_id": commit,
            "event": "COMMENT",
            "comments": [_draft(it) for it in comments],
        }
        self._api.call("POST", f"pulls/{number}/reviews", body, needs=_COMMENTS)

    def review_comment(self, number: int, commit: str, comment: DraftComment) -> None:
        body = {"commit_id": commit, **_draft(comment)}
        self._api.call("POST", f"pulls/{number}/comments", body, needs=_COMMENTS)

    def forget(self, nodes: Sequence[str]) -> None:
        self._change("deletePullRequestReviewComment", "id", nodes, _COMMENTS)

    def resolve(self, nodes: Sequence[str]) -> None:
        # Unlike everything else about reviews, GitHub wants the right to push for this.
        self._change(
            "resolveReviewThread", "threadId", nodes, "contents: write, pull-requests: write"
        )

    def _change(self, mutation: str, key: str, nodes: Sequence[str], needs: str) -> None:
        if nodes:
            text, variables = mutations(mutation, key, nodes)
            self._api.graphql(text, variables, needs=needs, gone=True)


def _comment(wire: WireComment) -> Comment:
    return Comment(
        id=wire.id,
        node=wire.node_id,
        body=wire.body or "",
        author=actor(wire.user),
        created=wire.created_at,
        updated=wire.updated_at,
        url=wire.html_url,
        number=_number(wire.issue_url),
    )


def _number(address: str) -> int:
    last = address.rpartition("/")[2]
    return int(last) if last.isascii() and last.isdecimal() and len(last) < 16 else 0


def _draft(comment: DraftComment) -> dict[str, Any]:
    place: dict[str, Any] = {"path": comment.path, "line": comment.line, "side": "RIGHT"}
    if comment.start and comment.start != comment.line:
        place |= {"start_line": comment.start, "start_side": "RIGHT"}
    return {**place, "body": comment.body}

"""GraphQL over the same state, executed by the schema that GitHub publishes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync

from tests.fakes.github.diffs import line_now
from tests.fakes.github.server import FakeGitHub
from tests.fakes.github.state import Person, Remark, Reply, Thread, Token

_FORBIDDEN = "Resource not accessible by integration"


@cache
def _schema(folder: Path) -> GraphQLSchema:
    return build_schema((folder / "schema.graphql").read_text(encoding="utf-8"))


class _ProblemError(GraphQLError):
    """An error with the type that GitHub gives it."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def execute(fake: FakeGitHub, token: Token, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to a query or a mutation. A query that the schema does not allow is an error."""
    root = _Root(fake, token)
    done = graphql_sync(
        _schema(fake.folder), body["query"], root_value=root.fields(),
        variable_values=body.get("variables"),
    )  # fmt: skip
    answer: dict[str, Any] = {"data": done.data}
    for error in done.errors or ():
        problem = error.original_error
        if not isinstance(problem, _ProblemError):
            fake.violations.append(f"GraphQL: {error.message}")
        kind = problem.kind if isinstance(problem, _ProblemError) else "INVALID"
        answer.setdefault("errors", []).append(
            {"type": kind, "message": error.message, "path": error.path}
        )
    return answer


class _Root:
    def __init__(self, fake: FakeGitHub, token: Token) -> None:
        self._fake = fake
        self._state = fake.state
        self._token = token

    def fields(self) -> dict[str, Any]:
        """What queries and mutations begin with."""
        return {
            # As a viewer an app is a user with another name than as an author.
            "viewer": self._actor(self._token.person)
            | {"__typename": "User", "login": self._token.person.login},
            "repository": self._repository,
            "node": self._node,
            "deletePullRequestReviewComment": self._delete,
            "resolveReviewThread": self._resolve,
            "minimizeComment": self._minimize,
        }

    def _need(self, area: str, level: str) -> None:
        have = self._token.rights.get(area, "")
        if have != "write" if level == "write" else not have:
            raise _ProblemError("FORBIDDEN", _FORBIDDEN)

    def _repository(self, info: Any, owner: str, name: str, **_: Any) -> Any:
        if f"{owner}/{name}" != self._state.full_name:
            raise _ProblemError("NOT_FOUND", "Could not resolve to a Repository")
        return {"id": "R_1", "nameWithOwner": self._state.full_name, "pullRequest": self._pull}

    def _pull(self, info: Any, number: int) -> Any:
        self._need("pull-requests", "read")
        pull = self._state.pulls.get(number)
        if pull is None:
            raise _ProblemError(
                "NOT_FOUND", f"Could not resolve to a PullRequest with the number {number}."
            )
        ticket = self._state.tickets[number]
        return {
            "id": f"PR_{number}",
            "number": number,
            "headRefOid": self._state.head(pull),
            "state": "OPEN" if ticket.state == "open" else "CLOSED",
            "comments": lambda info, **given: _page(
                [self._comment(it) for it in self._state.on(number)], **given
            ),
            "reviewThreads": lambda info, **given: _page(
                [self._thread(it) for it in self._state.threads_on(number)], **given
            ),
        }

    def _node(self, info: Any, **given: str) -> Any:
        for it in self._state.remarks.values():
            if it.node == given["id"]:
                return self._comment(it)
        raise _ProblemError(
            "NOT_FOUND", f"Could not resolve to a node with the global id of '{given['id']}'"
        )

    def _comment(self, it: Remark) -> dict[str, Any]:
        edits = (
            [{"id": f"UCE_{at}", "diff": text} for at, text in enumerate([*it.history, it.body])]
            if it.history
            else []
        )
        return {
            "__typename": "IssueComment", "id": it.node, "databaseId": it.id, "body": it.body,
            "viewerDidAuthor": it.author is self._token.person, "createdAt": it.created,
            "updatedAt": it.updated, "url": f"{self._fake.root}/x#{it.id}",
            "author": self._actor(it.author), "isMinimized": it.minimized,
            "userContentEdits": lambda info, **given: _page(edits[::-1], **given),
        }  # fmt: skip

    def _thread(self, it: Thread) -> dict[str, Any]:
        now = line_now(self._state, it)
        return {
            "id": it.node, "path": it.path, "line": now or None, "isOutdated": not now,
            "isResolved": it.resolved,
            "comments": lambda info, **given: _page([self._reply(each) for each in it.comments], **given),
        }  # fmt: skip

    def _reply(self, it: Reply) -> dict[str, Any]:
        return {
            "id": it.node, "databaseId": it.id, "body": it.body,
            "viewerDidAuthor": it.author is self._token.person, "author": self._actor(it.author),
        }  # fmt: skip

    @staticmethod
    def _actor(person: Person) -> dict[str, Any]:
        # GraphQL leaves out what REST puts behind the name of an app.
        login = person.login.removesuffix("[bot]") if person.kind == "Bot" else person.login
        return {
            "__typename": person.kind, "id": f"U_{person.id}", "databaseId": person.id,
            "login": login,
        }  # fmt: skip

    def _delete(self, info: Any, **given: Any) -> Any:
        self._need("pull-requests", "write")
        for thread in self._state.threads.values():
            for it in thread.comments:
                if it.node == given["input"]["id"]:
                    thread.comments.remove(it)
                    return {"clientMutationId": None}
        raise _ProblemError(
            "NOT_FOUND",
            f"Could not resolve to a node with the global id of '{given['input']['id']}'",
        )

    def _resolve(self, info: Any, **given: Any) -> Any:
        self._need("contents", "write")
        for thread in self._state.threads.values():
            if thread.node == given["input"]["threadId"]:
                thread.resolved = True
                return {"clientMutationId": None, "thread": self._thread(thread)}
        raise _ProblemError("NOT_FOUND", "Could not resolve to a node")

    def _minimize(self, info: Any, **given: Any) -> Any:
        self._need("pull-requests", "write")
        for it in self._state.remarks.values():
            if it.node == given["input"]["subjectId"]:
                it.minimized = True
        return {"clientMutationId": None}


def _page(items: list[Any], first: int | None = None, after: str | None = None, **_: Any) -> Any:
    """A connection; cursors are positions."""
    if first is None or not 1 <= first <= 100:
        raise _ProblemError("MISSING_PAGINATION_BOUNDARIES", "first has to be from 1 to 100")
    start = int(after) if after else 0
    shown = items[start : start + first]
    more = start + first < len(items)
    return {
        "nodes": shown,
        "totalCount": len(items),
        "pageInfo": {
            "hasNextPage": more,
            "endCursor": str(start + len(shown)) if shown else None,
            "hasPreviousPage": start > 0,
            "startCursor": None,
        },
    }

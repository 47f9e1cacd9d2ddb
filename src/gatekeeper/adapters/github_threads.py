"""What GraphQL tells of a pull request in one request, and what only GraphQL can change.

REST says neither who the token is, nor what it wrote, nor which threads are resolved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from gatekeeper.adapters.github_wire import read
from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import (
    Actor,
    ActorKind,
    Comment,
    Conversation,
    ReviewComment,
    ReviewThread,
)

_AUTHOR = "author { __typename login ... on User { databaseId } ... on Bot { databaseId } }"
CONVERSATION = f"""
query Conversation(
  $owner: String!, $name: String!, $number: Int!, $comments: String, $threads: String
) {{
  viewer {{ login }}
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{
      headRefOid
      state
      comments(first: 100, after: $comments) {{
        pageInfo {{ hasNextPage endCursor }}
        nodes {{
          id databaseId body viewerDidAuthor createdAt updatedAt url {_AUTHOR}
        }}
      }}
      reviewThreads(first: 100, after: $threads) {{
        pageInfo {{ hasNextPage endCursor }}
        nodes {{
          id path line isOutdated isResolved
          comments(first: 20) {{
            nodes {{ id databaseId body viewerDidAuthor {_AUTHOR} }}
          }}
        }}
      }}
    }}
  }}
}}
"""
HISTORY = """
query History($id: ID!) {
  node(id: $id) {
    ... on IssueComment { body userContentEdits(first: 20) { nodes { diff } } }
  }
}
"""
_KINDS: dict[str, ActorKind] = {"User": "user", "Bot": "bot", "Organization": "organization"}


class _Author(Struct, rename={"kind": "__typename", "id": "databaseId"}):
    login: str
    kind: str = ""
    id: int | None = 0


class _Edit(Struct):
    diff: str | None = ""


class _Edits(Struct):
    nodes: list[_Edit | None] | None = None


class _Node(Struct, rename="camel"):
    body: str = ""
    user_content_edits: _Edits | None = None


class _History(Struct):
    node: _Node | None = None


class _Comment(Struct, rename="camel"):
    id: str
    database_id: int | None
    body: str
    viewer_did_author: bool
    author: _Author | None = None
    created_at: str = ""
    updated_at: str = ""
    url: str = ""


class _Page(Struct, rename="camel"):
    has_next_page: bool = False
    end_cursor: str | None = None


class _Comments(Struct, rename="camel"):
    nodes: list[_Comment | None] | None = None
    page_info: _Page = msgspec.field(default_factory=_Page)


class _Thread(Struct, rename="camel"):
    id: str
    path: str
    is_outdated: bool
    is_resolved: bool
    comments: _Comments
    line: int | None = None


class _Threads(Struct, rename="camel"):
    nodes: list[_Thread | None] | None = None
    page_info: _Page = msgspec.field(default_factory=_Page)


class _Pull(Struct, rename="camel"):
    head_ref_oid: str
    state: str
    comments: _Comments
    review_threads: _Threads = msgspec.field(default_factory=_Threads)


class _Repository(Struct, rename="camel"):
    pull_request: _Pull | None = None


class _Viewer(Struct):
    login: str


class _Data(Struct):
    viewer: _Viewer
    repository: _Repository | None = None


class Cursors(Struct, frozen=True):
    """Where the next page of each list begins; None behind the last one."""

    comments: str | None
    threads: str | None


def conversation_of(data: Any, number: int) -> tuple[Conversation, Cursors | None]:
    """The answer to CONVERSATION, and what is left to ask. Raises ForgeError when there is no such
    pull request."""
    found = read(data, _Data, f"pull request {number}")
    pull = found.repository.pull_request if found.repository else None
    if pull is None:
        raise ForgeError(
            "not-found",
            f"there is no pull request {number}, or the token does not show it",
            remedy="give the number of a pull request of this repository",
        )
    me = found.viewer.login
    conversation = Conversation(
        head=pull.head_ref_oid,
        state="open" if pull.state == "OPEN" else "closed",
        viewer=me,
        comments=tuple(_comment(it, me) for it in pull.comments.nodes or () if it is not None),
        threads=tuple(_thread(it, me) for it in pull.review_threads.nodes or () if it is not None),
    )
    pages = (pull.comments.page_info, pull.review_threads.page_info)
    if not any(page.has_next_page for page in pages):
        return conversation, None
    return conversation, Cursors(*(page.end_cursor for page in pages))


def history_of(data: Any) -> list[str]:
    """The answer to HISTORY: what a comment says, and what it said before, the latest first."""
    node = read(data, _History, "comment").node
    if node is None:
        return []
    edits = node.user_content_edits.nodes if node.user_content_edits else None
    return [node.body, *(it.diff for it in edits or () if it is not None and it.diff)]


def mutations(name: str, key: str, nodes: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """One document that does the same to all of the nodes, and its variables."""
    names = [f"n{at}" for at in range(len(nodes))]
    declared = ", ".join(f"${it}: ID!" for it in names)
    steps = "\n".join(
        f"  {it}: {name}(input: {{{key}: ${it}}}) {{ clientMutationId }}" for it in names
    )
    return f"mutation Change({declared}) {{\n{steps}\n}}", dict(zip(names, nodes, strict=True))


def _actor(author: _Author | None) -> Actor:
    if author is None:
        return Actor()
    return Actor(author.id or 0, author.login, _KINDS.get(author.kind, "unknown"))


def _own(it: _Comment, me: str) -> bool:
    """Whether this token's identity wrote it. Apps are called otherwise as viewers than as authors."""
    author = _actor(it.author)
    return it.viewer_did_author or (author.kind == "bot" and me == f"{author.login}[bot]")


def _comment(it: _Comment, me: str) -> Comment:
    return Comment(
        id=it.database_id or 0,
        node=it.id,
        body=it.body,
        author=_actor(it.author),
        own=_own(it, me),
        created=it.created_at,
        updated=it.updated_at,
        url=it.url,
    )


def _thread(it: _Thread, me: str) -> ReviewThread:
    return ReviewThread(
        node=it.id,
        path=it.path,
        line=it.line or 0,
        outdated=it.is_outdated,
        resolved=it.is_resolved,
        comments=tuple(
            ReviewComment(
                each.database_id or 0, each.id, each.body, _actor(each.author),
                _own(each, me),
            )
            for each in it.comments.nodes or ()
            if each is not None
        ),
    )  # fmt: skip

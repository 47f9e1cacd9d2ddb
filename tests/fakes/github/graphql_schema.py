"""The part of GitHub's GraphQL schema that is used, cut out of the whole, which has 1.2 MB."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from graphql import parse, print_ast
from graphql.language import (
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
)

_CONNECTION = ["nodes", "pageInfo", "totalCount"]
_PAYLOAD = ["clientMutationId"]
_NODE = ["id"]
_COMMENT = [
    "id", "databaseId", "body", "author", "viewerDidAuthor", "createdAt", "updatedAt", "url",
    "isMinimized", "userContentEdits", "lastEditedAt",
]  # fmt: skip
_KEPT: dict[str, list[str]] = {
    "Query": ["id", "viewer", "repository", "node", "rateLimit"],
    "RateLimit": ["cost", "limit", "remaining", "resetAt"],
    "Mutation": [
        "deletePullRequestReviewComment", "resolveReviewThread", "unresolveReviewThread",
        "minimizeComment",
    ],
    "Node": _NODE,
    "Actor": ["login", "url"],
    "User": ["id", "databaseId", "login", "url"],
    "Bot": ["id", "databaseId", "login", "url"],
    "Organization": ["id", "databaseId", "login", "url"],
    "Mannequin": ["id", "databaseId", "login", "url"],
    "Repository": ["id", "nameWithOwner", "pullRequest"],
    "PullRequest": ["id", "number", "headRefOid", "state", "comments", "reviewThreads"],
    "IssueComment": _COMMENT,
    "IssueCommentConnection": _CONNECTION,
    "PullRequestReviewComment": [*_COMMENT, "path", "line", "outdated"],
    "PullRequestReviewCommentConnection": _CONNECTION,
    "PullRequestReviewThread": [
        "id", "path", "line", "startLine", "isOutdated", "isResolved", "comments",
    ],
    "PullRequestReviewThreadConnection": _CONNECTION,
    "UserContentEdit": ["id", "diff", "editedAt", "createdAt", "editor"],
    "UserContentEditConnection": _CONNECTION,
    "PageInfo": ["hasNextPage", "endCursor", "hasPreviousPage", "startCursor"],
    "DeletePullRequestReviewCommentPayload": _PAYLOAD,
    "ResolveReviewThreadPayload": [*_PAYLOAD, "thread"],
    "UnresolveReviewThreadPayload": [*_PAYLOAD, "thread"],
    "MinimizeCommentPayload": _PAYLOAD,
}  # fmt: skip
_Plain = EnumTypeDefinitionNode | ScalarTypeDefinitionNode | InputObjectTypeDefinitionNode
_BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}


def reduced(text: str) -> str:
    """The schema of the kept fields, unchanged in everything else."""
    document = parse(text, no_location=True)
    plain: set[str] = set(_BUILT_IN)
    for it in document.definitions:
        if isinstance(it, _Plain):
            plain.add(it.name.value)
    kept: list[Any] = [
        _cut(it, plain)
        for it in document.definitions
        if isinstance(it, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode)
        and it.name.value in _KEPT
    ]
    wanted = _named(kept, document)
    kept += [
        it for it in document.definitions if isinstance(it, _Plain) and it.name.value in wanted
    ]
    return print_ast(DocumentNode(definitions=tuple(kept)))


def _cut(it: Any, plain: set[str]) -> Any:
    known = set(_KEPT) | plain
    fields = []
    for field in it.fields or ():
        if field.name.value in _KEPT[it.name.value]:
            assert _name(field.type) in known, f"{it.name.value}.{field.name.value}"
            fields.append(_bare(field))
    found = {field.name.value for field in fields}
    assert found == set(_KEPT[it.name.value]), (
        f"{it.name.value} has no {set(_KEPT[it.name.value]) - found}"
    )
    interfaces = tuple(each for each in it.interfaces or () if each.name.value in _KEPT)
    return replace(it, fields=tuple(fields), interfaces=interfaces, directives=(), description=None)


def _bare(field: FieldDefinitionNode) -> FieldDefinitionNode:
    arguments = tuple(
        replace(each, description=None, directives=()) for each in field.arguments or ()
    )
    return replace(field, arguments=arguments, description=None, directives=())


def _name(kind: Any) -> str:
    while isinstance(kind, NonNullTypeNode | ListTypeNode):
        kind = kind.type
    return str(kind.name.value)


def _named(kept: list[Any], document: DocumentNode) -> set[str]:
    """Scalars, enums and inputs that the kept fields need."""
    inputs = {
        it.name.value: it
        for it in document.definitions
        if isinstance(it, InputObjectTypeDefinitionNode)
    }
    left = [
        name
        for it in kept
        for field in it.fields
        for name in (
            _name(field.type),
            *(_name(argument.type) for argument in field.arguments or ()),
        )
    ]
    found: set[str] = set()
    while left:
        name = left.pop()
        if name in found or name in _BUILT_IN:
            continue
        found.add(name)
        if name in inputs:
            left += [_name(field.type) for field in inputs[name].fields or ()]
    return found

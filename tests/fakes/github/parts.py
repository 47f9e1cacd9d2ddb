"""Objects that many answers have in common."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.server import Asked, FakeGitHub, RefusedError
from tests.fakes.github.state import Person, Remark


def user(fake: FakeGitHub, person: Person) -> dict[str, Any]:
    """Somebody, as other objects show them."""
    return fake.shapes.make(
        "simple-user", id=person.id, login=person.login, type=person.kind, site_admin=False,
        node_id=f"U_{person.id}",
    )  # fmt: skip


def repository(fake: FakeGitHub, full_name: str = "", shape: str = "repository") -> dict[str, Any]:
    """The repository, or a fork of it."""
    name = full_name or fake.state.full_name
    return fake.shapes.make(
        shape, id=1, name=name.partition("/")[2], full_name=name,
        default_branch=fake.state.default_branch, pushed_at=fake.state.pushed_at(name), fork=name != fake.state.full_name,
        owner=user(fake, fake.state.person(name.partition("/")[0])),
    )  # fmt: skip


def remark(fake: FakeGitHub, it: Remark) -> dict[str, Any]:
    """A comment on an issue or pull request."""
    root = f"{fake.root}/{fake.state.full_name}"
    return fake.shapes.make(
        "issue-comment", id=it.id, node_id=it.node, body=it.body, user=user(fake, it.author),
        created_at=it.created, updated_at=it.updated,
        html_url=f"{root}/pull/{it.number}#issuecomment-{it.id}",
        issue_url=f"{fake.api}/repos/{fake.state.full_name}/issues/{it.number}",
        author_association="NONE", performed_via_github_app=None,
    )  # fmt: skip


def found(fake: FakeGitHub, asked: Asked) -> Remark:
    """The comment that the path names."""
    try:
        return fake.state.remarks[int(asked.named["comment_id"])]
    except KeyError:
        raise RefusedError(404, "Not Found") from None


def must_exist(fake: FakeGitHub, number: int) -> None:
    """Raises RefusedError when there is no issue or pull request of this number."""
    if number not in fake.state.tickets:
        raise RefusedError(404, "Not Found")

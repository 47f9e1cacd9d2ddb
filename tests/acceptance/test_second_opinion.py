"""The adapter against an imitation of GitHub that others wrote, for what that one has.

It has no review comments, reactions, SARIF and GraphQL, and says nothing of changed files.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekeeper.adapters.github import GitHub
from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import Annotation, CheckReport
from tests.fakes.github.emulate import emulated

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def forge(descriptions: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHub]:
    with emulated(descriptions, tmp_path_factory.mktemp("emulate")) as found:
        yield found


def change(forge: GitHub, branch: str) -> str:
    """A branch with a commit of its own; the commit."""
    base = forge.branch_head(forge.default_branch())
    forge.create_branch(branch, base)
    return forge.commit_files(branch, base, "feat: one", {"a.py": b"import os\n"})


def test_a_pull_request_and_its_comment(forge: GitHub) -> None:
    head = change(forge, "feature/one")
    opened = forge.open_pull_request(title="One", body="", branch="feature/one", base="main")

    made = forge.add_comment(opened.number, "<!-- x -->\nblocked")
    forge.edit_comment(made.id, "<!-- x -->\npass")
    other = forge.add_comment(opened.number, "another")
    forge.delete_comment(other.id)
    forge.delete_comment(other.id)

    assert [it.body for it in forge.comments(opened.number)] == ["<!-- x -->\npass"]
    assert forge.comment(made.id).author.login == "octocat"
    assert forge.comment(made.id).number == opened.number
    assert forge.pull_request(opened.number).head == head
    assert [it.number for it in forge.pull_requests_from("feature/one")] == [opened.number]


def test_a_comment_past_one_page(forge: GitHub) -> None:
    made = forge.create_issue(title="Long", body="", labels=[], assignees=[])
    for at in range(105):
        forge.add_comment(made.number, str(at))

    assert [it.body for it in forge.comments(made.number)] == [str(at) for at in range(105)]


def test_files_and_history(forge: GitHub) -> None:
    base = forge.branch_head("main")
    head = change(forge, "feature/two")

    found = forge.file("a.py", "feature/two")

    assert found is not None
    assert found.content == b"import os\n"
    assert forge.file("nothing.py", "feature/two") is None
    assert (forge.ancestry(base, head), forge.ancestry(base, base)) == ("ahead", "identical")
    forge.delete_branch("feature/two")
    assert forge.branch_head("feature/two") == ""


def test_commits_and_trees(forge: GitHub) -> None:
    base = forge.branch_head("main")
    head = change(forge, "feature/four")

    made = forge.commit(head)

    assert (made.id, made.message, made.parents) == (head, "feat: one", (base,))
    assert forge.tree(head).modes["a.py"] == "100644"
    assert forge.tree(head).complete
    assert forge.merge_base(base, head) == base


def test_a_check(forge: GitHub) -> None:
    head = change(forge, "feature/three")
    report = CheckReport("gatekeeper", head, "failure", "abc", "Blocked", "One problem.")

    made = forge.create_check(report, [Annotation("a.py", 1, 1, "failure", "unused", "F401")])

    (found,) = forge.check_runs(head, "gatekeeper")
    assert (found.id, found.conclusion, found.external) == (made.id, "failure", "abc")


def test_issues_by_their_label(forge: GitHub) -> None:
    made = forge.create_issue(title="T", body="b", labels=["gatekeeper"], assignees=[])

    closed = forge.edit_issue(
        made.number, title="T", body="c", state="closed", labels=["gatekeeper"],
        reason="not_planned",
    )  # fmt: skip

    assert (closed.state, closed.body) == ("closed", "c")
    assert forge.issues(labels=["gatekeeper"]) == []
    assert [it.number for it in forge.issues(labels=["gatekeeper"], state="closed")] == [
        made.number
    ]
    again = forge.edit_issue(
        made.number, title="T", body="d", state="open", labels=["gatekeeper", "severity: high"],
        reason="reopened",
    )  # fmt: skip
    assert (again.state, set(again.labels)) == ("open", {"gatekeeper", "severity: high"})


def test_who_may_do_what(forge: GitHub) -> None:
    assert forge.permission("octocat") == "admin"
    me = forge.actor("octocat").id
    assert (forge.permission("octocat", me), forge.permission("octocat", me + 1)) == (
        "admin",
        "none",
    )
    assert forge.actor("octocat").kind == "user"


def test_what_is_not_there(forge: GitHub) -> None:
    with pytest.raises(ForgeError) as caught:
        forge.pull_request(4_711)

    assert caught.value.kind == "not-found"

"""What a pre-push hook makes of what git tells it."""

from __future__ import annotations

import pytest

from gatekeeper.adapters.git import GitRepository
from gatekeeper.cli.hook_run import Push, pushed
from gatekeeper.errors import UsageError
from tests.fakes.repo import Repo

NONE = "0" * 40


@pytest.fixture
def history(repo: Repo) -> list[str]:
    """Three commits on `main`; the remote is known to have the first two."""
    made = [repo.commit(str(number), **{"a.txt": str(number)}) for number in range(3)]
    repo.git("update-ref", "refs/remotes/origin/main", made[1])
    return made


def pushes(repo: Repo, *lines: str, remote: str = "origin") -> list[Push]:
    return pushed(GitRepository(str(repo.root)), lines, remote)


def test_a_branch_is_compared_with_what_the_remote_has_of_it(
    repo: Repo, history: list[str]
) -> None:
    line = f"refs/heads/main {history[2]} refs/heads/main {history[1]}"

    assert pushes(repo, line) == [Push("refs/heads/main", history[2], history[1])]


def test_what_the_remote_has_and_nobody_here_knows_is_no_base(
    repo: Repo, history: list[str]
) -> None:
    line = f"refs/heads/main {history[2]} refs/heads/main {'1' * 40}"

    assert pushes(repo, line) == [Push("refs/heads/main", history[2], "")]


def test_a_new_branch_has_no_base_of_its_own(repo: Repo, history: list[str]) -> None:
    line = f"HEAD~0 {history[2]} refs/heads/new {NONE}"

    assert pushes(repo, line) == [Push("HEAD~0", history[2], "")]


def test_nothing_is_judged_that_the_remote_has_already(repo: Repo, history: list[str]) -> None:
    line = f"refs/heads/copy {history[1]} refs/heads/copy {NONE}"

    assert pushes(repo, line) == []
    assert len(pushes(repo, line, remote="other")) == 1


def test_deletions_notes_and_what_is_no_commit_are_left_out(repo: Repo, history: list[str]) -> None:
    tree = repo.git("rev-parse", "HEAD^{tree}")

    assert pushes(
        repo,
        f"(delete) {NONE} refs/heads/old {history[0]}",
        f"refs/notes/commits {history[2]} refs/notes/commits {NONE}",
        f"refs/tags/tree {tree} refs/tags/tree {NONE}",
    ) == []  # fmt: skip


def test_a_tag_stands_for_its_commit_and_nothing_is_judged_twice(
    repo: Repo, history: list[str]
) -> None:
    repo.git("tag", "-a", "v1", "-m", "one")
    tag = repo.git("rev-parse", "v1")

    found = pushes(
        repo,
        f"refs/tags/v1 {tag} refs/tags/v1 {NONE}",
        f"refs/heads/new {history[2]} refs/heads/new {NONE}",
    )

    assert found == [Push("refs/tags/v1", history[2], "")]


def test_a_branch_may_have_odd_names(repo: Repo, history: list[str]) -> None:
    line = f"HEAD^{{/a b}} {history[2]} refs/heads/\u00e9 {NONE}"

    assert [it.name for it in pushes(repo, line)] == ["HEAD^{/a b}"]


def test_anything_else_is_refused(repo: Repo) -> None:
    with pytest.raises(UsageError, match="not what git tells a pre-push hook"):
        pushes(repo, "refs/heads/main")

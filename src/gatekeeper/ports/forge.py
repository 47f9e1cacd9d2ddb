"""The forge: pull requests, checks, code scanning, issues, files and people, as GitHub has them.

Every method may raise ForgeError, whose `kind` says in one word what happened. Nothing is cached:
each call asks. Methods that only look, and those that set something to a value, repeat themselves
after a fault; one that makes something new does so at most once, and says with `uncertain` that it
may have been made: look before you make it again. All text that comes back was written by others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from gatekeeper.model.forge import (
    Actor,
    Ancestry,
    Annotation,
    Artifact,
    ChangedFiles,
    CheckReport,
    CheckRun,
    Comment,
    Commit,
    Conversation,
    DraftComment,
    FileContent,
    Issue,
    Permission,
    PullRequest,
    Push,
    ReactionKind,
    Tree,
    Upload,
    WorkflowRun,
)


class Discussion(Protocol):
    """Comments and reviews. Issues and pull requests share their numbers and comments.

    `conversation` holds all comments and review threads, up to some thousands. `history` is what a
    comment says and what it said before, the latest first. `review` makes one review of all comments; kind
    `invalid` means that one of them is on no line of the difference. `forget` deletes review
    comments, `resolve` resolves threads, by their names in GraphQL. Deleting or resolving what is
    gone is no error.
    """

    def conversation(self, number: int) -> Conversation: ...

    def history(self, node: str) -> list[str]: ...

    def comments(self, number: int) -> list[Comment]: ...

    def comment(self, comment: int) -> Comment: ...

    def add_comment(self, number: int, body: str) -> Comment: ...

    def edit_comment(self, comment: int, body: str) -> Comment: ...

    def delete_comment(self, comment: int) -> None: ...

    def react(self, comment: int, reaction: ReactionKind) -> None: ...

    def review(self, number: int, commit: str, comments: Sequence[DraftComment]) -> None: ...

    def review_comment(self, number: int, commit: str, comment: DraftComment) -> None: ...

    def forget(self, nodes: Sequence[str]) -> None: ...

    def resolve(self, nodes: Sequence[str]) -> None: ...


class PullRequests(Protocol):
    """Pull requests and what they change.

    `pull_requests_of` finds those that have this commit as their head now, open ones first; an
    artifact's word for a number is worth nothing. GitHub knows no commits of forks there:
    `pull_requests_from` finds open ones by their branch, and the fork's owner. `changed_files` may stop once it has seen all of
    `wanted`. `open_pull_request` takes a branch of this repository.
    """

    def pull_request(self, number: int) -> PullRequest: ...

    def pull_requests_of(self, commit: str) -> list[PullRequest]: ...

    def pull_requests_from(self, branch: str, owner: str = "") -> list[PullRequest]: ...

    def changed_files(self, number: int, wanted: frozenset[str] | None = None) -> ChangedFiles: ...

    def open_pull_request(
        self, *, title: str, body: str, branch: str, base: str, draft: bool = False
    ) -> PullRequest: ...

    def edit_pull_request(self, number: int, *, title: str, body: str) -> PullRequest: ...


class Checks(Protocol):
    """Check runs. Annotations come in batches of at most 50; `annotate` adds to those there."""

    def check_runs(self, commit: str, name: str) -> list[CheckRun]: ...

    def create_check(self, report: CheckReport, annotations: Sequence[Annotation]) -> CheckRun: ...

    def annotate(
        self, check: int, report: CheckReport, annotations: Sequence[Annotation]
    ) -> CheckRun: ...


class CodeScanning(Protocol):
    """Uploads; kind `unavailable` means that the repository has no code scanning."""

    def upload_sarif(self, upload: Upload) -> None: ...


class Contents(Protocol):
    """Commits, branches and files.

    `file` is None for what is not there, or is no plain file. `ancestry` tells how `head` lies to
    `base`. `commit_files` makes a commit of `files` (None deletes) on top of `parent` and moves the
    branch to it, never by force: kind `conflict` when the branch is elsewhere by now. `pushes` are the
    latest of a branch of this repository, the last one first. `merge_base` is empty where there is none.
    """

    def default_branch(self) -> str: ...

    def file(self, path: str, ref: str) -> FileContent | None: ...

    def branch_head(self, branch: str) -> str: ...

    def ancestry(self, base: str, head: str) -> Ancestry: ...

    def merge_base(self, base: str, head: str) -> str: ...

    def commit(self, commit: str) -> Commit: ...

    def tree(self, commit: str) -> Tree: ...

    def pushes(self, branch: str) -> list[Push]: ...

    def create_branch(self, branch: str, commit: str) -> None: ...

    def delete_branch(self, branch: str) -> None: ...

    def commit_files(
        self,
        branch: str,
        parent: str,
        message: str,
        files: Mapping[str, bytes | None],
        executable: frozenset[str] = frozenset(),
    ) -> str: ...


class Issues(Protocol):
    """Issues. `issues` lists those with all of the labels, newest first, without pull requests.

    `reason` is GitHub's: `completed`, `not_planned` or `reopened`.
    """

    def issues(self, *, labels: Sequence[str], state: str = "open") -> list[Issue]: ...

    def issue(self, number: int) -> Issue: ...

    def create_issue(
        self, *, title: str, body: str, labels: Sequence[str], assignees: Sequence[str]
    ) -> Issue: ...

    def edit_issue(
        self, number: int, *, title: str, body: str, state: str, labels: Sequence[str],
        reason: str = "",
    ) -> Issue: ...  # fmt: skip


class Runs(Protocol):
    """Workflow runs and what they kept. `download` gives up past `most` bytes: kind `too-large`.

    `runs_at` are those that pull requests have started at this commit, the latest first.
    """

    def run(self, run: int) -> WorkflowRun: ...

    def runs_of(self, workflow: str, commit: str) -> list[WorkflowRun]: ...

    def runs_at(self, commit: str) -> list[WorkflowRun]: ...

    def artifacts(self, run: int) -> list[Artifact]: ...

    def download(self, artifact: int, most: int) -> bytes: ...

    def rerun(self, run: int, *, failed_only: bool = False) -> None: ...


class People(Protocol):
    """Who may do what. `permission` asks for the real one, whatever a comment says of its author;
    it is `none` when the name is not, or no longer, that of the account `person`.

    `viewer` is who this token is. `team_members` are logins; kind `permission` when teams are not
    for this token to see.
    """

    def viewer(self) -> str: ...

    def actor(self, login: str) -> Actor: ...

    def permission(self, login: str, person: int = 0) -> Permission: ...

    def team_members(self, organization: str, team: str) -> list[str]: ...


class Forge(
    Discussion, PullRequests, Checks, CodeScanning, Contents, Issues, Runs, People, Protocol
):
    """All of it, for one repository. `requests` counts what was sent so far."""

    @property
    def repository(self) -> str: ...

    @property
    def requests(self) -> int: ...

    def close(self) -> None: ...

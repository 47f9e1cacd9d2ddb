"""What a forge (GitHub) knows about a repository: people, pull requests, commits, issues, runs."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

ActorKind = Literal["user", "bot", "organization", "unknown"]
Permission = Literal["none", "read", "triage", "write", "maintain", "admin"]
PERMISSIONS: tuple[Permission, ...] = ("none", "read", "triage", "write", "maintain", "admin")
ReactionKind = Literal["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"]
Ancestry = Literal["identical", "ahead", "behind", "diverged", "unknown"]


class Actor(Struct, frozen=True):
    """Somebody, by number: names can be changed and taken by others. 0 is nobody (deleted)."""

    id: int = 0
    login: str = ""
    kind: ActorKind = "unknown"


class Comment(Struct, frozen=True):
    """A comment on an issue or pull request. `own`: this token's identity wrote it.

    `updated` is ISO 8601; `edited` says that it is not what its author first wrote. Only
    `conversation` knows `own`. `node` is its name in GraphQL. `number` is what it was said on; 0
    where the answer does not tell.
    """

    id: int
    node: str
    body: str
    author: Actor = Actor()
    own: bool = False
    created: str = ""
    updated: str = ""
    url: str = ""
    number: int = 0

    @property
    def edited(self) -> bool:
        """Whether somebody changed it after it was written."""
        return bool(self.updated) and self.updated != self.created


class ReviewComment(Struct, frozen=True):
    """One comment of a thread on a line. `node` is its name in GraphQL."""

    id: int
    node: str
    body: str
    author: Actor = Actor()
    own: bool = False


class ReviewThread(Struct, frozen=True):
    """Comments on one place of the difference, the first one first. Line 0: it is gone."""

    node: str
    path: str
    line: int
    outdated: bool
    resolved: bool
    comments: tuple[ReviewComment, ...] = ()


class DraftComment(Struct, frozen=True):
    """A comment to be made on lines `start` to `line` of the new side of the difference."""

    path: str
    line: int
    body: str
    start: int = 0


class PullRequest(Struct, frozen=True):
    """A pull request. `head_repository` is empty when the fork it came from is gone.

    `pushed` is when anything was last pushed to the repository that it comes from, by the forge's
    own clock: dates of commits are their authors' to choose.
    """

    number: int
    title: str
    state: Literal["open", "closed"]
    head: str
    head_branch: str
    head_repository: str
    base: str
    base_branch: str
    base_repository: str
    author: Actor = Actor()
    draft: bool = False
    merged: bool = False
    url: str = ""
    pushed: str = ""

    @property
    def fork(self) -> bool:
        """Whether the change comes from another repository."""
        return self.head_repository.lower() != self.base_repository.lower()


class Conversation(Struct, frozen=True):
    """A pull request's head, and what this token's identity said there already.

    `complete` is False when there was more than one look can hold.
    """

    head: str
    state: Literal["open", "closed"]
    viewer: str
    comments: tuple[Comment, ...] = ()
    threads: tuple[ReviewThread, ...] = ()
    complete: bool = True


class ChangedFile(Struct, frozen=True):
    """A file of a pull request. `patch` is a unified difference, empty for binary or huge ones."""

    path: str
    status: str
    previous: str = ""
    patch: str = ""
    additions: int = 0
    deletions: int = 0
    blob: str = ""


class ChangedFiles(Struct, frozen=True):
    """The files of a pull request; `complete` is False past what GitHub lists (3,000)."""

    files: tuple[ChangedFile, ...]
    complete: bool


class Annotation(Struct, frozen=True):
    """A remark of a check on lines of a file. Lines count from 1; `column` 0 is unknown."""

    path: str
    line: int
    end_line: int
    level: Literal["notice", "warning", "failure"]
    message: str
    title: str = ""
    column: int = 0


class CheckRun(Struct, frozen=True):
    """A check on a commit. `external` is what its maker calls it; `annotations` a number."""

    id: int
    name: str
    head: str
    status: str
    conclusion: str
    external: str = ""
    annotations: int = 0
    app: int = 0
    url: str = ""


class CheckReport(Struct, frozen=True):
    """What a finished check says."""

    name: str
    head: str
    conclusion: Literal["success", "failure"]
    external: str
    title: str
    summary: str
    text: str = ""
    details_url: str = ""


class Issue(Struct, frozen=True):
    """An issue (never a pull request)."""

    number: int
    title: str
    body: str
    state: Literal["open", "closed"]
    author: Actor = Actor()
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    url: str = ""
    updated: str = ""


class FileContent(Struct, frozen=True):
    """A file at a commit, and the blob id that a later write has to name."""

    path: str
    content: bytes
    blob: str


class Push(Struct, frozen=True):
    """A branch came to `after`, at `moment` (ISO 8601) by the forge's own clock, through `by`."""

    after: str
    moment: str
    by: str = ""


class Commit(Struct, frozen=True):
    """What a commit says, and what it was made of."""

    id: str
    message: str
    parents: tuple[str, ...]


class Tree(Struct, frozen=True):
    """The paths of a commit's files with their modes, such as `100644`; links and modules too.

    `complete` is False when there are more than one answer can hold.
    """

    modes: dict[str, str]
    complete: bool = True


class Artifact(Struct, frozen=True):
    """Files that a run kept, as one zip. `digest` is `sha256:…`, empty where GitHub gives none."""

    id: int
    name: str
    size: int
    expired: bool
    digest: str = ""


class WorkflowRun(Struct, frozen=True):
    """A run of a workflow. `path` names the workflow's file; `event` what started it.

    `started` is when its last attempt began (ISO 8601).
    """

    id: int
    attempt: int
    name: str
    path: str
    event: str
    head: str
    head_branch: str
    head_repository: str
    repository: str
    status: str
    conclusion: str
    actor: Actor = Actor()
    pull_requests: tuple[int, ...] = ()
    url: str = ""
    started: str = ""


class Upload(Struct, frozen=True):
    """A SARIF document for code scanning: `ref` is a full ref, such as refs/pull/1/merge."""

    commit: str
    ref: str
    document: str
    tool: str
    root: str = ""

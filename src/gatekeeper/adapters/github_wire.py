"""The parts of GitHub's answers that are used, as types; everything else is passed over."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import Actor, ActorKind

T = TypeVar("T")
_KINDS: dict[str, ActorKind] = {"User": "user", "Bot": "bot", "Organization": "organization"}


class WireUser(Struct):
    """Somebody; GraphQL names the type otherwise."""

    id: int = 0
    login: str = ""
    type: str = ""

    @property
    def actor(self) -> Actor:
        """As the model has it."""
        return Actor(self.id, self.login, _KINDS.get(self.type, "unknown"))


class WireComment(Struct):
    """A comment on an issue or a pull request."""

    id: int
    created_at: str
    updated_at: str
    node_id: str = ""
    html_url: str = ""
    issue_url: str = ""
    body: str | None = ""
    user: WireUser | None = None


class WireRepository(Struct):
    """A repository, as others refer to it."""

    full_name: str
    id: int = 0
    default_branch: str = ""
    pushed_at: str | None = ""


class WireRef(Struct):
    """A side of a pull request."""

    ref: str
    sha: str
    repo: WireRepository | None = None


class WirePull(Struct):
    """A pull request."""

    number: int
    title: str
    state: str
    head: WireRef
    base: WireRef
    user: WireUser | None = None
    draft: bool | None = False
    merged_at: str | None = None
    html_url: str = ""


class WireFile(Struct):
    """A file of a pull request."""

    filename: str
    status: str
    additions: int = 0
    deletions: int = 0
    previous_filename: str = ""
    patch: str = ""
    sha: str | None = ""


class WireOutput(Struct):
    """What a check run says of itself."""

    annotations_count: int = 0


class WireApp(Struct):
    """An app."""

    id: int = 0
    slug: str = ""


class WireCheck(Struct):
    """A check run."""

    id: int
    name: str
    head_sha: str
    status: str
    conclusion: str | None = None
    external_id: str | None = ""
    html_url: str | None = ""
    output: WireOutput = msgspec.field(default_factory=WireOutput)
    app: WireApp | None = None


class WireChecks(Struct):
    """A list of check runs."""

    check_runs: list[WireCheck]


class WireLabel(Struct):
    """A label."""

    name: str | None = ""


class WireIssue(Struct):
    """An issue; pull requests come in the same list, with `pull_request` set."""

    number: int
    title: str
    state: str
    body: str | None = ""
    user: WireUser | None = None
    labels: list[WireLabel | str] = []
    assignees: list[WireUser] | None = None
    html_url: str = ""
    updated_at: str = ""
    pull_request: dict[str, Any] | None = None


class WireContent(Struct):
    """A file's content, base64 in lines."""

    type: str = ""
    path: str = ""
    sha: str = ""
    content: str = ""
    encoding: str = ""


class WireArtifact(Struct):
    """What a run kept."""

    id: int
    name: str
    size_in_bytes: int
    expired: bool
    digest: str | None = ""


class WireArtifacts(Struct):
    """A list of artifacts."""

    artifacts: list[WireArtifact]


class WirePullNumber(Struct):
    """A pull request, by number only."""

    number: int


class WireRun(Struct):
    """A run of a workflow."""

    id: int
    head_sha: str
    event: str
    path: str
    name: str | None = ""
    run_attempt: int = 1
    head_branch: str | None = ""
    head_repository: WireRepository | None = None
    repository: WireRepository | None = None
    status: str | None = ""
    conclusion: str | None = ""
    actor: WireUser | None = None
    pull_requests: list[WirePullNumber] | None = None
    html_url: str = ""
    run_started_at: str = ""


class WireRuns(Struct):
    """A list of runs."""

    workflow_runs: list[WireRun]


class WireSha(Struct):
    """Anything with a git object name."""

    sha: str


class WireComparison(Struct):
    """How two commits lie to each other."""

    merge_base_commit: WireSha | None = None


class WireCommit(Struct):
    """A commit of git."""

    sha: str
    message: str = ""
    parents: list[WireSha] = []


class WireEntry(Struct):
    """Something in a tree."""

    path: str = ""
    mode: str = ""
    type: str = ""


class WireTree(Struct):
    """A tree of git, with all that is below."""

    tree: list[WireEntry]
    truncated: bool = False


class WireActivity(Struct):
    """A change of a branch."""

    after: str
    timestamp: str
    actor: WireUser | None = None


def read(answer: Any, kind: type[T], where: str) -> T:
    """An answer as a type. Raises ForgeError for one that GitHub's documentation does not know."""
    try:
        return msgspec.convert(answer, type=kind)
    except msgspec.ValidationError as error:
        raise ForgeError(
            "unavailable",
            f"GitHub's answer is not as documented: {error}",
            where=where,
            remedy="if this stays, report it: a proxy or another version may be in between",
        ) from None


def actor(user: WireUser | None) -> Actor:
    """Somebody, or nobody: accounts can be deleted."""
    return user.actor if user is not None else Actor()

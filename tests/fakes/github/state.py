"""What the fake GitHub knows: people, one repository, and everything about it."""

from __future__ import annotations

import datetime as dt
import itertools
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.fakes.repo import Repo

Right = Literal["read", "write"]
_BEGUN = 1_795_000_000.0  # seconds since the epoch: in November 2026

ALL_RIGHTS: dict[str, Right] = {
    "actions": "write", "checks": "write", "contents": "write", "issues": "write",
    "metadata": "read", "pull-requests": "write", "security-events": "write", "members": "read",
    "statuses": "write", "deployments": "write",
}  # fmt: skip


@dataclass
class Person:
    """Somebody with an account."""

    id: int
    login: str
    kind: str = "User"
    permission: str = "read"


@dataclass
class Token:
    """What a token may do, and in whose name. `app`: an app's, such as the one of a job."""

    person: Person
    rights: dict[str, Right]
    app: int = 0


@dataclass
class Remark:
    """A comment on an issue or pull request. `history` holds what it said before, oldest first."""

    id: int
    number: int
    author: Person
    body: str
    created: str
    updated: str
    history: list[str] = field(default_factory=list)
    reactions: list[tuple[str, str]] = field(default_factory=list)
    minimized: bool = False

    @property
    def node(self) -> str:
        return f"IC_{self.id}"


@dataclass
class Reply:
    """A comment of a review thread."""

    id: int
    author: Person
    body: str

    @property
    def node(self) -> str:
        return f"PRRC_{self.id}"


@dataclass
class Thread:
    """Comments on lines of a file as it was at `commit`."""

    id: int
    number: int
    path: str
    line: int
    start: int
    commit: str
    text: str
    comments: list[Reply]
    resolved: bool = False

    @property
    def node(self) -> str:
        return f"PRRT_{self.id}"


@dataclass
class Ticket:
    """An issue, or the part of a pull request that is one."""

    number: int
    title: str
    body: str
    author: Person
    state: str = "open"
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    updated: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Moved:
    """A branch that was pushed to, and when. `repository` is a fork's full name, or this one's."""

    repository: str
    branch: str
    before: str
    after: str
    moment: str
    by: Person


@dataclass
class Pull:
    """A pull request. `head_repository` is the full name of the fork, or of this repository."""

    number: int
    branch: str
    base: str
    head_repository: str
    draft: bool = False
    merged: bool = False


class Clock:
    """Time that passes when somebody waits."""

    def __init__(self) -> None:
        self.now = _BEGUN
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def stamp(self) -> str:
        """The moment, as GitHub writes it. It goes on by a second each time it is looked at."""
        self.now += 1
        moment = dt.datetime.fromtimestamp(int(self.now), dt.UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class State:
    """One repository, with the git repository behind it."""

    def __init__(self, full_name: str, bare: Path) -> None:
        self.full_name = full_name
        self.bare = bare
        self.clock = Clock()
        self.ids = itertools.count(1001)
        self.numbers = itertools.count(1)
        self.people: dict[str, Person] = {}
        self.tokens: dict[str, Token] = {}
        self.tickets: dict[int, Ticket] = {}
        self.pulls: dict[int, Pull] = {}
        self.remarks: dict[int, Remark] = {}
        self.threads: dict[int, Thread] = {}
        self.checks: dict[int, dict[str, Any]] = {}
        self.uploads: list[dict[str, Any]] = []
        self.runs: dict[int, dict[str, Any]] = {}
        self.artifacts: dict[int, tuple[int, str, bytes]] = {}
        self.claims: dict[int, dict[str, Any]] = {}
        self.teams: dict[str, list[str]] = {}
        self.reruns: list[int] = []
        self.moves: list[Moved] = []
        self.code_scanning = True
        self.default_branch = "main"
        self.bot = self.person("github-actions[bot]", number=41898282, kind="Bot")

    def person(
        self, login: str, *, number: int = 0, kind: str = "User", permission: str = "read"
    ) -> Person:
        """Somebody by name, made when they are new."""
        if login not in self.people:
            self.people[login] = Person(number or next(self.ids), login, kind, permission)
        return self.people[login]

    def token(
        self, value: str, person: Person | None = None, *, app: int = 15368,
        rights: dict[str, Right] | None = None,
    ) -> str:  # fmt: skip
        """A token of a job, or of somebody, with all rights or only these."""
        granted = dict(ALL_RIGHTS) if rights is None else rights
        self.tokens[value] = Token(person or self.bot, granted, app)
        return value

    def git(self, *arguments: str, check: bool = True, given: bytes | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.bare, capture_output=True, check=False, input=given
        )
        assert not check or done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8", "surrogateescape")

    def commit_of(self, name: str) -> str:
        """The full id of a branch or commit, empty when there is none."""
        done = self.git("rev-parse", "--verify", "-q", f"{name}^{{commit}}", check=False)
        return done.strip()

    def head(self, pull: Pull) -> str:
        """The commit that a pull request is about."""
        return self.commit_of(f"refs/pull/{pull.number}/head")

    def base(self, pull: Pull) -> str:
        """The commit of the branch that it wants to go into."""
        return self.commit_of(f"refs/heads/{pull.base}")

    def push(self, repo: Repo, branch: str, *, force: bool = False) -> str:
        """Take a branch of a working copy, and move the pull requests that come from it."""
        before = self.commit_of(f"refs/heads/{branch}")
        repo.git("push", "-q", *(("--force",) if force else ()), str(self.bare),
                 f"HEAD:refs/heads/{branch}")  # fmt: skip
        commit = repo.git("rev-parse", "HEAD")
        self.moved(branch, before, commit)
        return commit

    def moved(self, branch: str, before: str, after: str, by: Person | None = None) -> None:
        """Remember that a branch is elsewhere, and have its pull requests follow."""
        stamp = self.clock.stamp()
        ours = [it for it in self.pulls.values() if it.branch == branch]
        for pull in ours:
            if self.tickets[pull.number].state == "open":
                self.git("update-ref", f"refs/pull/{pull.number}/head", after)
        for name in {self.full_name, *(it.head_repository for it in ours)}:
            who = by or self.person("octocat", permission="write")
            self.moves.append(Moved(name, branch, before, after, stamp, who))

    def pushed_at(self, full_name: str) -> str:
        """When anything of a repository was pushed last."""
        found = [it.moment for it in self.moves if it.repository == full_name]
        return found[-1] if found else "2026-01-02T03:04:05Z"

    def open_pull(
        self, branch: str, base: str = "main", *, title: str = "A change", body: str = "",
        author: Person | None = None, fork: str = "", draft: bool = False,
    ) -> int:  # fmt: skip
        """A pull request from a branch that was pushed; its number."""
        number = next(self.numbers)
        who = author or self.person("octocat", permission="write")
        self.tickets[number] = Ticket(number, title, body, who, updated=self.clock.stamp())
        self.pulls[number] = Pull(number, branch, base, fork or self.full_name, draft)
        self.git("update-ref", f"refs/pull/{number}/head", self.commit_of(f"refs/heads/{branch}"))
        return number

    def remark(self, number: int, body: str, author: Person | None = None) -> Remark:
        """A comment by somebody."""
        stamp = self.clock.stamp()
        made = Remark(next(self.ids), number, author or self.person("octocat"), body, stamp, stamp)
        self.remarks[made.id] = made
        return made

    def on(self, number: int) -> list[Remark]:
        """The comments on an issue or pull request, oldest first."""
        return [it for it in self.remarks.values() if it.number == number]

    def threads_on(self, number: int) -> list[Thread]:
        """The review threads of a pull request that have comments left."""
        return [it for it in self.threads.values() if it.number == number and it.comments]

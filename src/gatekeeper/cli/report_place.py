"""What is known around `report`: by its options, by the workflow, by the repository."""

from __future__ import annotations

from argparse import Namespace

import msgspec

from gatekeeper import wiring
from gatekeeper.adapters.actions import HAND_OVER, Origin
from gatekeeper.adapters.clock import SystemClock
from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.origin import from_remote, is_commit
from gatekeeper.cli.setting import load_setting
from gatekeeper.config.issue_options import IssueOptions
from gatekeeper.config.pull_request_options import PullRequestOptions
from gatekeeper.errors import ForgeError, RepositoryError, UsageError
from gatekeeper.model.forge import WorkflowRun
from gatekeeper.ports.forge import Forge
from gatekeeper.ports.repository import Snapshot
from gatekeeper.publish.subject import UNTRUSTED, Subject
from gatekeeper.reports.comment_look import Look
from gatekeeper.reports.interface import Nothing, Sources
from gatekeeper.text.codeowners import MOST_BYTES, PLACES, CodeOwners
from gatekeeper.text.names import printable


class Place:
    """`subject` is what is reported on, `look` and `sources` what its text needs.

    `token` is used instead of that of the environment. `judged`: this is about a commit, and
    UsageError is raised when nobody says which.
    """

    def __init__(
        self, options: Namespace, token: str | None = None, *, judged: bool = True
    ) -> None:
        repository = _repository()
        origin = _completed(wiring.current_origin(), repository, options)
        self.origin = msgspec.structs.replace(origin, token=token) if token else origin
        self.options = PullRequestOptions()
        self.issues = IssueOptions()
        owners = CodeOwners("")
        sources = Sources(Nothing())
        # What a run was about is known once the forge was asked: see `turn_to`.
        commit = ""
        if judged and not options.from_run:
            commit = _commit(origin, repository, options)
        if repository is not None:
            head = repository.worktree()
            setting = load_setting(repository.root, head, options.config)
            self.options = setting.loaded.config.pull_requests
            self.issues = setting.loaded.config.issues
            owners = _owners(head)
            # Code of another commit would be quoted beside problems that it does not have.
            if commit and repository.head() in (commit, origin.checked):
                sources = Sources(head)
        self.sources = sources
        blob = f"{self._address()}/blob/{commit}" if self._address() and commit else ""
        branch = repository.branch() if repository is not None else ""
        self.subject = Subject(
            commit=commit,
            number=options.pull or origin.number,
            run=origin.run,
            attempt=origin.attempt,
            part=options.name or origin.part,
            name=options.name,
            checked=origin.checked or commit,
            ref=origin.ref or (f"refs/heads/{branch}" if branch else ""),
            blob=blob,
            details=origin.details,
        )
        self.look = Look(
            blob=blob,
            details=origin.details,
            today=SystemClock().today(),
            expiring_days=self.options.expiring_days,
            owners=owners,
        )

    def turn_to(self, run: WorkflowRun, number: int) -> None:
        """What another run says of a pull request, whose code is not here and was never trusted."""
        address = self._address()
        blob = f"{address}/blob/{run.head}" if address else ""
        details = f"{address}/actions/runs/{run.id}" if address else ""
        self.subject = msgspec.structs.replace(
            self.subject, commit=run.head, checked=run.head, number=number, run=run.id,
            attempt=run.attempt, blob=blob, details=details, untrusted=True,
        )  # fmt: skip
        remark = f"{UNTRUSTED[0].upper()}{UNTRUSTED[1:]}."
        self.look = msgspec.structs.replace(self.look, blob=blob, details=details, remark=remark)

    def _address(self) -> str:
        """The repository's address for people; empty when it is not known."""
        origin = self.origin
        known = origin.server and origin.repository
        return f"{origin.server}/{origin.repository}" if known else ""

    def forge(self) -> Forge:
        """The forge. Raises UsageError when it is not known which, ForgeError without a token."""
        if not self.origin.repository:
            raise UsageError(
                "nobody says which repository to report to",
                remedy="give --repository OWNER/NAME",
            )
        if not self.origin.token:
            raise ForgeError(
                "unauthenticated", "there is no token to report with", remedy=HAND_OVER
            )
        return wiring.open_forge(self.origin)


def _repository() -> GitRepository | None:
    try:
        return wiring.open_repository()
    except RepositoryError:
        return None


def _completed(origin: Origin, repository: GitRepository | None, options: Namespace) -> Origin:
    """What the environment leaves open, by options and by the remote `origin`."""
    api, name = from_remote(repository.remote()) if repository is not None else ("", "")
    repository_name = options.repository or origin.repository or name
    # An address of the remote is one for its own repository, and for no other.
    api = origin.api or (api if repository_name == name else "") or "https://api.github.com"
    server = origin.server
    if not server and repository_name:
        host = api.removeprefix("https://").removesuffix("/api/v3")
        server = "https://github.com" if host == "api.github.com" else f"https://{host}"
    return msgspec.structs.replace(origin, api=api, repository=repository_name, server=server)


def _commit(origin: Origin, repository: GitRepository | None, options: Namespace) -> str:
    commit = options.commit or origin.commit
    if not commit and repository is not None:
        commit = repository.head()
    if not is_commit(commit):
        said = f"{printable(commit)!r} is no full id of a commit" if commit else ""
        raise UsageError(
            said or "nobody says which commit was judged",
            remedy="give --commit with the 40 digits that `git rev-parse HEAD` prints",
        )
    return commit


def _owners(head: Snapshot) -> CodeOwners:
    entries = head.entries()
    for path in PLACES:
        entry = entries.get(path)
        if entry is not None and entry.regular:
            content = head.read(path)
            return CodeOwners(
                content.decode("utf-8", "replace") if len(content) <= MOST_BYTES else ""
            )
    return CodeOwners("")

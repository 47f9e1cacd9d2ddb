"""GitHub's pull requests."""

from __future__ import annotations

from urllib.parse import quote

from gatekeeper.adapters.github_http import PER_PAGE, Api
from gatekeeper.adapters.github_wire import WireFile, WirePull, actor, read
from gatekeeper.model.forge import ChangedFile, ChangedFiles, PullRequest

# GitHub lists no more files of a pull request than these.
MOST_FILES = 3_000
_READ = "pull-requests: read"
_WRITE = "pull-requests: write"


class GitHubPullRequests:
    """The port `PullRequests`."""

    _api: Api

    def pull_request(self, number: int) -> PullRequest:
        path = f"pulls/{number}"
        return _pull(read(self._api.call("GET", path, needs=_READ), WirePull, path))

    def pull_requests_of(self, commit: str) -> list[PullRequest]:
        path = f"commits/{quote(commit, safe='')}/pulls"
        found = [
            _pull(it)
            for page in self._api.pages(path, needs=_READ, most=3)
            for it in read(page, list[WirePull], path)
        ]
        # GitHub also names those that merely contain it.
        at_head = [it for it in found if it.head == commit and self._ours(it)]
        return sorted(at_head, key=lambda it: (it.state != "open", -it.number))

    def pull_requests_from(self, branch: str, owner: str = "") -> list[PullRequest]:
        owner = owner or self._api.access.repository.partition("/")[0]
        query = {"head": f"{owner}:{branch}", "state": "open"}
        found = [
            _pull(it)
            for page in self._api.pages("pulls", needs=_READ, query=query, most=3)
            for it in read(page, list[WirePull], "pulls")
        ]
        # GitHub leaves a filter out that it does not understand.
        return [
            it
            for it in found
            if it.head_branch == branch
            and it.head_repository.partition("/")[0].lower() == owner.lower()
            and self._ours(it)
        ]

    def changed_files(self, number: int, wanted: frozenset[str] | None = None) -> ChangedFiles:
        path = f"pulls/{number}/files"
        found: list[ChangedFile] = []
        missing = None if wanted is None else set(wanted)
        for page in self._api.pages(path, needs=_READ, most=MOST_FILES // PER_PAGE):
            for it in read(page, list[WireFile], path):
                found.append(_file(it))
                if missing is not None:
                    missing.discard(it.filename)
            if missing is not None and not missing:
                return ChangedFiles(tuple(found), complete=True)
        return ChangedFiles(tuple(found), complete=len(found) < MOST_FILES)

    def open_pull_request(
        self, *, title: str, body: str, branch: str, base: str, draft: bool = False
    ) -> PullRequest:
        given = {"title": title, "body": body, "head": branch, "base": base, "draft": draft}
        return _pull(read(self._api.call("POST", "pulls", given, needs=_WRITE), WirePull, "pulls"))

    def edit_pull_request(self, number: int, *, title: str, body: str) -> PullRequest:
        path = f"pulls/{number}"
        given = {"title": title, "body": body}
        return _pull(read(self._api.call("PATCH", path, given, needs=_WRITE), WirePull, path))

    def _ours(self, pull: PullRequest) -> bool:
        """A fork's commits are known to the whole network of repositories."""
        return pull.base_repository.lower() == self._api.access.repository.lower()


def _pull(wire: WirePull) -> PullRequest:
    return PullRequest(
        number=wire.number,
        title=wire.title,
        state="open" if wire.state == "open" else "closed",
        head=wire.head.sha,
        head_branch=wire.head.ref,
        head_repository=wire.head.repo.full_name if wire.head.repo else "",
        base=wire.base.sha,
        base_branch=wire.base.ref,
        base_repository=wire.base.repo.full_name if wire.base.repo else "",
        author=actor(wire.user),
        draft=bool(wire.draft),
        merged=wire.merged_at is not None,
        url=wire.html_url,
        pushed=(wire.head.repo.pushed_at or "") if wire.head.repo else "",
    )


def _file(wire: WireFile) -> ChangedFile:
    return ChangedFile(
        path=wire.filename,
        status=wire.status,
        previous=wire.previous_filename,
        patch=wire.patch,
        additions=wire.additions,
        deletions=wire.deletions,
        blob=wire.sha or "",
    )

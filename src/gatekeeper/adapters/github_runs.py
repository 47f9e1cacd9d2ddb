"""GitHub's workflow runs, and what they kept."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from gatekeeper.adapters.github_http import Api
from gatekeeper.adapters.github_wire import WireArtifacts, WireRun, WireRuns, actor, read
from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import Artifact, WorkflowRun

_READ = "actions: read"
_TIMEOUT = 60
_CHUNK = 1 << 16


class GitHubRuns:
    """The port `Runs`."""

    _api: Api

    def run(self, run: int) -> WorkflowRun:
        path = f"actions/runs/{run}"
        return _run(read(self._api.call("GET", path, needs=_READ), WireRun, path))

    def runs_of(self, workflow: str, commit: str) -> list[WorkflowRun]:
        path = f"actions/workflows/{quote(workflow, safe='')}/runs"
        pages = self._api.pages(path, needs=_READ, query={"head_sha": commit}, most=3)
        return [_run(it) for page in pages for it in read(page, WireRuns, path).workflow_runs]

    def runs_at(self, commit: str) -> list[WorkflowRun]:
        path = "actions/runs"
        query = {"head_sha": commit, "event": "pull_request"}
        pages = self._api.pages(path, needs=_READ, query=query, most=3)
        found = [_run(it) for page in pages for it in read(page, WireRuns, path).workflow_runs]
        # GitHub leaves a filter out that it does not understand.
        ours = [it for it in found if it.head == commit and it.event == "pull_request"]
        return sorted(ours, key=lambda it: -it.id)

    def artifacts(self, run: int) -> list[Artifact]:
        path = f"actions/runs/{run}/artifacts"
        return [
            Artifact(it.id, it.name, it.size_in_bytes, it.expired, it.digest or "")
            for page in self._api.pages(path, needs=_READ, most=10)
            for it in read(page, WireArtifacts, path).artifacts
        ]

    def download(self, artifact: int, most: int) -> bytes:
        path = f"actions/artifacts/{artifact}/zip"
        answer = self._api.answer("GET", path, needs=_READ)
        address = answer.headers.get("location", "")
        api = urlsplit(self._api.access.api)
        if urlsplit(address).scheme not in ("https", api.scheme):
            raise ForgeError("unavailable", "GitHub names no place to download from", where=path)
        return _fetched(address, most, path)

    def rerun(self, run: int, *, failed_only: bool = False) -> None:
        action = "rerun-failed-jobs" if failed_only else "rerun"
        self._api.call("POST", f"actions/runs/{run}/{action}", needs="actions: write")


def _fetched(address: str, most: int, where: str) -> bytes:
    """What is at a signed address; the token is not sent there."""
    import requests

    with requests.Session() as session:
        session.auth = lambda request: request  # nothing of .netrc either
        try:
            with session.get(address, timeout=_TIMEOUT, stream=True) as answer:
                answer.raise_for_status()
                content = bytearray()
                for chunk in answer.iter_content(_CHUNK):
                    content += chunk
                    if len(content) > most:
                        raise ForgeError(
                            "too-large",
                            f"the artifact has more than {most >> 20} MiB",
                            where=where,
                            remedy="a result of gatekeeper is never that large: do not trust it",
                        )
        except requests.exceptions.RequestException as error:
            # The address is a secret: whoever has it can download.
            raise ForgeError(
                "unreachable",
                f"the artifact could not be downloaded ({type(error).__name__})",
                where=where,
                remedy="run the job again",
            ) from None
    return bytes(content)


def _run(wire: WireRun) -> WorkflowRun:
    return WorkflowRun(
        id=wire.id,
        attempt=wire.run_attempt,
        name=wire.name or "",
        path=wire.path,
        event=wire.event,
        head=wire.head_sha,
        head_branch=wire.head_branch or "",
        head_repository=wire.head_repository.full_name if wire.head_repository else "",
        repository=wire.repository.full_name if wire.repository else "",
        status=wire.status or "",
        conclusion=wire.conclusion or "",
        actor=actor(wire.actor),
        pull_requests=tuple(it.number for it in wire.pull_requests or ()),
        url=wire.html_url,
        started=wire.run_started_at,
    )

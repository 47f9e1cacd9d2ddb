"""The CI the command runs in. The only module that reads the Actions runner's variables."""

from __future__ import annotations

import os
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from gatekeeper.adapters.origin import is_commit, is_repository, read_event
from gatekeeper.text.patterns import regex

_MERGE_REF = regex(r"refs/pull/\d+/merge")
_EVENT_LIMIT = 25 * 1024 * 1024


class _Ref(Struct, frozen=True):
    sha: str = ""
    ref: str = ""


class _PullRequest(Struct, frozen=True):
    base: _Ref = _Ref()


class _MergeGroup(Struct, frozen=True):
    base_sha: str = ""


class _Event(Struct, frozen=True):
    pull_request: _PullRequest | None = None
    merge_group: _MergeGroup | None = None
    before: str | None = None


class Ci(Struct, frozen=True):
    """What a CI says about the change: commits are full ids; empty where it says nothing.

    `merge_commit` is the pull request merged into its base, made by GitHub for the run.
    """

    present: bool = False
    base_commit: str = ""
    base_branch: str = ""
    merge_commit: str = ""
    event: str = ""


def on_runner(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the Actions runner reads standard output, and takes commands from it."""
    return environ.get("GITHUB_ACTIONS") == "true"


def read_ci(environ: Mapping[str, str] = os.environ) -> Ci:
    """The CI around this process. A missing or broken event file is no error: less is known."""
    if not on_runner(environ):
        return Ci(present=bool(environ.get("CI")))
    event = environ.get("GITHUB_EVENT_NAME", "")
    payload = _event(environ.get("GITHUB_EVENT_PATH", ""))
    branch = environ.get("GITHUB_BASE_REF", "")
    base = ""
    if payload.pull_request is not None:
        base = payload.pull_request.base.sha
        branch = branch or payload.pull_request.base.ref
    elif payload.merge_group is not None:
        base = payload.merge_group.base_sha
    elif event == "push" and payload.before and set(payload.before) != {"0"}:
        base = payload.before
    made = (
        environ.get("GITHUB_SHA", "") if _MERGE_REF.fullmatch(environ.get("GITHUB_REF", "")) else ""
    )
    return Ci(
        present=True,
        base_commit=base if is_commit(base) else "",
        base_branch=branch,
        merge_commit=made if is_commit(made) else "",
        event=event,
    )


def _event(path: str) -> _Event:
    try:
        with open(path, "rb") as file:
            return msgspec.json.decode(file.read(_EVENT_LIMIT), type=_Event)
    except (OSError, ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return _Event()


class Origin(Struct, frozen=True):
    """Where this runs, for what is reported to the forge. `token` is shown nowhere.

    `commit` and `number` are the change's, as far as the event tells; `checked` is the commit that
    a workflow checks out. `server` is the address for people. Empty where nothing is known. `comment` is
    the number of the comment that started the workflow.
    """

    api: str = ""
    server: str = ""
    repository: str = ""
    token: str = ""
    commit: str = ""
    checked: str = ""
    ref: str = ""
    number: int = 0
    run: int = 0
    attempt: int = 1
    part: str = ""
    details: str = ""
    read_only: str = ""
    comment: int = 0

    def __repr__(self) -> str:
        return f"Origin({self.repository!r}, {self.number!r})"


# Ours first, so that a workflow may keep another one for everything else.
_TOKENS = ("GATEKEEPER_TOKEN", "GH_TOKEN", "GITHUB_TOKEN")
HAND_OVER = "set GITHUB_TOKEN: in a workflow `GITHUB_TOKEN: ${{ github.token }}` below `env:`"


def read_origin(environ: Mapping[str, str] = os.environ) -> Origin:
    """What the environment says; on a machine of one's own that is hardly more than a token."""
    token = next((it for name in _TOKENS if (it := environ.get(name, "").strip())), "")
    api = environ.get("GITHUB_API_URL", "")
    repository = environ.get("GITHUB_REPOSITORY", "")
    repository = repository if is_repository(repository) else ""
    if not on_runner(environ):
        return Origin(api=api, repository=repository, token=token)
    told = read_event(environ.get("GITHUB_EVENT_PATH", ""))
    sha = environ.get("GITHUB_SHA", "")
    server = current_server(environ)
    run = _number(environ.get("GITHUB_RUN_ID", ""))
    names = (environ.get(it, "") for it in ("GITHUB_WORKFLOW", "GITHUB_JOB"))
    return Origin(
        api=api or "https://api.github.com",
        server=server,
        repository=repository,
        token=token,
        commit=told.commit or (sha if is_commit(sha) else ""),
        checked=sha if is_commit(sha) else "",
        ref=environ.get("GITHUB_REF", ""),
        number=told.number,
        run=run,
        attempt=max(1, _number(environ.get("GITHUB_RUN_ATTEMPT", ""))),
        part=" / ".join(filter(None, names)),
        details=f"{server}/{repository}/actions/runs/{run}" if run and repository else "",
        read_only=told.read_only,
        comment=told.comment,
    )


def current_server(environ: Mapping[str, str] = os.environ) -> str:
    """The address of the GitHub that this runs for; github.com where nothing tells."""
    told = environ.get("GITHUB_SERVER_URL", "") if on_runner(environ) else ""
    return told.rstrip("/") or "https://github.com"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0

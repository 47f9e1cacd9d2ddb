"""The CI the command runs in. The only module that reads the Actions runner's variables."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

import msgspec
from msgspec import Struct

_MERGE_REF = re.compile(r"refs/pull/\d+/merge")
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
        base_commit=base if _is_commit(base) else "",
        base_branch=branch,
        merge_commit=made if _is_commit(made) else "",
        event=event,
    )


def _event(path: str) -> _Event:
    try:
        with open(path, "rb") as file:
            return msgspec.json.decode(file.read(_EVENT_LIMIT), type=_Event)
    except (OSError, ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return _Event()


def _is_commit(text: str) -> bool:
    return len(text) in (40, 64) and all(char in "0123456789abcdef" for char in text)

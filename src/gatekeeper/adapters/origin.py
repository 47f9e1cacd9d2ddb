"""What the surroundings say of the repository, the commit and the pull request to report on.

The event file is written by the runner from what GitHub sent. All the same nothing of it is taken
for more than a name to look up: the forge has the last word about heads and numbers.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from gatekeeper.text.patterns import regex

_EVENT_LIMIT = 25 * 1024 * 1024
_REPOSITORY = regex(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
_COMMIT = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
DEPENDABOT = 49699333


class _Repository(Struct):
    full_name: str = ""


class _Side(Struct):
    sha: str = ""
    ref: str = ""
    repo: _Repository | None = None


class _Pull(Struct):
    number: int = 0
    head: _Side = msgspec.field(default_factory=_Side)
    base: _Side = msgspec.field(default_factory=_Side)


class _Queue(Struct):
    head_sha: str = ""
    head_ref: str = ""


class _Sender(Struct):
    id: int = 0


class _Comment(Struct):
    id: int = 0


class _Event(Struct):
    pull_request: _Pull | None = None
    merge_group: _Queue | None = None
    sender: _Sender | None = None
    comment: _Comment | None = None


class Told(Struct, frozen=True):
    """What an event says of the change: `number` 0 is no pull request; `read_only` says why the
    token cannot write, where the event tells. `comment` is the one that the event is about."""

    commit: str = ""
    number: int = 0
    read_only: str = ""
    comment: int = 0


def read_event(path: str) -> Told:
    """A missing, huge or broken event file is no error: less is known."""
    try:
        with open(path, "rb") as file:
            raw = file.read(_EVENT_LIMIT + 1)
        event = msgspec.json.decode(raw, type=_Event) if len(raw) <= _EVENT_LIMIT else _Event()
    except (OSError, ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return Told()
    sender = event.sender.id if event.sender else 0
    if event.pull_request is not None:
        pull = event.pull_request
        return Told(
            commit=pull.head.sha if is_commit(pull.head.sha) else "",
            number=pull.number if 0 < pull.number < 2**31 else 0,
            read_only=_read_only(pull, sender),
        )
    if event.merge_group is not None and is_commit(event.merge_group.head_sha):
        return Told(commit=event.merge_group.head_sha)
    if event.comment is not None and 0 < event.comment.id < 2**63:
        return Told(comment=event.comment.id)
    return Told()


def is_commit(text: str) -> bool:
    """Whether it is the full id of a commit."""
    return bool(_COMMIT.fullmatch(text))


def is_repository(text: str) -> bool:
    """Whether it is OWNER/NAME."""
    return bool(_REPOSITORY.fullmatch(text)) and text.partition("/")[2] not in (".", "..")


def _read_only(pull: _Pull, sender: int) -> str:
    who = ""
    head, base = (it.repo.full_name if it.repo else "" for it in (pull.head, pull.base))
    if sender == DEPENDABOT:
        who = "Dependabot"
    elif base and head.lower() != base.lower():
        who = "forks"
    if not who:
        return ""
    return (
        f"pull requests from {who} get a token that can only read, whatever the workflow says:"
        " report from a second workflow, as docs/pull-requests.md tells"
    )


# https://host/owner/name, ssh://git@host/owner/name and git@host:owner/name.
_REMOTE = regex(
    r"(?:https?://(?:[^/@\s]*@)?|ssh://(?:[^/@\s]*@)?|[\w.-]+@)(?P<host>[A-Za-z0-9.-]+)(?P<port>:\d+)?[/:]"
    r"(?P<name>[A-Za-z0-9-]+/[A-Za-z0-9._-]+?)(?:\.git)?/?"
)


def from_remote(url: str) -> tuple[str, str]:
    """The API's address and OWNER/NAME behind a remote's address; empty when it has none."""
    found = _REMOTE.fullmatch(url)
    if not found:
        return "", ""
    host = found["host"].lower()
    if host in ("github.com", "ssh.github.com", "www.github.com"):
        return "https://api.github.com", found["name"]
    # What stands behind the name of a host of ssh is no port of its API.
    port = found["port"] or "" if url.startswith("https://") else ""
    return f"https://{host}{port}/api/v3", found["name"]

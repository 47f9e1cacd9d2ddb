"""What GitHub says when it refuses, in words that help."""

from __future__ import annotations

import json
from typing import Any, Literal

from msgspec import Struct

from gatekeeper.errors import ForgeError, ForgeProblem
from gatekeeper.text.names import printable
from gatekeeper.text.redact import redact

_SECONDARY = ("secondary rate limit", "abuse detection", "wait a few minutes")
_GRAPHQL: dict[str, ForgeProblem] = {
    "FORBIDDEN": "permission",
    "INSUFFICIENT_SCOPES": "permission",
    "NOT_FOUND": "not-found",
    "UNPROCESSABLE": "invalid",
}
_KINDS: dict[int, ForgeProblem] = {
    401: "unauthenticated",
    403: "permission",
    404: "not-found",
    409: "conflict",
    410: "not-found",
    413: "too-large",
    415: "invalid",
    422: "invalid",
}
_WORDS: dict[ForgeProblem, str] = {
    "unauthenticated": "GitHub does not accept the token",
    "permission": "the token may not do this",
    "not-found": "GitHub has no such thing, or does not show it to this token",
    "conflict": "something else changed it meanwhile",
    "too-large": "GitHub takes nothing that large",
    "invalid": "GitHub does not take this",
    "unavailable": "GitHub could not answer",
    "unreachable": "GitHub could not be reached",
}


_REMEDIES: dict[ForgeProblem, str] = {
    "unauthenticated": "it has expired or was revoked: hand over the job's own token, or a new one",
    "unavailable": "run the job again; see https://www.githubstatus.com for github.com",
    "unreachable": "run the job again; is the address of the API right?",
}


class RateLimit(Struct, frozen=True):
    """A limit that was hit: wait so many seconds, or until `reset` (seconds since the epoch)."""

    kind: Literal["primary", "secondary"]
    seconds: float = 0.0
    reset: float = 0.0


class Answer(Struct):
    """What came back. Status 0: nothing did, and `error` says why; `unsent`: nothing was sent."""

    status: int
    headers: dict[str, str]
    text: str
    error: str = ""
    unsent: bool = False

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The errors of a GraphQL answer, which has status 200 all the same."""
        if not self.text.startswith("{") or '"errors"' not in self.text:
            return []
        found = self.data.get("errors")
        return [it for it in found if isinstance(it, dict)] if isinstance(found, list) else []

    @property
    def data(self) -> dict[str, Any]:
        """The body, when it is a JSON object."""
        try:
            found = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def said(self) -> str:
        """GitHub's own words, on one line, with nothing that looks like a credential."""
        words = str(self.data.get("message") or "")
        details = self.data.get("errors")
        for item in details if isinstance(details, list) else ():
            words += f"; {item.get('message') or item.get('code') or '' if isinstance(item, dict) else item}"
        return printable(redact(" ".join(words.strip("; ").split())))[:300]


def limited(answer: Answer) -> RateLimit | None:
    """The limit that was hit, if one was."""
    if answer.status == 200 and any(it.get("type") == "RATE_LIMITED" for it in answer.problems):
        return RateLimit("primary", reset=_number(answer, "x-ratelimit-reset"))
    if answer.status not in (403, 429):
        return None
    after = _number(answer, "retry-after")
    secondary = any(it in answer.said.lower() for it in _SECONDARY)
    if answer.headers.get("x-ratelimit-remaining") == "0" and not secondary:
        return RateLimit("primary", seconds=after, reset=_number(answer, "x-ratelimit-reset"))
    if secondary or after or answer.status == 429:
        # GitHub asks for at least a minute where it names no time.
        return RateLimit("secondary", seconds=after or 60.0)
    return None


def problem(answer: Answer, verb: str, path: str, needs: str, read_only: str) -> ForgeError:
    """The error for an answer; `read_only` says why this token cannot write, where that is known."""
    kind = _kind(answer)
    said = answer.error or answer.said
    message = _WORDS[kind] + (f": {said}" if said else "")
    uncertain = verb == "POST" and kind in ("unavailable", "unreachable") and not answer.unsent
    return ForgeError(
        kind,
        message,
        where=f"{verb} {printable(path)}",
        remedy=_remedy(kind, answer, needs, read_only),
        uncertain=uncertain,
    )


def _kind(answer: Answer) -> ForgeProblem:
    if answer.status == 0:
        return "unreachable"
    if answer.problems and answer.status < 300:
        return _GRAPHQL.get(str(answer.problems[0].get("type")), "invalid")
    if answer.status >= 500:
        return "unavailable"
    if answer.status == 422 and "fast forward" in answer.said:
        return "conflict"
    return _KINDS.get(answer.status, "invalid")


def _remedy(kind: ForgeProblem, answer: Answer, needs: str, read_only: str) -> str:
    if kind in ("permission", "not-found") and needs.endswith("write") and read_only:
        return read_only
    if kind == "permission" and "authenticate via a GitHub App" in answer.said:
        return "only an app's token can do it; the token of a workflow's job is one"
    if kind == "permission" and "not permitted to create or approve" in answer.said:
        return (
            "allow it in the repository's settings: Actions, General, Workflow permissions; or hand"
            " over the token of an app"
        )
    if kind == "permission":
        return _permissions(f"it needs `{needs}`; add this to the job:", needs)
    if kind == "not-found" and needs:
        return _permissions(
            f"if it is there, the token needs `{needs}`; add this to the job:", needs
        )
    return _REMEDIES.get(kind, "")


def _permissions(sentence: str, needs: str) -> str:
    return f"{sentence}\npermissions:\n" + "\n".join(f"  {it}" for it in needs.split(", "))


def _number(answer: Answer, header: str) -> float:
    try:
        return max(0.0, float(answer.headers.get(header, "")))
    except ValueError:  # a date is allowed as well, and GitHub sends none
        return 0.0

"""Requests to GitHub: through PyGithub, counted, within its limits, repeated where that is safe."""

from __future__ import annotations

import json
import random
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from gatekeeper.adapters.github_errors import Answer, RateLimit, limited, problem
from gatekeeper.errors import ForgeError
from gatekeeper.text.names import printable
from gatekeeper.text.redact import redact
from gatekeeper.version import VERSION

API_VERSION = "2022-11-28"
PER_PAGE = 100
_TIMEOUT = 30
_ATTEMPTS = 4
_READS = ("GET", "HEAD")
# GitHub takes 80 requests that make content in a minute; the rest of the workflow makes some, too.
_WRITES_PER_MINUTE = 60


class Access(Struct, frozen=True):
    """Where GitHub is, and how to speak to it. `token` is shown nowhere.

    `budget` is the most requests of one run, `patience` the most seconds spent waiting for limits.
    """

    api: str
    repository: str
    token: str
    read_only: str = ""
    budget: int = 400
    patience: float = 120.0

    def __repr__(self) -> str:
        return f"Access({self.api!r}, {self.repository!r})"


class Pace(Struct, frozen=True):
    """Time, handed in for tests: `now` in seconds since the epoch."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random


class Api:
    """One repository's REST and GraphQL. Raises ForgeError for everything that goes wrong."""

    def __init__(self, access: Access, pace: Pace) -> None:
        from github.Auth import Token
        from github.Requester import Requester

        _check_address(access)
        self.access = access
        self.requests = 0
        self._pace = pace
        self._patience = access.patience
        self._writes: deque[float] = deque(maxlen=_WRITES_PER_MINUTE)
        self._requester = Requester(
            auth=Token(access.token),
            base_url=access.api.rstrip("/"),
            timeout=_TIMEOUT,
            user_agent=f"gatekeeper/{VERSION}",
            per_page=PER_PAGE,
            verify=True,
            retry=0,
            pool_size=None,
            api_version=API_VERSION,
        )

    def close(self) -> None:
        """Close the connection."""
        self._requester.close()

    def call(
        self,
        verb: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        needs: str,
        again: bool | None = None,
        query: Mapping[str, str] | None = None,
        allow: tuple[int, ...] = (),
    ) -> Any:
        """The decoded answer. `path` is below the repository, or from the top with a slash.

        `needs` names the permission, such as `pull-requests: write`. `again` says whether a fault
        half-way may be answered by doing it once more; by default all but POST. Statuses in
        `allow` give None instead of an error.
        """
        answer = self.answer(verb, path, body, needs=needs, again=again, query=query, allow=allow)
        if answer.status in allow or not answer.text:
            return None
        return _decoded(answer, path)

    def answer(
        self,
        verb: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        needs: str,
        again: bool | None = None,
        query: Mapping[str, str] | None = None,
        allow: tuple[int, ...] = (),
    ) -> Answer:
        """The answer with its headers; see `call`."""
        full = path if path.startswith("/") else f"/repos/{self.access.repository}/{path}"
        if {".", ".."} & set(full.split("/")):
            # On its way it would become another address.
            raise ForgeError("invalid", "no such path can be asked for", where=printable(path))
        return self._send(verb, full, body, needs, verb != "POST" if again is None else again,
                          query, allow)  # fmt: skip

    def pages(
        self, path: str, *, needs: str, query: Mapping[str, str] | None = None, most: int = 100
    ) -> Iterator[Any]:
        """The decoded pages of a list, at most so many."""
        # Only the query of the next page is taken from the answer: the path stays ours.
        given: Mapping[str, str] | None = {"per_page": str(PER_PAGE), **(query or {})}
        following = path
        for _ in range(most):
            answer = self.answer("GET", following, needs=needs, query=given)
            yield _decoded(answer, path)
            rest = _next(answer.headers.get("link", ""))
            if not rest:
                return
            following, given = f"{path}?{rest}", None

    def graphql(
        self, query: str, variables: Mapping[str, Any], *, needs: str, gone: bool = False
    ) -> Any:
        """The `data` of an answer. Only for what may be sent twice. `gone`: what is not there any
        more is no error."""
        path = urlsplit(self._requester.graphql_url).path
        body = {"query": query, "variables": variables}
        answer = self._send("POST", path, body, needs, True, None, (), absolute=True, gone=gone)
        return _decoded(answer, "graphql").get("data")

    def _send(
        self, verb: str, path: str, body: Mapping[str, Any] | None, needs: str, again: bool,
        query: Mapping[str, str] | None, allow: tuple[int, ...], *, absolute: bool = False,
        gone: bool = False,
    ) -> Answer:  # fmt: skip
        attempt = 0
        while True:
            attempt += 1
            answer = self._once(verb, path, body, query, absolute=absolute)
            problems = [
                it for it in answer.problems if not (gone and it.get("type") == "NOT_FOUND")
            ]
            if answer.status in allow or (200 <= answer.status < 400 and not problems):
                return answer
            if limit := limited(answer):
                self._wait(limit, attempt, path)
                continue
            fault = answer.status == 0 or answer.status >= 500
            if fault and attempt < _ATTEMPTS and (again or verb in _READS or answer.unsent):
                self._pace.sleep(2 ** (attempt - 1) * (0.5 + self._pace.jitter()))
                continue
            raise problem(answer, verb, path, needs, self.access.read_only)

    def _once(
        self, verb: str, path: str, body: Mapping[str, Any] | None,
        query: Mapping[str, str] | None, *, absolute: bool,
    ) -> Answer:  # fmt: skip
        import requests

        if self.requests >= self.access.budget:
            raise ForgeError(
                "budget",
                f"more than {self.access.budget} requests to GitHub would be needed",
                where=path,
                remedy="the rest is left undone, so that other jobs keep their share",
            )
        if verb not in _READS:
            self._slow_down()
        self.requests += 1
        url = f"{self._requester.scheme}://{self._requester.hostname_and_port}{path}"
        try:
            status, headers, text = self._requester.requestJson(
                verb, url if absolute else path, dict(query or {}), {}, body
            )
        except requests.exceptions.ConnectTimeout as error:
            return Answer(0, {}, "", error=self._safe(error), unsent=True)
        except requests.exceptions.SSLError as error:
            return Answer(0, {}, "", error=self._safe(error), unsent=True)
        except requests.exceptions.ConnectionError as error:
            refused = "NewConnectionError" in repr(error) or "NameResolution" in repr(error)
            return Answer(0, {}, "", error=self._safe(error), unsent=refused)
        # A redirection to somewhere else ends in a plain RuntimeError or a failed assertion.
        except (requests.exceptions.RequestException, RuntimeError, AssertionError) as error:
            return Answer(0, {}, "", error=self._safe(error))
        return Answer(status, {k.lower(): str(v) for k, v in headers.items()}, text)

    def _safe(self, error: Exception) -> str:
        """An error's words without the token, whatever a library put into them."""
        text = f"{type(error).__name__}: {error}".replace(self.access.token or "\0", "••••")
        return printable(redact(text))[:300]

    def _wait(self, limit: RateLimit, attempt: int, path: str) -> None:
        """Wait until the limit allows more. Raises ForgeError when that takes too long."""
        seconds = limit.seconds if limit.seconds else limit.reset - self._pace.now()
        # Jobs that were refused together shall not come back together.
        seconds = max(seconds, 1.0) * (1 + 0.1 * self._pace.jitter()) + attempt - 1
        if attempt >= _ATTEMPTS or seconds > self._patience:
            raise ForgeError(
                "rate-limited",
                f"GitHub's {limit.kind} rate limit is used up",
                where=path,
                remedy=f"it takes requests again in {seconds:,.0f} s: run the job again then",
            )
        self._patience -= seconds
        self._pace.sleep(seconds)

    def _slow_down(self) -> None:
        now = self._pace.now()
        if len(self._writes) == self._writes.maxlen and now - self._writes[0] < 60:
            self._pace.sleep(60 - (now - self._writes[0]))
            now = self._pace.now()
        self._writes.append(now)


def _check_address(access: Access) -> None:
    """A token is sent to an encrypted address only, or to this very machine."""
    parts = urlsplit(access.api)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and local)):
        raise ForgeError(
            "unreachable",
            f"{printable(access.api)} is no address that a token may be sent to",
            remedy="it has to begin with https://",
        )
    owner, slash, name = access.repository.partition("/")
    plain = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    odd = not set(owner + name) <= plain or {owner, name} & {".", ".."}
    if not (owner and slash and name) or odd:
        raise ForgeError(
            "invalid",
            f"{printable(access.repository)!r} is no repository",
            remedy="name it as OWNER/NAME",
        )


def _decoded(answer: Answer, path: str) -> Any:
    try:
        return json.loads(answer.text)
    except (ValueError, RecursionError):
        raise ForgeError(
            "unavailable", "GitHub's answer is no JSON", where=path, remedy="try again later"
        ) from None


def _next(link: str) -> str:
    """The query of the next page, from the header `Link`; empty at the end."""
    for part in link.split(","):
        address, _, relation = part.partition(";")
        if 'rel="next"' in relation:
            return urlsplit(address.strip().strip("<>")).query
    return ""

"""The fake GitHub: a real HTTP server, as strict as it can be about what it is asked.

A route that it does not have, a request or an answer that GitHub's description does not allow, and
a fault that nobody ran into are all errors: `close` raises them.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from gatekeeper.adapters.github import GitHub
from gatekeeper.adapters.github_http import Access, Pace
from tests.fakes.github.contract import ViolationError, contract_in
from tests.fakes.github.shapes import Shapes
from tests.fakes.github.state import State, Token

_RESOURCE = "Resource not accessible by integration"
_LIMIT = 1_000  # requests an hour that a job's token has
_WRITES_PER_MINUTE = 80
_LONGEST = 65_536


class RefusedError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "message": message,
            "documentation_url": "https://docs.github.com/rest",
            **more,
        }


@dataclass(frozen=True)
class Asked:
    """One request. `page` and `per_page` are read from the query."""

    verb: str
    path: str
    query: dict[str, str]
    body: Any
    token: Token
    named: dict[str, str]

    @property
    def number(self) -> int:
        """The issue or pull request that the path names."""
        return int(self.named.get("pull_number") or self.named["issue_number"])


@dataclass(frozen=True)
class Sent:
    """What was asked and how it ended; status 0: the connection was cut."""

    verb: str
    path: str
    status: int
    body: Any = None


@dataclass
class Fault:
    """What happens instead of the answer, so many times. `after`: once it was done."""

    verb: str
    path: re.Pattern[str]
    status: int
    times: int
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False
    raw: str = ""


@dataclass(frozen=True)
class Answered:
    """An answer; `link` holds pages, `place` is where a redirection points."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None


Handler = Callable[["FakeGitHub", Asked], Answered]


@dataclass(frozen=True)
class Route:
    """A template of GitHub's description, and what the token needs."""

    verb: str
    template: str
    needs: str
    handler: Handler
    pattern: re.Pattern[str]


ROUTES: list[Route] = []


def route(verb: str, template: str, needs: str) -> Callable[[Handler], Handler]:
    """Registers a handler. `needs` is such as `checks: write`, or empty."""

    def register(handler: Handler) -> Handler:
        parts = re.split(r"\{(\w+)\}", template)
        text = ""
        for at, part in enumerate(parts):
            deep = part in ("path", "ref", "basehead")
            text += f"(?P<{part}>{'.+' if deep else '[^/]+'})" if at % 2 else re.escape(part)
        ROUTES.append(Route(verb, template, needs, handler, re.compile(text, re.DOTALL)))
        return handler

    return register


class FakeGitHub:
    """`prefix` is where the API begins: empty, or `/api/v3` as on GitHub Enterprise Server."""

    def __init__(
        self, folder: Path, bare: Path, full_name: str = "octo/app", *, prefix: str = ""
    ) -> None:
        from tests.fakes.github import routes  # registers them

        routes.load()
        self.state = State(full_name, bare)
        self.contract = contract_in(folder)
        self.folder = folder
        self.shapes = Shapes(self.contract)
        self.log: list[Sent] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.remaining = _LIMIT
        self.reset_at = self.state.clock.now + 600
        self.strict_writes = True
        self._written: list[float] = []
        self._prefix = prefix
        # One request at a time is looked at; a test may hold one up to let another overtake it.
        self._lock = threading.RLock()
        self.before: list[Callable[[str, str], None]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def root(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def api(self) -> str:
        """What GITHUB_API_URL would be."""
        return self.root + self._prefix

    def forge(self, token: str = "", **more: Any) -> GitHub:
        """The adapter, pointed here, with time that passes only when it waits."""
        value = token or self.state.token("ghs_job")
        access = Access(self.api, self.state.full_name, value, **more)
        clock = self.state.clock
        return GitHub(access, Pace(lambda: clock.now, clock.sleep, lambda: 0.5))

    def fail(
        self, verb: str, path: str, status: int, *, times: int = 1, message: str = "",
        after: bool = False, raw: str = "", **headers: str,
    ) -> None:  # fmt: skip
        """Answer so, `times` times; `path` is a pattern of what comes after the repository.

        Status 0 cuts the connection. `after`: what was asked for is done all the same.
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.faults.append(Fault(verb, re.compile(path), status, times, message, named, after, raw))

    def requests(self, verb: str = "", path: str = "") -> list[Sent]:
        """What was asked so far, by the verb and a pattern of the path."""
        return [
            it for it in self.log
            if (not verb or it.verb == verb) and re.search(path, it.path)
        ]  # fmt: skip

    def close(self) -> None:
        """Stop. Raises AssertionError for everything that should not have been."""
        self._server.shutdown()
        self._server.server_close()
        unused = [f"{it.verb} {it.path.pattern} ({it.status})" for it in self.faults if it.times]
        assert not self.violations, "\n".join(self.violations)
        assert not unused, f"nobody ran into: {unused}"

    def answer(self, verb: str, target: str, headers: Any, raw: bytes) -> Answered | None:
        """The answer, with the rate limit's headers; None cuts the connection."""
        parts = urlsplit(target)
        path = unquote(parts.path)
        for hook in list(self.before):
            hook(verb, path)
        with self._lock:
            answered = self._answer(verb, path, parts.query, headers, raw)
            shown = json.loads(raw) if raw and raw[:1] in b"{[" else None
            status = answered.status if answered else 0
            self.log.append(Sent(verb, path.removeprefix(self._prefix), status, shown))
        if answered is None:
            return None
        reset = str(int(self.reset_at))
        limits = {
            "x-ratelimit-limit": str(_LIMIT),
            "x-ratelimit-remaining": str(max(0, self.remaining)),
            "x-ratelimit-reset": reset,
        }
        return Answered(answered.status, answered.body, limits | answered.headers, answered.raw)

    def _answer(
        self, verb: str, path: str, query: str, headers: Any, raw: bytes
    ) -> Answered | None:
        below = path.removeprefix(f"{self._prefix}/repos/{self.state.full_name}")
        fault = next(
            (it for it in self.faults
             if it.times and it.verb == verb and it.path.search(below)), None,
        )  # fmt: skip
        if fault is not None:
            fault.times -= 1
            if not fault.after:
                return _faulty(fault)
        try:
            answered = self._handled(verb, path, query, headers, raw)
        except RefusedError as refused:
            answered = Answered(refused.status, refused.body)
        except ViolationError as violation:
            self.violations.append(str(violation))
            answered = Answered(599, {"message": str(violation)})
        return _faulty(fault) if fault is not None else answered

    def _handled(self, verb: str, path: str, query: str, headers: Any, raw: bytes) -> Answered:
        if path.startswith("/download/"):  # signed addresses take no token
            if headers.get("Authorization"):
                raise ViolationError("the token was sent to the place of downloads")
            return Answered(200, raw=self.state.artifacts[int(path.rpartition("/")[2])][2])
        token = self._token(headers)
        self._limits()
        if path == f"{self._prefix.removesuffix('/v3')}/graphql":
            from tests.fakes.github.graphql_server import execute

            return Answered(200, execute(self, token, json.loads(raw)))
        below = path.removeprefix(self._prefix)
        found = [
            (it, match) for it in ROUTES
            if it.verb == verb and (match := it.pattern.fullmatch(below))
        ]  # fmt: skip
        if not found or not path.startswith(self._prefix):
            raise ViolationError(f"the fake has no route {verb} {path}")
        chosen, match = max(found, key=lambda it: it[0].template.count("/"))
        named = match.groupdict()
        if "owner" in named and f"{named['owner']}/{named['repo']}" != self.state.full_name:
            raise RefusedError(404, "Not Found")
        return self._routed(chosen, verb, below, query, raw, token, named)

    def _routed(
        self, chosen: Route, verb: str, path: str, query: str, raw: bytes, token: Token,
        named: dict[str, str],
    ) -> Answered:  # fmt: skip
        asked = Asked(
            verb, path, dict(parse_qsl(query)), json.loads(raw) if raw else None, token, named
        )
        self.contract.check_request(verb, chosen.template, asked.query, asked.body)
        area, _, level = chosen.needs.partition(": ")
        have = token.rights.get(area, "")
        if chosen.needs and (have != "write" if level == "write" else not have):
            raise RefusedError(403, _RESOURCE)
        self._pace(verb)
        answered = chosen.handler(self, asked)
        if answered.raw is None:
            self.contract.check_answer(verb, chosen.template, answered.status, answered.body)
        return answered

    def _token(self, headers: Any) -> Token:
        given = str(headers.get("Authorization", "")).partition(" ")[2]
        if given not in self.state.tokens:
            raise RefusedError(401, "Bad credentials")
        if not headers.get("User-Agent"):
            raise ViolationError("a request without User-Agent")
        return self.state.tokens[given]

    def _limits(self) -> None:
        if self.state.clock.now >= self.reset_at:
            self.remaining = _LIMIT
            self.reset_at = self.state.clock.now + 3_600
        if self.remaining <= 0:
            raise RefusedError(403, "API rate limit exceeded for installation ID 1.")
        self.remaining -= 1

    def _pace(self, verb: str) -> None:
        """Too many changes in a minute are refused, as GitHub does it."""
        if verb == "GET" or not self.strict_writes:
            return
        now = self.state.clock.now
        self._written = [*(it for it in self._written if now - it < 60), now]
        if len(self._written) > _WRITES_PER_MINUTE:
            raise RefusedError(
                403, "You have exceeded a secondary rate limit. Please wait a few minutes."
            )


def paged(
    fake: FakeGitHub, asked: Asked, items: Sequence[Any], wrap: str = "",
    shape: Callable[[Any], Any] = lambda it: it,
) -> Answered:  # fmt: skip
    """One page of a list, with the address of the next one in `Link`. `shape` makes an answer."""
    size = min(int(asked.query.get("per_page", "30")), 100)
    page = int(asked.query.get("page", "1"))
    shown = [shape(it) for it in items[(page - 1) * size : page * size]]
    headers = {}
    if page * size < len(items):
        rest = {**asked.query, "page": str(page + 1)}
        text = "&".join(f"{name}={value}" for name, value in rest.items())
        headers["link"] = (
            f'<{fake.api}{asked.path}?{text}>; rel="next", <{fake.api}{asked.path}?page=99>; rel="last"'
        )
    body = {"total_count": len(items), wrap: shown} if wrap else shown
    return Answered(200, body, headers)


def _faulty(fault: Fault) -> Answered | None:
    if fault.status == 0:
        return None
    if fault.raw:
        return Answered(fault.status, None, fault.headers, fault.raw.encode())
    message = fault.message or {
        403: _RESOURCE, 404: "Not Found", 422: "Validation Failed", 429: "Too Many Requests",
        500: "Server Error", 502: "Bad Gateway",
    }.get(fault.status, "An error")  # fmt: skip
    return Answered(fault.status, {"message": message}, fault.headers)


def _handler(fake: FakeGitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            try:
                answered = fake.answer(self.command, self.path, self.headers, raw)
            except Exception as error:  # noqa: BLE001 - a bug of the fake has to fail the test
                fake.violations.append(f"{self.command} {self.path}: {error!r}")
                answered = Answered(599, {"message": repr(error)})
            if answered is None:
                self.close_connection = True
                return
            body = answered.raw
            if body is None:
                body = b"" if answered.body is None else json.dumps(answered.body).encode()
            self.send_response(answered.status)
            for name, value in answered.headers.items():
                self.send_header(name, value)
            if answered.status != 204:
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if answered.status != 204:
                self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _do  # noqa: N815 - as the base class has it

        def log_message(self, *arguments: Any) -> None:
            return

    return Handler

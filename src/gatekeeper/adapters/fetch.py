"""HTTP for public data: verified, bounded in size and time, repeated where that may help."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeVar
from urllib.parse import urljoin, urlsplit

from gatekeeper.text.addresses import address_problem, shown
from gatekeeper.text.names import printable
from gatekeeper.version import VERSION

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

T = TypeVar("T")
_ATTEMPTS = 4
_REDIRECTS = 5
_BLOCK = 1 << 16
_AGAIN = (408, 425, 429, 500, 502, 503, 504)
_MOVED = (301, 302, 303, 307, 308)


class FetchError(Exception):
    """No usable answer. `status` is HTTP's, 0 when there was none."""

    def __init__(self, url: str, message: str, status: int = 0) -> None:
        super().__init__(f"{shown(url)}: {printable(message)[:300]}")
        self.status = status


class _TransientError(FetchError):
    """Trying again may help, after `wait` seconds if the server says so."""

    def __init__(self, url: str, message: str, status: int = 0, wait: float = 0) -> None:
        super().__init__(url, message, status)
        self.wait = wait


class Answer(NamedTuple):
    """What came back. `stated` is its Last-Modified in RFC 3339, empty when it has none.

    `span` is the part of the whole that it is, as Content-Range says it; empty for all of it.
    """

    data: bytes
    stated: str
    span: str = ""


class _Request(NamedTuple):
    """What is asked for; without a `sink` the body is kept in memory."""

    method: str
    url: str
    limit: int
    body: bytes | None = None
    sink: BinaryIO | None = None
    headers: Mapping[str, str] = MappingProxyType({})


class Pace(NamedTuple):
    """Time, handed in for tests."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random


class Http:
    """One client. `deadline` is the number of seconds that all of its requests have together.

    Proxies come from the environment; certificates are always verified; redirects never lead to
    an address that may not be used.
    """

    def __init__(
        self,
        deadline: float,
        *,
        connect: float = 10,
        read: float = 30,
        pace: Pace = Pace(),  # noqa: B008 - it is immutable
    ) -> None:
        self._pace = pace
        self._end = pace.now() + deadline
        self._deadline = deadline
        self._connect = connect
        self._read = read
        self._pools: dict[str, PoolManager] = {}
        self._lock = threading.Lock()

    def get(self, url: str, limit: int, **headers: str) -> Answer:
        """The body of a GET, at most `limit` bytes. Errors: FetchError."""
        return self._request(_Request("GET", url, limit, headers=headers))

    def post(self, url: str, body: bytes, limit: int) -> bytes:
        """The answer to a JSON document. Errors: FetchError."""
        return self._request(_Request("POST", url, limit, body)).data

    def download(self, url: str, sink: BinaryIO, limit: int) -> str:
        """Write the body to `sink`; its Last-Modified. Errors: FetchError."""
        return self._request(_Request("GET", url, limit, sink=sink)).stated

    def close(self) -> None:
        for pool in self._pools.values():
            pool.clear()

    def _request(self, asked: _Request) -> Answer:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._once(asked)
            except _TransientError as error:
                wait = max(error.wait, 0.5 * 2**attempt * (0.5 + self._pace.jitter() / 2))
                if attempt == _ATTEMPTS or self._pace.now() + wait >= self._end:
                    raise
                self._pace.sleep(wait)
                if asked.sink:
                    asked.sink.seek(0)
                    asked.sink.truncate()
        raise AssertionError

    def _once(self, asked: _Request) -> Answer:
        where = url = asked.url
        for _ in range(_REDIRECTS + 1):
            if problem := address_problem(where):
                raise FetchError(where, problem)
            remaining = self._end - self._pace.now()
            if remaining <= 0:
                raise FetchError(url, self._late())
            found = _within(remaining, partial(self._send, asked, where))
            if found is None:
                raise FetchError(url, self._late())
            if isinstance(found, Answer):
                return found
            where = found
        raise FetchError(url, "it leads from one address to another without end")

    def _send(self, asked: _Request, url: str) -> Answer | str:
        """The answer, or where to go instead."""
        import urllib3
        from urllib3.exceptions import HTTPError

        headers = {"User-Agent": f"gatekeeper/{VERSION}", "Accept-Encoding": "identity"}
        headers |= asked.headers
        if asked.body is not None:
            headers["Content-Type"] = "application/json"
        try:
            response = self._pool(url).request(
                asked.method,
                url,
                body=asked.body,
                headers=headers,
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
                timeout=urllib3.Timeout(connect=self._connect, read=self._read),
            )
            try:
                if moved := _moved(response, url):
                    return moved
                _check_status(response, url, ranged="Range" in headers)
                return self._body(response, url, asked.limit, asked.sink)
            finally:
                # What was not read to its end cannot be used for another request.
                if response.closed or not response.connection:
                    response.release_conn()
                else:
                    response.close()
        except HTTPError as error:
            raise _TransientError(url, _said(error)) from None
        except (OSError, ValueError) as error:
            raise FetchError(url, str(error) or type(error).__name__) from None

    def _body(
        self, response: BaseHTTPResponse, url: str, limit: int, sink: BinaryIO | None
    ) -> Answer:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise FetchError(url, "it answers in an encoding that was not asked for")
        blocks: list[bytes] = []
        size = 0
        while block := response.read1(_BLOCK):
            size += len(block)
            if size > limit:
                raise FetchError(url, f"the answer is larger than {limit:,} bytes")
            if self._pace.now() > self._end:
                raise FetchError(url, self._late())
            if sink:
                sink.write(block)
            else:
                blocks.append(block)
        length = response.headers.get("Content-Length", "")
        if length.isdigit() and int(length) != size:
            raise _TransientError(url, f"the answer ends after {size:,} of {int(length):,} bytes")
        span = response.headers.get("Content-Range", "") if response.status == 206 else ""
        return Answer(b"".join(blocks), _stated(response.headers), span)

    def _pool(self, url: str) -> PoolManager:
        import urllib3

        proxy = _proxy_for(url)
        with self._lock:
            if proxy not in self._pools:
                self._pools[proxy] = (
                    urllib3.ProxyManager(proxy, maxsize=16)
                    if proxy
                    else urllib3.PoolManager(maxsize=16)
                )
            return self._pools[proxy]

    def _late(self) -> str:
        return f"no complete answer within {self._deadline:g} s"


def _within(seconds: float, work: Callable[[], T]) -> T | None:
    """What `work` returns or raises, or None when it takes longer.

    Timeouts of sockets start anew with every byte, and looking a name up has none.
    """
    done: list[T | BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001 - it is raised again, where it is waited for
            done.append(error)

    # Nobody waits for this thread at the end of the process.
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not done:
        return None
    if isinstance(done[0], BaseException):
        raise done[0]
    return done[0]


def _moved(response: BaseHTTPResponse, url: str) -> str:
    if response.status not in _MOVED:
        return ""
    where = response.headers.get("Location", "")
    return urljoin(url, where) if where else ""


def _check_status(response: BaseHTTPResponse, url: str, *, ranged: bool) -> None:
    if response.status == 200 or (ranged and response.status == 206):
        return
    message = f"it answers {response.status} {response.reason or ''}".rstrip()
    if response.status in _AGAIN:
        raise _TransientError(url, message, response.status, _retry_after(response.headers))
    raise FetchError(url, message, response.status)


def _retry_after(headers: Mapping[str, str]) -> float:
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _stated(headers: Mapping[str, str]) -> str:
    from datetime import UTC

    try:
        when = parsedate_to_datetime(headers.get("Last-Modified", ""))
        return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, TypeError, OverflowError):
        return ""


def _proxy_for(url: str) -> str:
    """The proxy that the environment names for an address; this machine is asked directly."""
    from urllib.request import getproxies, proxy_bypass

    from gatekeeper.text.addresses import is_loopback

    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(host):
        return ""
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all") or ""


def _said(error: Exception) -> str:
    """urllib3's messages begin with objects; what follows the last of them is for people."""
    reason = getattr(error, "reason", None)
    text = str(reason if reason is not None else error) or type(error).__name__
    return text.rpartition(">: ")[2]

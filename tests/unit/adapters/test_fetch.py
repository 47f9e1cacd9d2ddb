"""Getting public data: whole, within bounds, from where it should come, or not at all."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import pytest

from gatekeeper.adapters.fetch import FetchError, Http, Pace
from tests.fakes.odd_server import (
    Behaviour,
    OddServer,
    cut_off,
    drip,
    drip_headers,
    hang,
    html,
    in_turn,
    odd_server,
    ok,
    status,
)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


class Sleeps:
    """Waiting is noted and not done."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def pace(self) -> Pace:
        return Pace(time.monotonic, self.slept.append, lambda: 1.0)


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
def http(sleeps: Sleeps) -> Iterator[Http]:
    client = Http(30, pace=sleeps.pace())
    yield client
    client.close()


def failed(server: OddServer, http: Http, limit: int = 1000) -> FetchError:
    with pytest.raises(FetchError) as caught:
        http.get(f"{server.url}/x?secret=1", limit)
    assert "secret" not in str(caught.value)
    return caught.value


def test_an_answer(http: Http) -> None:
    stated = {"Last-Modified": "Wed, 25 Nov 2026 09:46:40 GMT"}
    with odd_server(x=ok(b"hello", **stated)) as server:
        answer = http.get(f"{server.url}/x", 5)

    assert (answer.data, answer.stated) == (b"hello", "2026-11-25T09:46:40Z")


def test_a_question_is_sent(http: Http) -> None:
    with odd_server(x=ok(b"{}")) as server:
        assert http.post(f"{server.url}/x", b'{"a": 1}', 10) == b"{}"

    assert server.bodies == [b'{"a": 1}']


def test_a_download_that_fails_at_first_begins_anew(http: Http) -> None:
    sink = io.BytesIO()
    with odd_server(x=in_turn(cut_off, ok(b"whole"))) as server:
        http.download(f"{server.url}/x", sink, 10_000)

    assert sink.getvalue() == b"whole"


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(http: Http, sleeps: Sleeps, code: int) -> None:
    with odd_server(x=in_turn(status(code), status(code), ok(b"now"))) as server:
        assert http.get(f"{server.url}/x", 10).data == b"now"

    assert sleeps.slept == [1.0, 2.0]


def test_it_waits_as_long_as_it_is_told(http: Http, sleeps: Sleeps) -> None:
    with odd_server(x=in_turn(status(429, Retry_After="7"), ok(b"now"))) as server:
        http.get(f"{server.url}/x", 10)

    assert sleeps.slept == [7.0]


def test_it_does_not_wait_beyond_its_time(http: Http, sleeps: Sleeps) -> None:
    with odd_server(x=status(503, Retry_After="86400")) as server:
        assert failed(server, http).status == 503

    assert sleeps.slept == []
    assert len(server.asked) == 1


def test_what_stays_is_an_error_in_the_end(http: Http) -> None:
    with odd_server(x=status(500)) as server:
        assert "it answers 500" in str(failed(server, http))

    assert len(server.asked) == 4


@pytest.mark.parametrize("code", [204, 304, 400, 401, 403, 404, 410])
def test_what_will_not_pass_is_not_tried_again(http: Http, code: int) -> None:
    with odd_server(x=status(code)) as server:
        assert failed(server, http).status == code

    assert len(server.asked) == 1


def test_too_large_an_answer_is_not_read(http: Http) -> None:
    with odd_server(x=ok(b"x" * 1001)) as server:
        assert "larger than 1,000 bytes" in str(failed(server, http))


def test_an_answer_that_is_packed_is_refused(http: Http) -> None:
    with odd_server(x=ok(b"x", Content_Encoding="gzip")) as server:
        assert "encoding" in str(failed(server, http))


def test_an_answer_that_ends_early_is_none(http: Http) -> None:
    with odd_server(x=cut_off) as server:
        failed(server, http, 10_000)


@pytest.mark.parametrize("behaviour", [hang, drip, drip_headers])
def test_nothing_takes_longer_than_the_deadline(behaviour: Behaviour) -> None:
    began = time.monotonic()
    with odd_server(x=behaviour) as server:
        error = failed(server, Http(0.5), 10**9)

    assert "within 0.5 s" in str(error)
    assert time.monotonic() - began < 5


def test_silence_is_noticed_before_the_deadline() -> None:
    with odd_server(x=hang) as server:
        error = failed(server, Http(3, read=0.2, pace=Pace(sleep=lambda seconds: None)))

    assert "imed out" in str(error)


def test_nobody_there(http: Http) -> None:
    with odd_server() as server:
        pass

    failed(server, http)


def test_redirects_are_followed(http: Http) -> None:
    with odd_server(x=status(302, Location="/y?z"), y=ok(b"there")) as server:
        assert http.get(f"{server.url}/x", 10).data == b"there"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("http://example.org/", "without https"),
        ("file:///etc/passwd", "begins with https://"),
        ("/x", "without end"),
        ("", "it answers 302"),
    ],
)
def test_redirects_lead_nowhere_else(http: Http, where: str, said: str) -> None:
    with odd_server(x=status(302, Location=where)) as server:
        assert said in str(failed(server, http))


def test_addresses_that_may_not_be_used_are_not_asked(http: Http) -> None:
    for url in ("http://example.org/", "ftp://127.0.0.1/", "https://"):
        with pytest.raises(FetchError):
            http.get(url, 10)


def test_the_proxy_of_the_environment_is_asked(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    with odd_server() as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        with pytest.raises(FetchError) as caught:
            http.get("https://example.org/x", 10)

    # It asks for a tunnel, with a method that the fake does not know.
    assert "example.org" in str(caught.value)
    assert "501" in str(caught.value)


def test_pages_for_people_come_back_as_they_are(http: Http) -> None:
    with odd_server(x=html) as server:
        assert http.get(f"{server.url}/x", 1000).data.startswith(b"<!DOCTYPE")

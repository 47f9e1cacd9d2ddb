"""`advisories serve`: OSV's API on this machine, in its own words, out of a snapshot."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatekeeper.adapters.advisory_file import AdvisoryFile
from gatekeeper.adapters.osv_server import ServerError, address, open_server
from gatekeeper.advisories.api import answer
from tests.fakes.advisories import DATA, affected, own_snapshot, record, snapshot

SPARROW = {"package": {"name": "sparrow", "ecosystem": "PyPI"}, "version": "1.0"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    return own_snapshot(tmp_path_factory.mktemp("snapshot")).path


@pytest.fixture(scope="module")
def server(path: str) -> Iterator[ThreadingHTTPServer]:
    server = open_server(AdvisoryFile(path), "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def ask(
    server: ThreadingHTTPServer, method: str, path: str, body: object = None, **headers: str
) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(*place(server), timeout=10)
    data = body if isinstance(body, bytes) else json.dumps(body).encode() if body else None
    connection.request(method, path, data, headers)
    response = connection.getresponse()
    content = response.read()
    assert response.headers["Content-Type"].startswith("application/json")
    connection.close()
    return response.status, json.loads(content)


def place(server: ThreadingHTTPServer) -> tuple[str, int]:
    return str(server.server_address[0]), server.server_address[1]


def ids(found: Any) -> list[str]:
    return [it["id"] for it in found.get("vulns", [])]


def test_a_query_answers_with_whole_records(server: ThreadingHTTPServer) -> None:
    status, found = ask(server, "POST", "/v1/query", SPARROW)

    assert status == 200
    assert ids(found) == ["GHSA-gk01-spar-row1", "PYSEC-2026-9001"]
    assert found["vulns"][1] == json.loads((DATA / "PyPI/PYSEC-2026-9001.json").read_bytes())
    assert "next_page_token" not in found


def test_nothing_known_is_an_empty_object(server: ThreadingHTTPServer) -> None:
    fixed = {**SPARROW, "version": "1.4.2"}

    assert ask(server, "POST", "/v1/query", fixed) == (200, {})
    nobody = {"package": {"name": "nobody", "ecosystem": "PyPI"}, "version": "1.0"}
    assert ask(server, "POST", "/v1/query", nobody) == (200, {})


def test_without_a_version_all_that_is_about_the_package(server: ThreadingHTTPServer) -> None:
    _, found = ask(server, "POST", "/v1/query", {"package": {"purl": "pkg:pypi/sparrow"}})

    # The third one is withdrawn.
    assert ids(found) == ["GHSA-gk01-spar-row1", "PYSEC-2026-9001"]


def test_package_urls(server: ThreadingHTTPServer) -> None:
    for query in (
        {"package": {"purl": "pkg:pypi/sparrow@1.0"}},
        {"package": {"purl": "pkg:pypi/sparrow"}, "version": "1.0"},
    ):
        assert len(ids(ask(server, "POST", "/v1/query", query)[1])) == 2


def test_a_batch_keeps_the_order(server: ThreadingHTTPServer) -> None:
    queries = [
        {"package": {"name": "nobody", "ecosystem": "PyPI"}, "version": "1"},
        SPARROW,
        {"package": {"purl": "pkg:npm/%40birds/heron@1.0.0"}},
    ]

    status, found = ask(server, "POST", "/v1/querybatch", {"queries": queries})

    assert status == 200
    assert found == {
        "results": [
            {},
            {
                "vulns": [
                    {"id": "GHSA-gk01-spar-row1", "modified": "2026-11-21T10:00:00Z"},
                    {"id": "PYSEC-2026-9001", "modified": "2026-11-20T10:00:00Z"},
                ]
            },
            {"vulns": [{"id": "GHSA-gk02-heron-js1", "modified": "2026-11-21T00:00:00Z"}]},
        ]
    }


def test_a_record_by_its_id(server: ThreadingHTTPServer) -> None:
    status, found = ask(server, "GET", "/v1/vulns/PYSEC-2026-9003")

    assert (status, found["withdrawn"]) == (200, "2026-11-22T00:00:00Z")
    assert ask(server, "GET", "/v1/vulns/MAL%2D2026-9001")[0] == 200


@pytest.mark.parametrize(
    "where",
    ["/v1/vulns/", "/v1/vulns/NONE-1", "/v1/vulns/../../etc/passwd", "/v1/vulns/%2e%2e%2fx",
     "/v1/vulns/%ff%00", "/", "/v1/query", "/v1/determineversion"],
)  # fmt: skip
def test_what_is_not_there(server: ThreadingHTTPServer, where: str) -> None:
    status, found = ask(server, "GET", where)

    assert (status, found["code"]) == (404, 5)


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ({"package": {"purl": "pkg:pypi/a@1"}, "version": "1"}, 3, "version specified in params"),
        ({"package": {"purl": "pkg:pypi/a", "name": "a"}}, 3, "name or ecosystem specified"),
        ({"package": {"purl": "pkg:cargo/a@1"}}, 3, "purl"),
        ({"package": {"name": "a"}, "version": "1"}, 3, "Invalid query"),
        ({"version": "1"}, 3, "Invalid query"),
        ({"package": {"name": "a", "ecosystem": "Moon"}, "version": "1"}, 3, "Invalid ecosystem"),
        ({**SPARROW, "version": "2004d-final"}, 3, "no version that can be compared"),
        ({**SPARROW, "page_token": "-1"}, 3, "page token"),
        ({**SPARROW, "page_token": "999"}, 3, "page token"),
        ({"commit": "6879efc2c1596d11a6a6ad296f80063b558d5e0f"}, 12, "commits"),
        ([], 3, "cannot be read"),
        (b"{", 3, "cannot be read"),
        (b"\xff", 3, "cannot be read"),
        (b"[" * 100_000, 3, "cannot be read"),
        ({**SPARROW, "version": 7}, 3, "cannot be read"),
    ],
)
def test_questions_that_make_no_sense(
    server: ThreadingHTTPServer, query: object, code: int, said: str
) -> None:
    status, found = ask(server, "POST", "/v1/query", query if query != [] else b"[]")

    assert status == (501 if code == 12 else 400)
    assert found["code"] == code
    assert said in found["message"]


def test_too_many_questions_at_once(server: ThreadingHTTPServer) -> None:
    status, found = ask(server, "POST", "/v1/querybatch", {"queries": [SPARROW] * 1001})

    assert (status, found["message"]) == (400, "Too many queries.")


def test_an_ecosystem_that_the_snapshot_does_not_hold_is_never_clean(tmp_path: Path) -> None:
    made = snapshot(tmp_path, record("PYSEC-1", affected("demo", ("introduced", "0"))))
    query = {"package": {"name": "demo", "ecosystem": "npm"}, "version": "1.0.0"}

    reply = answer("POST", "/v1/query", json.dumps(query).encode(), AdvisoryFile(made.path))

    assert reply.status == 400
    assert b"no advisories about npm" in reply.body


def test_a_package_with_an_unreadable_record_is_never_clean(tmp_path: Path) -> None:
    broken = {**record("PYSEC-2", affected("demo")), "aliases": 7}
    made = snapshot(tmp_path, record("PYSEC-1", affected("demo", ("introduced", "5"))), broken)
    query = {"package": {"name": "demo", "ecosystem": "PyPI"}, "version": "1.0"}

    reply = answer("POST", "/v1/query", json.dumps(query).encode(), AdvisoryFile(made.path))

    assert reply.status == 500


def test_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatekeeper.advisories.api._MOST_RECORDS", 2)
    several = [record(f"PYSEC-{it}", affected("demo", ("introduced", "0"))) for it in range(5)]
    file = AdvisoryFile(snapshot(tmp_path, *several).path)
    query: dict[str, Any] = {"package": {"name": "demo", "ecosystem": "PyPI"}, "version": "1.0"}
    seen, token = [], ""
    while True:
        body = json.dumps({**query, "page_token": token}).encode()
        page = json.loads(answer("POST", "/v1/query", body, file).body)
        seen += ids(page)
        if not (token := page.get("next_page_token", "")):
            break

    assert seen == [f"PYSEC-{it}" for it in range(5)]
    batch = json.dumps({"queries": [{**query, "page_token": "4"}, query]}).encode()
    one, other = json.loads(answer("POST", "/v1/querybatch", batch, file).body)["results"]
    assert (ids(one), "next_page_token" in one) == (["PYSEC-4"], False)
    assert (ids(other), other["next_page_token"]) == (["PYSEC-0", "PYSEC-1"], "2")


def test_large_answers_are_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatekeeper.advisories.api._LARGEST_ANSWER", 3000)
    several = [
        record(f"PYSEC-{it}", affected("demo", ("introduced", "0")), details="x" * 1000)
        for it in range(5)
    ]
    file = AdvisoryFile(snapshot(tmp_path, *several).path)
    body = b'{"package": {"name": "demo", "ecosystem": "PyPI"}, "version": "1.0"}'

    page = json.loads(answer("POST", "/v1/query", body, file).body)

    assert (ids(page), page["next_page_token"]) == (["PYSEC-0", "PYSEC-1"], "2")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["/v1/query", "/v1/querybatch", "/v1/vulns/x"]), st.binary(max_size=40))
def test_no_request_is_too_odd(path: str, body: bytes) -> None:
    class Nothing:
        def covers(self, ecosystem: str) -> bool:
            return True

        def package(self, ecosystem: str, name: str) -> None:
            return None

        def record(self, name: str) -> None:
            return None

        def modified(self, name: str) -> str:
            return ""

    assert answer("POST", path, body, Nothing()).status in (200, 400, 404, 501)


def send(server: ThreadingHTTPServer, text: bytes) -> bytes:
    with socket.create_connection(place(server), timeout=10) as connection:
        connection.sendall(text)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"", b"411"),
        (b"Content-Length: -1\r\n", b"411"),
        (b"Content-Length: x\r\n", b"411"),
        (b"Transfer-Encoding: chunked\r\n", b"411"),
        (b"Content-Length: 8388609\r\n", b"413"),
        (b"Content-Length: 99999999999999999999\r\n", b"413"),
    ],
)
def test_the_size_of_a_request_is_bounded(
    server: ThreadingHTTPServer, headers: bytes, status: bytes
) -> None:
    reply = send(server, b"POST /v1/query HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n{}")

    assert reply.startswith(b"HTTP/1.1 " + status)
    assert reply.count(b"HTTP/1.1 ") == 1


def test_half_a_request_is_none(server: ThreadingHTTPServer) -> None:
    assert send(server, b"POST /v1/query HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{}") == b""


def test_one_connection_may_ask_often(server: ThreadingHTTPServer) -> None:
    connection = http.client.HTTPConnection(*place(server), timeout=10)
    for _ in range(3):
        connection.request("POST", "/v1/query", json.dumps(SPARROW))
        assert len(json.loads(connection.getresponse().read())["vulns"]) == 2
    connection.close()


def test_a_snapshot_that_is_damaged_while_it_serves_answers_with_an_error(
    path: str, tmp_path: Path
) -> None:
    content = bytearray(Path(path).read_bytes())
    copy = tmp_path / "copy"
    copy.write_bytes(content)
    with open_server(AdvisoryFile(str(copy)), "127.0.0.1", 0) as own:
        threading.Thread(target=own.serve_forever, args=(0.02,), daemon=True).start()
        middle = len(content) // 2
        with copy.open("r+b") as file:
            file.seek(middle)
            file.write(b"\0" * (len(content) - middle))
        status, found = ask(own, "POST", "/v1/query", SPARROW)
        own.shutdown()

    assert (status, found["code"]) == (500, 13)


@pytest.mark.parametrize("host", ["0.0.0.0", "example.org", "", "192.168.0.1"])
def test_it_listens_on_this_machine_only(path: str, host: str) -> None:
    with pytest.raises(ServerError, match="of this machine"):
        open_server(AdvisoryFile(path), host, 0)


def test_a_port_that_is_taken(path: str, server: ThreadingHTTPServer) -> None:
    with pytest.raises(ServerError, match="it is in use"):
        open_server(AdvisoryFile(path), "127.0.0.1", server.server_address[1])


def test_the_address_says_where(server: ThreadingHTTPServer) -> None:
    assert address(server) == f"http://127.0.0.1:{server.server_address[1]}"

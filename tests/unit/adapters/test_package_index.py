"""Indexes over HTTP, and files of which only parts are fetched."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator

import pytest

from gatekeeper.adapters.fetch import Http, Pace
from gatekeeper.adapters.package_index import HttpIndexes, OfflineIndexes
from gatekeeper.adapters.ranged_file import RangedFile
from gatekeeper.model.indexed import IndexedFile
from gatekeeper.ports.package_index import PackageIndexError
from tests.fakes.index_server import parts, simple
from tests.fakes.odd_server import Behaviour, OddServer, in_turn, odd_server, ok, status

CONTENT = bytes(range(256)) * 1200  # a few blocks, and a part of one


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server() -> Iterator[OddServer]:
    with odd_server(file=parts(CONTENT)) as it:
        yield it


@pytest.fixture
def http() -> Iterator[Http]:
    client = Http(20, pace=Pace(sleep=lambda seconds: None))
    yield client
    client.close()


def ranged(http: Http, server: OddServer, limit: int = 1 << 20) -> RangedFile:
    found = RangedFile.opened(http, f"{server.url}/file", limit)
    assert isinstance(found, RangedFile)
    return found


def test_it_reads_like_any_file(http: Http, server: OddServer) -> None:
    file, plain = ranged(http, server), io.BytesIO(CONTENT)

    assert file.readable()
    assert file.seekable()
    for offset, whence, size in (
        (0, 0, 10),
        (-22, 2, 22),
        (65_530, 0, 20),
        (5, 1, 70_000),
        (0, 0, -1),
    ):
        assert file.seek(offset, whence) == plain.seek(offset, whence)
        assert file.read(size) == plain.read(size)
        assert file.tell() == plain.tell()
    assert file.read(10) == b""
    with pytest.raises(OSError, match="before the beginning"):
        file.seek(-1)


def test_a_block_is_fetched_once(http: Http, server: OddServer) -> None:
    file = ranged(http, server)
    for _ in range(5):
        file.seek(0)
        file.read(100)

    assert len(server.asked) == 2


def test_no_more_than_the_limit_is_fetched(http: Http, server: OddServer) -> None:
    file = ranged(http, server, limit=3 << 16)
    with pytest.raises(PackageIndexError, match="than may be fetched"):
        file.read()
    file = ranged(http, server, limit=(2 << 16) + 10)
    file.read(1 << 16)
    with pytest.raises(PackageIndexError, match="than may be fetched"):
        file.read(1 << 16)


@pytest.mark.parametrize(
    "second",
    [
        status(206, b"x" * 65536, Content_Range="bytes 1-65536/307200"),
        status(206, b"x" * 65536, Content_Range="bytes 0-65535/999999"),
        status(206, b"x" * 10, Content_Range="bytes 0-65535/307200"),
        status(206, b"x" * 65536),
        status(403),
    ],
    ids=["another part", "another file", "cut off", "no part", "refused"],
)
def test_a_part_that_is_not_the_one_that_was_asked_for(
    http: Http, server: OddServer, second: Behaviour
) -> None:
    server.behaviours["/file"] = in_turn(parts(CONTENT), second)
    file = ranged(http, server)

    with pytest.raises(PackageIndexError):
        file.read(10)


def test_what_a_source_distribution_holds_has_to_be_what_the_index_says(server: OddServer) -> None:
    content = os.urandom(100)
    simple(server, "demo", {"demo-1.0.tar.gz": content})
    indexes = HttpIndexes(Http(20))
    found = indexes.package("pypi", f"{server.url}/simple/", "demo")
    assert found is not None
    (file,) = found.files

    assert indexes.open(file, 1000).read() == content
    server.behaviours["/files/demo-1.0.tar.gz"] = ok(content[::-1])
    with pytest.raises(PackageIndexError, match="another sha256"):
        indexes.open(file, 1000)
    server.behaviours["/files/demo-1.0.tar.gz"] = ok(content * 50)
    with pytest.raises(PackageIndexError, match="larger than"):
        indexes.open(file, 1000)
    indexes.close()


def test_the_strongest_hash_that_is_stated_counts(server: OddServer) -> None:
    server.behaviours["/d.tgz"] = ok(b"x")
    weak = IndexedFile(name="d.tgz", version="1", url=f"{server.url}/d.tgz", hashes=("sha1:00",))
    none = IndexedFile(name="d.tgz", version="1", url=f"{server.url}/d.tgz")
    indexes = HttpIndexes(Http(20))

    assert indexes.open(none, 10).read() == b"x"
    with pytest.raises(PackageIndexError, match="another sha1"):
        indexes.open(weak, 10)
    indexes.close()


def test_a_name_cannot_lead_elsewhere(server: OddServer) -> None:
    indexes = HttpIndexes(Http(20))
    for ecosystem, name in (("pypi", "../x?y#z"), ("npm", "@a/../b")):
        with pytest.raises(PackageIndexError):
            indexes.package("pypi" if ecosystem == "pypi" else "npm", f"{server.url}/simple", name)
    indexes.close()

    assert server.asked == ["/simple/..%2Fx%3Fy%23z/", "/simple/@a%2F..%2Fb"]


def test_offline_nobody_is_asked() -> None:
    indexes = OfflineIndexes()
    file = IndexedFile(name="d.whl", version="1", url="https://user:secret@h/d.whl")

    with pytest.raises(PackageIndexError, match="offline"):
        indexes.package("pypi", "https://index.example.org/simple", "demo")
    with pytest.raises(PackageIndexError) as caught:
        indexes.open(file, 10)
    assert "secret" not in caught.value.message
    indexes.close()

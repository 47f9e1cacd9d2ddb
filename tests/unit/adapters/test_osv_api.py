"""OSV's live API: the same answers as from a snapshot, or none at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gatekeeper.adapters.advisory_file import AdvisoryFile, SnapshotAdvisories
from gatekeeper.adapters.fetch import Http, Pace
from gatekeeper.adapters.osv_api import OsvApi
from gatekeeper.adapters.osv_server import address, open_server
from gatekeeper.advisories.matching import match
from gatekeeper.model.advisory import Open, PackageAdvisories, Priority, Vulnerability
from gatekeeper.ports.advisories import AdvisoriesError, PackageVersion
from tests.fakes.advisories import affected, own_snapshot, raw, record, snapshot
from tests.fakes.odd_server import Behaviour, Odd, cut_off, hang, html, odd_server, ok, status

PACKAGES = [
    PackageVersion("pypi", "sparrow", "1.0"),
    PackageVersion("pypi", "sparrow", "1.4.2"),
    PackageVersion("pypi", "sparow", "1.0"),
    PackageVersion("pypi", "heron-tools", "2.0"),
    PackageVersion("pypi", "swift", "0.9+gpu"),
    PackageVersion("pypi", "swift", "1!1.0"),
    PackageVersion("pypi", "nobody", "1.0"),
    PackageVersion("npm", "@birds/heron", "1.0.0"),
    PackageVersion("github-actions", "birds/setup/nest", "4.0.0"),
]
DEMO = PackageVersion("pypi", "demo", "1.0")
ONE = b'{"results": [{"vulns": [{"id": "PYSEC-1", "modified": "2026-01-01T00:00:00Z"}]}]}'


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    return own_snapshot(tmp_path_factory.mktemp("snapshot")).path


@pytest.fixture
def served(path: str) -> Iterator[str]:
    with Serving(path) as url:
        yield url


class Serving:
    """A real server over a snapshot."""

    def __init__(self, path: str) -> None:
        self.server = open_server(AdvisoryFile(path), "127.0.0.1", 0)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return address(self.server)

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def api(url: str, deadline: float = 20) -> OsvApi:
    return OsvApi(url, Http(deadline, pace=Pace(sleep=lambda seconds: None)))


def found(answer: PackageAdvisories | Open, version: str) -> tuple[Vulnerability, ...]:
    assert isinstance(answer, PackageAdvisories)
    return match(answer, version)[0]


def test_it_finds_what_the_snapshot_finds(served: str, path: str) -> None:
    snapshot_says = SnapshotAdvisories(path)
    live = OsvApi(served, Http(20), snapshot_says.priority)
    here, there = snapshot_says.lookup(PACKAGES), live.lookup(PACKAGES)

    for package in PACKAGES:
        assert found(there[package], package.version) == found(here[package], package.version)
    assert sum(len(found(it, package.version)) for package, it in there.items()) == 7
    assert live.source().name == served
    live.close()


def test_ecosystems_that_it_does_not_know_are_open(served: str) -> None:
    image = PackageVersion("docker", "python", "3.11")

    answer = api(served).lookup([image])[image]

    assert isinstance(answer, Open)
    assert answer.reason == "unsupported-ecosystem"


def test_a_version_that_cannot_be_ordered_is_open_when_there_are_advisories(served: str) -> None:
    package = PackageVersion("pypi", "sparrow", "2004d-final")

    answer = api(served).lookup([package])[package]

    assert isinstance(answer, PackageAdvisories)
    assert match(answer, package.version)[1] is not None


def test_all_pages_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatekeeper.advisories.api._MOST_RECORDS", 2)
    made = snapshot(
        tmp_path, *(record(f"PYSEC-{it}", affected("demo", ("introduced", "0"))) for it in range(7))
    )
    with Serving(made.path) as url:
        answer = api(url).lookup([DEMO])[DEMO]

    assert len(found(answer, "1.0")) == 7


def test_severity_is_looked_up_where_an_alias_has_it() -> None:
    flaw = record(
        "PYSEC-1", affected("demo", ("introduced", "0")), aliases=["GHSA-1", "CVE-2026-1"]
    )
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    said = record("GHSA-1", severity=[{"type": "CVSS_V3", "score": vector}])
    with odd_server(
        **{
            "v1/querybatch": ok(ONE),
            "v1/vulns/PYSEC-1": ok(raw(flaw)),
            "v1/vulns/GHSA-1": ok(raw(said)),
            "v1/vulns/CVE-2026-1": status(404),
        }
    ) as server:
        (it,) = found(api(server.url).lookup([DEMO])[DEMO], "1.0")

    assert (it.id, it.severity, it.score) == ("CVE-2026-1", "critical", 9.8)
    assert sorted(server.asked)[1:] == [
        "/v1/vulns/CVE-2026-1", "/v1/vulns/GHSA-1", "/v1/vulns/PYSEC-1",
    ]  # fmt: skip


def test_a_local_version_is_asked_for_with_and_without() -> None:
    with odd_server(**{"v1/querybatch": ok(b'{"results": [{}, {}]}')}) as server:
        api(server.url).lookup([PackageVersion("pypi", "torch", "2.0+cpu")])

    queries = json.loads(server.bodies[0])["queries"]
    assert [it["version"] for it in queries] == ["2.0+cpu", "2.0"]


def test_a_record_that_cannot_be_read_leaves_its_package_open() -> None:
    broken = {**record("PYSEC-1", affected("demo")), "aliases": 7}
    with odd_server(**{"v1/querybatch": ok(ONE), "v1/vulns/PYSEC-1": ok(raw(broken))}) as server:
        answer = api(server.url).lookup([DEMO])[DEMO]

    assert isinstance(answer, PackageAdvisories)
    nothing, why = match(answer, "1.0")
    assert nothing == ()
    assert why is not None
    assert why.reason == "unreadable"


def endless(it: Odd) -> None:
    it.reply(200, b'{"results": [{"next_page_token": "more"}]}')


@pytest.mark.parametrize(
    "behaviour",
    [
        status(404),
        status(500),
        status(429),
        html,
        cut_off,
        endless,
        ok(b""),
        ok(b"null"),
        ok(b"[]"),
        ok(b'{"results": []}'),
        ok(b'{"results": [{}, {}]}'),
        ok(b'{"results": [{"vulns": "none"}]}'),
        ok(b'{"results": [{"vulns": [{"id": "../../v1/query"}]}]}'),
        ok(b'{"results": ' + b"[" * 100_000),
    ],
)
def test_questions_without_a_good_answer_make_nothing_clean(behaviour: Behaviour) -> None:
    with (
        odd_server(**{"v1/querybatch": behaviour}) as server,
        pytest.raises(AdvisoriesError) as caught,
    ):
        api(server.url).lookup([DEMO])

    assert caught.value.reason == "service-unavailable"
    assert "snapshot" in caught.value.remedy


@pytest.mark.parametrize(
    "behaviour",
    [
        status(404),
        status(500),
        html,
        cut_off,
        ok(b""),
        ok(b"{}"),
        ok(raw(record("PYSEC-2", affected("demo")))),
    ],
)
def test_records_that_do_not_come_make_nothing_clean(behaviour: Behaviour) -> None:
    with (
        odd_server(**{"v1/querybatch": ok(ONE), "v1/vulns/PYSEC-1": behaviour}) as server,
        pytest.raises(AdvisoriesError) as caught,
    ):
        api(server.url).lookup([DEMO])

    assert caught.value.reason == "service-unavailable"


@pytest.mark.parametrize("path", ["v1/querybatch", "v1/vulns/PYSEC-1"])
def test_silence_makes_nothing_clean(path: str) -> None:
    behaviours = {"v1/querybatch": ok(ONE), "v1/vulns/PYSEC-1": hang, path: hang}
    with odd_server(**behaviours) as server, pytest.raises(AdvisoriesError) as caught:
        api(server.url, deadline=0.5).lookup([DEMO])

    assert caught.value.reason == "service-unavailable"


def test_urgency_comes_from_whoever_knows() -> None:
    flaw = record("CVE-2026-1", affected("demo", ("introduced", "0")))
    ask: Callable[[str], Priority] = {"CVE-2026-1": Priority("2026-12-24", 0.5)}.__getitem__
    batch = ONE.replace(b"PYSEC-1", b"CVE-2026-1")
    with odd_server(**{"v1/querybatch": ok(batch), "v1/vulns/CVE-2026-1": ok(raw(flaw))}) as server:
        live = OsvApi(server.url, Http(20), ask)
        (it,) = found(live.lookup([DEMO])[DEMO], "1.0")

    assert (it.kev, it.epss) == ("2026-12-24", 0.5)
    assert live.priority("CVE-2026-1").epss == 0.5

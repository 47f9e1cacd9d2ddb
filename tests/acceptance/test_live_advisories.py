"""`advisories.source: live`: OSV's API at every audit, and nothing passes without its answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gatekeeper import wiring
from gatekeeper.adapters.advisory_file import AdvisoryFile
from gatekeeper.adapters.osv_server import address, open_server
from gatekeeper.cli.main import run
from tests.fakes.advisories import affected, record, snapshot
from tests.fakes.odd_server import Behaviour, cut_off, drip, hang, html, odd_server, ok, status
from tests.fakes.repo import Repo

WEAK = record("GHSA-1", affected("weak", ("introduced", "0"), ("fixed", "1.5")))


@pytest.fixture(autouse=True)
def _here(repo: Repo, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.root)
    monkeypatch.setattr(wiring, "LIVE_DEADLINE", 20)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """A real server over a snapshot that the audit itself does not have."""
    file = AdvisoryFile(snapshot(tmp_path / "elsewhere", WEAK).path)
    with open_server(file, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield address(server)
        server.shutdown()


def audited(
    repo: Repo, capsys: pytest.CaptureFixture[str], api: str, wanted: str, *more: str
) -> tuple[int, Any]:
    repo.commit(
        "some",
        **{
            "gatekeeper.yml": f"advisories: {{source: live, api: '{api}'}}\n",
            "requirements.txt": wanted,
        },
    )
    capsys.readouterr()
    exit_status = run(["audit", "--format", "json", *more])
    return exit_status, json.loads(capsys.readouterr().out)


def test_what_is_vulnerable_blocks(
    repo: Repo, capsys: pytest.CaptureFixture[str], served: str
) -> None:
    exit_status, report = audited(repo, capsys, served, "weak==1.0\nfine==1.0\n")

    assert exit_status == 1
    assert {it["name"]: it["status"] for it in report["dependencies"]} == {
        "weak": "vulnerable",
        "fine": "clean",
    }


def test_what_is_clean_passes(repo: Repo, capsys: pytest.CaptureFixture[str], served: str) -> None:
    assert audited(repo, capsys, served, "weak==1.5\n")[0] == 0


@pytest.mark.parametrize(
    "behaviour",
    [status(404), status(500), html, cut_off, hang, drip, ok(b"{}"), ok(b"")],
    ids=["404", "500", "html", "cut-off", "hangs", "drips", "empty-object", "empty"],
)
def test_without_a_good_answer_nothing_passes(
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    behaviour: Behaviour,
) -> None:
    monkeypatch.setattr(wiring, "LIVE_DEADLINE", 1)
    with odd_server(**{"v1/querybatch": behaviour}) as server:
        exit_status, report = audited(repo, capsys, server.url, "fine==1.0\n")

    assert exit_status == 3
    assert report["verdict"] == "inconclusive"
    assert [it["status"] for it in report.get("dependencies", ()) if it["status"] == "clean"] == []


def test_offline_nothing_passes(
    repo: Repo, capsys: pytest.CaptureFixture[str], served: str
) -> None:
    exit_status, report = audited(repo, capsys, served, "fine==1.0\n", "--offline")

    assert exit_status == 3
    assert "offline" in json.dumps(report["outcomes"])


def test_nobody_there(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    with odd_server() as server:
        nobody = server.url

    assert audited(repo, capsys, nobody, "fine==1.0\n")[0] == 3

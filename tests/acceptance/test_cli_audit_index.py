"""`gatekeeper audit` that asks package indexes about what a change brings in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.test_cli_audit import WEAK
from tests.fakes.advisories import snapshot
from tests.fakes.index_server import sha256, simple
from tests.fakes.odd_server import OddServer, odd_server, status
from tests.fakes.packages import zipped
from tests.fakes.repo import Repo, Result

HONEST = zipped({"demo/__init__.py": ""})
STOLEN = zipped({"demo/__init__.py": "", "demo_init.pth": "import base64; exec('...')\n"})


@pytest.fixture
def index(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OddServer]:
    snapshot(cache, WEAK)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with odd_server() as server:
        files = {"demo-1.0-py3-none-any.whl": HONEST, "demo-1.1-py3-none-any.whl": STOLEN}
        simple(server, "demo", files)
        yield server


def settings(server: OddServer, **more: object) -> str:
    options = {"index": {"ask": "files", "pypi": f"{server.url}/simple"}, **more}
    return json.dumps({"advisories": {"max_age_days": 3650}, "scanners": {"dependencies": options}})


def requirement(version: str, content: bytes) -> str:
    return f"demo=={version} --hash=sha256:{sha256(content)}\n"


def audit(repo: Repo, *arguments: str) -> Result:
    return repo.gatekeeper("audit", *arguments, "--format", "json")


def test_an_update_to_a_stolen_release_is_blocked(repo: Repo, index: OddServer) -> None:
    old = {"gatekeeper.yml": settings(index), "requirements.txt": requirement("1.0", HONEST)}
    repo.commit("old", **old)
    repo.branch()
    repo.commit("update", **{"requirements.txt": requirement("1.1", STOLEN)})

    result = audit(repo)

    assert result.status == 1, result.stderr
    (finding,) = result.findings("new")
    assert (finding["rule"], finding["subject"]) == ("startup-code", "pypi:demo@1.1")
    assert "demo_init.pth" in finding["message"]
    assert index.asked.count("/simple/demo/") == 1
    assert "not cached" not in result.stdout
    fetched = [it for it in index.asked if it.startswith("/files/")]
    # What is in a file is remembered by its hash.
    assert audit(repo).findings("new") == [finding]
    assert [it for it in index.asked if it.startswith("/files/")] == fetched


def test_a_release_of_yesterday_has_to_wait(repo: Repo, index: OddServer) -> None:
    from datetime import UTC, datetime, timedelta

    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    simple(index, "demo", {"demo-1.0-py3-none-any.whl": HONEST}, uploaded=yesterday)
    config = settings(index, minimum_release_age_days=7)
    repo.commit("app", **{"gatekeeper.yml": config, "requirements.txt": requirement("1.0", HONEST)})

    result = audit(repo)

    assert result.status == 1, result.stdout
    assert [it["rule"] for it in result.findings("new")] == ["too-new"]


@pytest.mark.parametrize("how", ["offline", "refused"])
def test_what_nobody_could_ask_about_is_not_clean(repo: Repo, index: OddServer, how: str) -> None:
    index.behaviours["/simple/demo/"] = status(403)
    files = {"gatekeeper.yml": settings(index), "requirements.txt": requirement("1.0", HONEST)}
    repo.commit("app", **files)

    result = audit(repo, *(["--offline"] if how == "offline" else []))

    assert result.status == 3, result.stdout
    (left,) = result.report["unchecked"]
    assert left["reason_code"] == "service-unavailable"
    (account,) = result.report["dependencies"]
    assert (account["status"], account["reason_code"]) == ("not-checked", "service-unavailable")
    assert (how in account["message"]) or "403" in account["message"]

"""`gatekeeper audit` of manifests without a lock: uv chooses, nothing of the project runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.advisories import affected, record, snapshot
from tests.fakes.repo import Repo
from tests.fakes.wheels import wheel

SETTINGS = "advisories: {max_age_days: 3650}\nscanners: {dependencies: {resolve: true}}\n"
WEAK = record(
    "GHSA-2222-3333-4444",
    affected("weak", ("introduced", "0"), ("fixed", "1.5")),
    summary="Anybody may log in",
    database_specific={"severity": "HIGH"},
)


@pytest.fixture
def index(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels in place of an index, and a snapshot of one advisory."""
    folder = tmp_path / "links"
    folder.mkdir()
    wheel(folder, "middle", "2.0", "weak")
    wheel(folder, "weak", "1.0")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    snapshot(cache, WEAK)
    return folder


def test_what_a_manifest_brings_in_is_audited_at_its_line(repo: Repo, index: Path) -> None:
    repo.commit("app", **{"gatekeeper.yml": SETTINGS, "requirements.in": "# ours\nmiddle>=1\n"})

    result = repo.gatekeeper("audit", "--offline", "--format", "json")

    assert result.status == 1, result.stderr
    (finding,) = result.findings("new")
    assert (finding["path"], finding["line"]) == ("requirements.in", 2)
    assert finding["subject"] == "pypi:weak@1.0"
    assert "Brought in by middle > weak" in finding["message"]


def test_what_cannot_be_resolved_is_inconclusive(repo: Repo, index: Path) -> None:
    repo.commit("app", **{"gatekeeper.yml": SETTINGS, "requirements.in": "middle>=3\n"})

    result = repo.gatekeeper("audit", "--offline", "--format", "json")

    assert result.status == 3, result.stdout
    assert "uv found no versions that fit together" in result.stdout

"""`gatekeeper audit --fix-advice`: what to change, tried with uv, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from gatekeeper.reports.accounts import accounts_of
from gatekeeper.reports.json import report_schema
from gatekeeper.reports.json_reader import read_report
from tests.fakes.advisories import affected, record, snapshot
from tests.fakes.index import index
from tests.fakes.repo import Repo, Result

WEAK = record("GHSA-2222-3333-4444", affected("weak", ("introduced", "0"), ("fixed", "2.0")))
LOCK = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "app"
version = "1.0"
source = { editable = "." }
dependencies = [{ name = "top" }]

[package.metadata]
requires-dist = [{ name = "top", specifier = "==1.0" }]

[[package]]
name = "top"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "weak" }]

[[package]]
name = "weak"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
"""
MANIFEST = (
    '[project]\nname = "app"\nversion = "1.0"\nrequires-python = ">=3.11"\n'
    'dependencies = ["top==1.0"]\n'
)


@pytest.fixture
def project(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    cache = tmp_path / "cache"
    monkeypatch.setenv("GATEKEEPER_CACHE_DIR", str(cache))
    snapshot(cache, WEAK)
    settings = "advisories: {max_age_days: 3650}\n"
    repo.commit(**{"uv.lock": LOCK, "pyproject.toml": MANIFEST, "gatekeeper.yml": settings})
    return repo


def audit(repo: Repo, tmp_path: Path, *arguments: str) -> Result:
    folder = tmp_path / "index"
    if not folder.exists():
        index(
            folder,
            {"top": {"1.0": ["weak<2"], "3.0": ["weak>=2"]}, "weak": {"1.0": [], "2.0": []}},
        )
    return repo.gatekeeper("audit", *arguments, env={"UV_DEFAULT_INDEX": f"file://{folder}"})


def test_advice_for_programs(project: Repo, tmp_path: Path) -> None:
    result = audit(project, tmp_path, "--fix-advice", "--format", "json")

    assert result.status == 1
    jsonschema.validate(result.report, report_schema())
    (weak,) = (it for it in result.report["dependencies"] if it["name"] == "weak")
    assert weak["advice"] == {
        "kind": "raise",
        "steps": [{"name": "top", "version": "3.0"}, {"name": "weak", "version": "2.0"}],
        "fixed": "2.0",
        "path": "pyproject.toml",
        "proof": "resolver",
        "untried": "",
        "command": "uv add 'top>=3.0' && uv lock --upgrade-package weak==2.0",
        "message": "ask for top 3.0, and take weak 2.0, which that allows",
    }
    tops = [it for it in result.report["dependencies"] if it["name"] == "top"]
    assert [it["advice"] for it in tops] == [None, None]
    again = read_report(json.dumps(result.report).encode(), "report.json")
    assert [it.advice.steps[0].name for it in accounts_of(again) if it.advice] == ["top"]


def test_advice_for_people(project: Repo, tmp_path: Path) -> None:
    result = audit(project, tmp_path, "--fix-advice")

    assert result.status == 1
    assert result.stdout.endswith(
        "\n"
        "fix advice for 1 vulnerable dependency\n"
        "  weak 1.0 (uv.lock)\n"
        "    ask for top 3.0, and take weak 2.0, which that allows\n"
        "    $ uv add 'top>=3.0' && uv lock --upgrade-package weak==2.0\n"
        "    tried with a resolver\n"
    )
    listed = audit(project, tmp_path, "--fix-advice", "--list").stdout
    assert "ask for top 3.0" in listed


def test_without_a_resolver_it_is_said_that_nobody_tried(project: Repo, tmp_path: Path) -> None:
    plain = audit(project, tmp_path, "--format", "json")
    offline = audit(project, tmp_path, "--fix-advice", "--offline")

    (weak,) = (it for it in plain.report["dependencies"] if it["name"] == "weak")
    assert (weak["advice"]["kind"], weak["advice"]["proof"]) == ("lock", "advisories")
    (message,) = (it["message"] for it in plain.findings() if it["rule"] == WEAK["id"])
    assert "To do so, take 2.0 into the lock, if top 1.0 allows it." in message
    assert "not tried with a resolver: offline, so no package index was asked" in offline.stdout
    assert offline.status == 1


def test_nothing_to_advise(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("GATEKEEPER_CACHE_DIR", str(cache))
    snapshot(cache, WEAK)
    repo.commit(**{"requirements.txt": "weak==2.0\n",
                   "gatekeeper.yml": "advisories: {max_age_days: 3650}\n"})  # fmt: skip

    result = audit(repo, tmp_path, "--fix-advice")

    assert result.status == 0
    assert "nothing to advise: nothing is vulnerable" in result.stdout

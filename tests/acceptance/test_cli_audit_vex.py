"""Statements that a vulnerability does not matter here (VEX): followed, shown, and never trusted blindly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.advisories import affected, record, snapshot
from tests.fakes.repo import Repo, Result

WEAK = record(
    "GHSA-2222-3333-4444",
    affected("weak", ("introduced", "0"), ("fixed", "1.5")),
    aliases=["CVE-2026-0001"],
    summary="Anybody may log in",
    database_specific={"severity": "HIGH"},
)
EVIL = record("MAL-2026-1", affected("evil", versions=["6.6.6"]), summary="Steals tokens")
CONFIG = """\
advisories: {max_age_days: 3650}
scanners:
  dependencies:
    vex: [vex.json]
"""


def openvex(*statements: dict[str, Any]) -> str:
    document = {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": "https://example.org/vex/1",
        "author": "Us",
        "timestamp": "2026-11-20T00:00:00Z",
        "version": 1,
        "statements": list(statements),
    }
    return json.dumps(document, indent=1)


def statement(**more: Any) -> dict[str, Any]:
    return {
        "vulnerability": {"name": "CVE-2026-0001"},
        "products": [{"@id": "pkg:pypi/weak@1.0"}],
        "status": "not_affected",
        "justification": "vulnerable_code_not_in_execute_path",
        "status_notes": "We never log in.",
        **more,
    }


@pytest.fixture(autouse=True)
def advised(cache: Path) -> None:
    snapshot(cache, WEAK, EVIL)


def audit(repo: Repo, *arguments: str) -> Result:
    return repo.gatekeeper("audit", *arguments, "--format", "json")


def test_a_statement_settles_a_finding_and_every_report_says_so(repo: Repo) -> None:
    repo.commit(
        "app",
        **{
            "gatekeeper.yml": CONFIG,
            "requirements.txt": "weak==1.0\n",
            "vex.json": openvex(statement()),
        },
    )

    result = audit(repo)

    assert result.status == 0, result.stdout
    (finding,) = result.findings()
    assert finding["state"] == "suppressed"
    assert finding["suppression"]["reason"] == (
        "vulnerable code not in execute path: We never log in."
    )
    assert finding["suppression"]["directive"].startswith("not_affected in vex.json:")
    text = repo.gatekeeper("audit").stdout
    assert "CVE-2026-0001 is not affected (vex.json:8" in text
    assert "We never log in." in " ".join(text.split())


def test_taking_a_statement_away_or_leaving_its_version_brings_the_finding_in(repo: Repo) -> None:
    repo.commit(
        "app",
        **{
            "gatekeeper.yml": CONFIG,
            "requirements.txt": "weak==1.0\n",
            "vex.json": openvex(statement()),
        },
    )
    repo.branch()
    repo.commit("update", **{"requirements.txt": "weak==1.1\n"})

    updated = audit(repo)
    assert updated.status == 1
    assert [it["rule"] for it in updated.findings("new") if it["severity"] == "high"] == [
        "CVE-2026-0001"
    ]

    repo.commit("back", **{"requirements.txt": "weak==1.0\n"})
    assert audit(repo).status == 0
    repo.commit("away", **{"vex.json": openvex(statement(status="under_investigation"))})
    assert [it["rule"] for it in audit(repo).findings("new")] == ["CVE-2026-0001"]


def test_malicious_packages_block_whatever_is_said(repo: Repo) -> None:
    said = statement(
        vulnerability={"name": "MAL-2026-1"}, products=[{"@id": "pkg:pypi/evil@6.6.6"}]
    )
    repo.commit(
        "app",
        **{
            "gatekeeper.yml": CONFIG,
            "requirements.txt": "evil==6.6.6\n",
            "vex.json": openvex(said),
        },
    )

    result = audit(repo)

    assert result.status == 1
    assert {it["rule"]: it["state"] for it in result.findings()} == {
        "MAL-2026-1": "new",
        "vex-refused": "new",
    }


def test_what_says_nothing_is_told_with_file_line_and_key(repo: Repo) -> None:
    repo.commit(
        "app",
        **{
            "gatekeeper.yml": CONFIG,
            "requirements.txt": "weak==1.0\n",
            "vex.json": openvex(
                statement(status="mostly_harmless"),
                statement(vulnerability={"name": "CVE-1999-0001"}),
            ),
        },
    )

    result = audit(repo)

    assert result.status == 1
    told = {it["rule"]: it for it in result.findings("new")}
    assert set(told) == {"CVE-2026-0001", "vex-invalid", "vex-unmatched"}
    invalid = told["vex-invalid"]
    lines = (repo.root / "vex.json").read_text().splitlines()
    assert invalid["path"] == "vex.json"
    assert "mostly_harmless" in lines[invalid["line"] - 1]
    assert "statements[0]" in invalid["message"]
    assert "mostly_harmless" in invalid["message"]
    assert "CVE-1999-0001 (statements[1], not_affected)" in told["vex-unmatched"]["message"]


def test_a_document_that_is_not_there_is_told(repo: Repo) -> None:
    repo.commit("app", **{"gatekeeper.yml": CONFIG, "requirements.txt": "weak==1.5\n"})

    result = audit(repo)

    assert result.status == 1
    (finding,) = result.findings("new")
    assert (finding["rule"], finding["path"]) == ("vex-invalid", "vex.json")


def test_old_statements_settle_nothing_where_that_is_asked(repo: Repo) -> None:
    repo.commit(
        "app",
        **{
            "gatekeeper.yml": CONFIG + "    vex_max_age_days: 30\n",
            "requirements.txt": "weak==1.0\n",
            "vex.json": openvex(statement(timestamp="2020-01-01T00:00:00Z")),
        },
    )

    result = audit(repo)

    assert result.status == 1
    told = {it["rule"]: it["message"] for it in result.findings("new")}
    assert set(told) == {"CVE-2026-0001", "vex-refused"}
    assert "30 are allowed" in told["vex-refused"]


def test_what_is_written_can_be_read_again(repo: Repo) -> None:
    repo.commit(
        "app",
        **{
            "gatekeeper.yml": CONFIG,
            "requirements.txt": "weak==1.0\n",
            "vex.json": openvex(statement()),
        },
    )

    written = repo.gatekeeper("sbom", "vex", "--author", "Us")
    again = repo.gatekeeper("sbom", "vex", "--author", "Us")

    assert (written.status, written.stdout) == (0, again.stdout), written.stderr
    (said,) = json.loads(written.stdout)["statements"]
    assert said["justification"] == "vulnerable_code_not_in_execute_path"
    assert said["vulnerability"]["aliases"] == ["GHSA-2222-3333-4444"]
    repo.commit("ours", **{"vex.json": written.stdout})
    assert audit(repo).status == 0


def test_the_bill_holds_vulnerabilities_and_tells_what_was_not_checked(repo: Repo) -> None:
    repo.commit(
        "app",
        **{
            "gatekeeper.yml": "advisories: {max_age_days: 3650}\n",
            "requirements.txt": "weak==1.0\nopen>=1\n",
        },
    )

    result = repo.gatekeeper("sbom", "vex", "--format", "cyclonedx")

    assert result.status == 0
    (entry,) = json.loads(result.stdout)["vulnerabilities"]
    assert (entry["id"], entry["analysis"]["state"]) == ("CVE-2026-0001", "in_triage")
    assert "1 dependency could not be checked" in result.stderr


def test_without_advisories_nothing_is_written(repo: Repo) -> None:
    repo.commit(
        "app",
        **{
            "gatekeeper.yml": "advisories: {max_age_days: 1}\n",
            "requirements.txt": "weak==1.0\n",
        },
    )

    result = repo.gatekeeper("sbom", "vex")

    assert (result.status, result.stdout) == (3, "")
    assert "nothing is known about vulnerabilities" in result.stderr

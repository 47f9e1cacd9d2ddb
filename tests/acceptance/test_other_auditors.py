"""pip-audit and `uv audit` run against `gatekeeper advisories serve`, offline."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.agreement import Pair, write_project
from gatekeeper.adapters.uv_process import uv_program
from tests.fakes.advisories import affected, archive, record, snapshot
from tests.fakes.repo import Repo, Result

TODAY = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The real command, over a small fresh snapshot; it ends cleanly."""
    monkeypatch.setenv("GATEKEEPER_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    program = str(Path(sys.executable).with_name("gatekeeper"))
    given = archive(
        tmp_path / "all.zip",
        [
            record("PYSEC-1", affected("sparrow", ("introduced", "0"), ("fixed", "2.0")),
                   modified=TODAY, aliases=["CVE-2026-1"], details="flaw"),
            record("GHSA-1", affected("Heron.Tools", versions=["1.0"]), modified=TODAY),
        ],
    )  # fmt: skip
    subprocess.run(
        [program, "advisories", "sync", "--from", given], check=True, capture_output=True
    )
    serving = subprocess.Popen([program, "advisories", "serve"], stdout=subprocess.PIPE, text=True)
    assert serving.stdout is not None
    yield serving.stdout.readline().removeprefix("serving ").strip()
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(10) == 0
    serving.stdout.close()


def test_pip_audit(url: str, tmp_path: Path) -> None:
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("sparrow==1.9\nheron-tools==1.0\nswift==1.0\n")

    argv = [
        str(Path(sys.executable).with_name("pip-audit")), "-r", str(wanted), "--no-deps", "--disable-pip",
        "-s", "osv", "--osv-url", f"{url}/v1/query", "-f", "json", "--progress-spinner", "off",
        "--cache-dir", str(tmp_path / "pip-cache"),
    ]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, text=True, check=False)

    assert done.returncode == 1, done.stderr
    found: dict[str, Any] = {
        it["name"]: it["vulns"] for it in json.loads(done.stdout)["dependencies"]
    }
    assert [(it["id"], it["fix_versions"], it["aliases"]) for it in found["sparrow"]] == [
        ("PYSEC-1", ["2.0"], ["CVE-2026-1"])
    ]
    assert [it["id"] for it in found["heron-tools"]] == ["GHSA-1"]
    assert found["swift"] == []


def test_uv_audit(url: str, tmp_path: Path) -> None:
    pairs = [Pair("sparrow", "1.9"), Pair("heron-tools", "1.0"), Pair("swift", "1.0")]
    write_project(tmp_path, pairs)

    argv = [uv_program(), "audit", "--frozen", "--service-url", url, "--output-format", "json",
            "--no-cache", "--preview", "--no-python-downloads"]  # fmt: skip
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 1, done.stderr
    answer = json.loads(done.stdout)
    assert answer["summary"]["audited_packages"] == 3
    assert sorted((it["dependency"]["name"], it["id"]) for it in answer["vulnerabilities"]) == [
        ("heron-tools", "GHSA-1"),
        ("sparrow", "PYSEC-1"),
    ]


class TestBesideOurOwn:
    """`scanners.dependencies.auditors`: real tools, from their locks, over the snapshot."""

    LOCK = "sparrow==1.9\nheron-tools==1.0\nswift==1.0\n"
    OPTIONS = (
        "advisories: {max_age_days: 3650}\n"
        "scanners: {dependencies: {auditors: [%s], safety_db: database}}\n"
    )

    @pytest.fixture
    def audited(self, repo: Repo, cache: Path) -> Repo:
        snapshot(
            cache,
            record("PYSEC-1", affected("sparrow", ("introduced", "0"), ("fixed", "2.0")),
                   aliases=["CVE-2026-1"], summary="Sings too loud"),
            record("GHSA-1", affected("Heron.Tools", versions=["1.0"])),
        )  # fmt: skip
        repo.write("requirements.txt", self.LOCK)
        return repo

    def options(self, repo: Repo, *auditors: str, more: str = "") -> None:
        repo.write("gatekeeper.yml", self.OPTIONS % ", ".join(auditors) + more)
        repo.commit()

    def audit(self, repo: Repo) -> Result:
        return repo.gatekeeper("audit", "--all", "--format", "json")

    @pytest.mark.slow
    def test_they_agree_and_each_vulnerability_is_one_finding(self, audited: Repo) -> None:
        self.options(audited, "pip-audit", "uv")
        first = self.audit(audited)
        again = self.audit(audited)

        assert first.status == 1, first.stderr
        found = {it["rule"]: it["message"] for it in first.report["findings"]}
        assert set(found) == {"CVE-2026-1", "GHSA-1"}
        assert not any("Found by" in it for it in found.values())
        assert any("gatekeeper, pip-audit and uv audit agree" in it for it in first.report["notes"])
        assert {it["name"]: it["status"] for it in first.report["dependencies"]} == {
            "sparrow": "vulnerable", "heron-tools": "vulnerable", "swift": "clean",
        }  # fmt: skip
        # Nothing changed, so nobody was started again.
        assert again.report["findings"] == first.report["findings"]
        assert again.report["seconds"] < first.report["seconds"] / 3

    @pytest.mark.slow
    def test_safety_has_a_database_of_its_own_and_the_report_says_who_found_what(
        self, audited: Repo
    ) -> None:
        flaws = {
            "sparrow": [{"advisory": "Sings.", "specs": ["<2.0"], "fixed_versions": ["2.0"],
                         "ids": [{"type": "pyup", "id": "99"}, {"type": "cve", "id": "CVE-2026-1"}]}],
            "swift": [{"advisory": "Flies too fast.", "specs": ["<3"], "fixed_versions": [],
                       "ids": [{"type": "pyup", "id": "100"}]}],
        }  # fmt: skip
        meta = {"timestamp": 1_700_000_000, "base_domain": "https://x", "schema_version": "2.0.0"}
        short = {name: [it["specs"][0] for it in several] for name, several in flaws.items()}
        audited.write(
            "database/insecure.json", json.dumps({"meta": meta, "vulnerable_packages": short})
        )
        packages: dict[str, dict[str, list[str]]] = {
            it: {"insecure_versions": [], "secure_versions": []} for it in flaws
        }
        full = {"meta": meta, "vulnerable_packages": flaws, "packages": packages}
        audited.write("database/insecure_full.json", json.dumps(full))
        self.options(audited, "safety")
        result = self.audit(audited)

        found = {it["rule"]: it["message"] for it in result.report["findings"]}
        assert set(found) == {
            "CVE-2026-1", "GHSA-1", "SFTY-100",
        }  # fmt: skip
        assert "Found by" not in found["CVE-2026-1"]
        assert "SFTY-99" in found["CVE-2026-1"]
        assert "Found by gatekeeper, and not by safety." in found["GHSA-1"]
        assert "Found by safety, and not by gatekeeper." in found["SFTY-100"]
        assert any("disagree about 2 vulnerabilities" in it for it in result.report["notes"])

    def test_safety_without_a_database_is_skipped_with_the_reason(self, audited: Repo) -> None:
        self.options(audited, "safety")
        result = self.audit(audited)

        assert result.status == 1
        assert any("safety was skipped: there is no folder" in it for it in result.report["notes"])

    @pytest.mark.parametrize(
        ("script", "words"),
        [
            ("echo 'No known vulnerabilities found'", "did not print the report"),
            ("echo '{\"dependencies\": []}'", "its report does not name it"),
            ("kill -9 $$", "SIGKILL"),
            ("exit 3", "ended with 3"),
        ],
    )
    def test_one_that_fails_is_never_a_pass(
        self, audited: Repo, tmp_path: Path, script: str, words: str
    ) -> None:
        program = tmp_path / "pip-audit"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        audited.write("requirements.txt", "swift==1.0\n")
        self.options(
            audited, "pip-audit", more=f"tools: {{pip-audit: {{from: path, path: {program}}}}}\n"
        )
        result = self.audit(audited)

        assert result.status == 3
        assert words in json.dumps(result.report["unchecked"])

    def test_one_that_cannot_be_installed_is_never_a_pass(self, audited: Repo) -> None:
        audited.write("requirements.txt", "swift==1.0\n")
        self.options(
            audited,
            "pip-audit",
            more="tools: {pip-audit: {from: path, path: /nowhere/pip-audit}}\n",
        )
        result = self.audit(audited)

        assert result.status == 3
        assert "pip-audit did not audit anything" in json.dumps(result.report["unchecked"])

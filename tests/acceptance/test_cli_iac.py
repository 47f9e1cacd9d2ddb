"""The gate `iac` in a repository: what is new blocks, and two tools that see one thing are one finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.repo import Repo, Result

BUCKET = """\
resource "aws_s3_bucket" "{name}" {{
  bucket = "{bucket}"
}}
"""
POLICY = """\
resource "aws_security_group_rule" "ssh" {
  type        = "ingress"
  from_port   = 22
  to_port     = 22
  protocol    = "tcp"
  cidr_blocks = ["0.0.0.0/0"]
}
"""


def iac(repo: Repo, *arguments: str) -> Result:
    return repo.check("--gate", "iac", *arguments)


def test_without_such_files_nothing_is_started(repo: Repo, cache: Path) -> None:
    repo.commit(**{"a.py": "x = 1\n", "mkdocs.yml": "site_name: x\n"})
    (cache / "tools").unlink()

    result = iac(repo, "--all")

    assert result.status == 0
    assert {it["status"] for it in result.report["outcomes"]} == {"skipped"}
    assert not (cache / "tools").exists()


@pytest.mark.slow
def test_only_what_the_change_brings_in_blocks(repo: Repo, cache: Path) -> None:
    repo.write("infra/main.tf", BUCKET.format(name="data", bucket="one"))
    repo.commit()
    repo.branch()
    # Moved, and another line of the resource: its problems are the old ones.
    repo.git("mv", "infra", "cloud")
    repo.write("cloud/main.tf", "\n\n" + BUCKET.format(name="data", bucket="two"))
    repo.commit()

    moved = iac(repo)
    repo.write("cloud/ssh.tf", POLICY)
    opened = iac(repo)
    again = iac(repo)

    assert moved.status == 0
    assert {it["state"] for it in moved.findings()} == {"existing"}
    assert opened.status == 1
    (blocking,) = (it for it in opened.findings() if it["blocks"])
    assert (blocking["path"], blocking["rule"], blocking["severity"]) == (
        "cloud/ssh.tf", "CKV_AWS_24", "high",
    )  # fmt: skip
    assert again.findings() == opened.findings()
    (ran,) = (it for it in again.report["outcomes"] if it["scanner"] == "checkov")
    assert (ran["scanned_files"], ran["cached_files"]) == (0, 2)


@pytest.mark.slow
def test_what_both_tools_find_is_one_finding(repo: Repo, cache: Path) -> None:
    repo.commit(readme="x\n")
    repo.branch()
    repo.commit(Dockerfile="FROM debian\nRUN sudo make\nUSER root\n")

    result = iac(repo)

    assert result.status == 1
    told = [
        {it["rule"], *(also["rule"] for also in it["also_found_by"])}
        for it in result.findings()
        if it["also_found_by"]
    ]
    assert len(told) == 3
    for both in (
        {"DL3004", "CKV2_DOCKER_1"},
        {"DL3006", "CKV_DOCKER_7"},
        {"DL3002", "CKV_DOCKER_8"},
    ):
        assert both in told


@pytest.mark.slow
def test_what_cannot_be_read_is_inconclusive(repo: Repo, cache: Path) -> None:
    repo.commit(readme="x\n")
    repo.branch()
    repo.write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n# {{ .Values.x }}\n")
    repo.commit()

    result = iac(repo)

    assert result.status == 3
    (unchecked,) = result.report["unchecked"]
    assert (unchecked["path"], unchecked["reason_code"]) == ("pod.yaml", "not-reported")


def test_settings_that_load_code_are_refused(repo: Repo, cache: Path) -> None:
    repo.commit(**{"main.tf": POLICY})
    repo.branch()
    repo.write(".checkov.yaml", "external-checks-dir: [checks]\n")
    repo.commit()

    result = iac(repo)

    assert result.status == 3
    (failed,) = (it for it in result.report["outcomes"] if it["status"] == "failed")
    assert failed["reason_code"] == "tool-misconfigured"
    assert ".checkov.yaml:1" in failed["message"]

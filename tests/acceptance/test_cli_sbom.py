"""`gatekeeper sbom make` and `sbom diff`, as somebody uses them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.fakes.repo import Repo

LOCK = "weak==1.0 \\\n    --hash=sha256:" + "ab" * 32 + "\nother==2.0\n"


def test_a_bill_of_a_commit_can_be_repeated(repo: Repo, cache: Path, tmp_path: Path) -> None:
    commit = repo.commit("some", **{"requirements.txt": LOCK})
    repo.write("requirements.txt", "weak==9.0\n")

    made = [repo.gatekeeper("sbom", "make", "--head", "HEAD", "--name", "app") for _ in range(2)]

    assert (made[0].status, made[0].stdout) == (0, made[1].stdout)
    document = json.loads(made[0].stdout)
    assert document["metadata"]["component"]["properties"][0]["value"] == commit
    assert document["metadata"]["timestamp"] == "2026-01-02T03:04:05Z"
    assert [it["purl"] for it in document["components"]] == [
        "pkg:pypi/other@2.0", "pkg:pypi/weak@1.0",
    ]  # fmt: skip
    assert document["components"][1]["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]


def test_the_difference_of_two_formats(repo: Repo, cache: Path, tmp_path: Path) -> None:
    repo.commit("some", **{"requirements.txt": LOCK})
    old, new = str(tmp_path / "old.cdx.json"), str(tmp_path / "new.spdx.json")
    assert repo.gatekeeper("sbom", "make", "--output", old).status == 0
    repo.write("requirements.txt", "weak==1.5\nmore==1\n")
    assert repo.gatekeeper("sbom", "make", "--format", "spdx", "--output", new).status == 0

    result = repo.gatekeeper("sbom", "diff", old, new, "--exit-code")

    assert result.status == 1
    assert result.stdout.splitlines() == [
        "+ pypi more 1", "- pypi other 2.0", "~ pypi weak version 1.0 > 1.5",
    ]  # fmt: skip
    assert repo.gatekeeper("sbom", "diff", old, old, "--exit-code").status == 0


def test_a_bill_that_would_not_be_complete_is_not_written(
    repo: Repo, cache: Path, tmp_path: Path
) -> None:
    repo.commit("broken", **{"requirements.txt": "<<<<<<< HEAD\nweak==1.0\n"})
    target = tmp_path / "bom.json"

    result = repo.gatekeeper("sbom", "make", "--output", str(target))

    assert result.status == 3
    assert "requirements.txt:1" in result.stderr
    assert not target.exists()


def test_what_is_no_bill_is_an_error(repo: Repo, cache: Path, tmp_path: Path) -> None:
    repo.commit("some", a="1")
    broken = tmp_path / "broken.json"
    broken.write_text('{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [')

    for path in (str(broken), str(tmp_path / "missing.json")):
        result = repo.gatekeeper("sbom", "diff", path, path)
        assert (result.status, result.stdout) == (3, "")
        assert path.rpartition("/")[2] in result.stderr
    assert repo.gatekeeper("sbom", "make", "--head", "nothing").status == 2


def test_notices_and_licences_of_what_is_installed(
    repo: Repo, cache: Path, project_environment: Path
) -> None:
    (repo.root / ".venv").symlink_to(project_environment)
    repo.commit("some", **{"requirements.txt": "pytest==9.1.1\n", ".gitignore": ".venv\n"})

    own = {"VIRTUAL_ENV": ""}
    told = repo.gatekeeper("sbom", "notices", env=own)
    assert told.status == 0
    assert "pytest 9.1.1\nLicence: MIT\n" in told.stdout
    assert "Permission is hereby granted" in told.stdout

    (component,) = json.loads(repo.gatekeeper("sbom", "make", env=own).stdout)["components"]
    assert component["licenses"] == [{"expression": "MIT"}]


def test_notices_need_an_environment(repo: Repo, cache: Path) -> None:
    repo.commit("some", a="1")

    result = repo.gatekeeper("sbom", "notices", env={"VIRTUAL_ENV": ""})

    assert result.status == 3
    assert ".venv" in result.stderr

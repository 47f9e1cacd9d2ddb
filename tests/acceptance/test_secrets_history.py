"""`gatekeeper secrets history`, with secrets that were planted and later deleted.

Values go nowhere: not into reports, the cache, files left behind, or what processes are given.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from gatekeeper.cli.check_arguments import FORMATS
from tests.acceptance.test_secrets_stay_secret import stored_values
from tests.fakes.repo import Repo, Result
from tests.fakes.secrets import Watch, files_below, found_in, random_text


@dataclass(frozen=True)
class Past:
    """A repository whose secrets are gone from the files."""

    repo: Repo
    token: str
    key: str
    token_commit: str
    cache: Path

    @property
    def values(self) -> list[str]:
        return [self.token, self.key]

    def history(self, *arguments: str) -> Result:
        return self.repo.gatekeeper("secrets", "history", *arguments)


@pytest.fixture
def past(repo: Repo, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Past:
    (cache / "home").unlink()
    (cache / "home").mkdir()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    token, key = "gh" + "p_" + random_text(36), random_text(64)
    repo.commit(**{"README.md": "# app\n"})
    repo.write("app/client.py", f'TOKEN = "{token}"\n')
    first = repo.commit("client")
    repo.write("app/client.py", f'import os\n\nTOKEN = "{token}"\n')
    repo.commit("more")
    repo.write("app/client.py", "import os\n")
    repo.git("tag", "v1")
    repo.commit("no token")
    pem = "\n".join(("-----BEGIN RSA PRIVATE KEY-----", key, "-----END RSA PRIVATE KEY-----"))
    repo.branch("work")
    repo.write("deploy/id_rsa", pem + "\n")
    repo.commit("key")
    repo.git("rm", "-q", "deploy/id_rsa")
    repo.commit("no key")
    repo.git("checkout", "-q", "main")
    return Past(repo, token, key, first, cache)


def test_deleted_secrets_block_and_their_commit_is_told(past: Past) -> None:
    clean = past.repo.check("--all", "--gate", "secrets")
    result = past.history("--format", "json")

    assert clean.status == 0, "nothing is left in the files"
    assert result.status == 1
    found = {it["path"]: it for it in result.findings()}
    assert set(found) == {"app/client.py", "deploy/id_rsa"}
    token = found["app/client.py"]
    assert (token["line"], token["blocks"], token["state"]) == (1, True, "new")
    assert token["introduced"]["commit"] == past.token_commit
    assert token["introduced"]["author_date"] == "2026-01-02T03:04:05+00:00"
    assert token["introduced"]["versions"] == 2
    assert token["introduced"]["current"] is False
    assert found_in(result.stdout.encode(), past.values) == []


def test_a_second_run_and_a_new_commit(past: Past) -> None:
    first = past.history("--format", "json")
    again = past.history("--format", "json")
    past.repo.commit(**{"new.txt": "nothing\n"})
    later = past.history("--format", "json")

    scanned = [it.report["outcomes"][0]["scanned_files"] for it in (first, again, later)]
    assert scanned == [5, 0, 1]
    assert first.findings() == again.findings() == later.findings()


def test_it_is_waived_like_any_finding(past: Past) -> None:
    found = past.history("--format", "json").findings()
    waivers = "".join(
        f"  - {{fingerprint: {it['fingerprint']}, owner: me, reason: revoked in 2026, expires: never}}\n"
        for it in found
    )
    past.repo.write(".gatekeeper/waivers.yml", f"version: 1\nwaivers:\n{waivers}")

    result = past.history("--format", "json")

    assert result.status == 0, result.stderr
    assert {it["state"] for it in result.findings()} == {"waived"}


def test_since_a_release(past: Past) -> None:
    result = past.history("--since", "v1", "--format", "json")

    assert [it["path"] for it in result.findings()] == ["deploy/id_rsa"]
    assert past.history("--since", "main~0", "--offline").status == 1
    assert past.history("--since", "work").status == 0


def test_wrong_usage_is_told(past: Past) -> None:
    for arguments in (("--since", "nothere"), ("--since=--all",), ("--max-blob-mb", "0")):
        result = past.history(*arguments)
        assert result.status == 2
        assert "Traceback" not in result.stderr
    past.repo.write("gatekeeper.yml", "version: 1\ngates: {secrets: {enabled: false}}\n")
    assert past.history().status == 2


def test_the_formats_name_the_commit_and_no_value(past: Past) -> None:
    for name in FORMATS:
        result = past.history("--format", name)
        assert result.status == 1, result.stderr
        assert found_in(result.stdout.encode(), past.values) == []
        if name not in ("comment",):
            assert past.token_commit[:12] in result.stdout.replace("\n  ", " "), name
    run = json.loads(past.history("--format", "sarif").stdout)["runs"][0]
    (told,) = (
        it["properties"]["introduced"]
        for it in run["results"]
        if it["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "app/client.py"
    )
    assert told["commit"] == past.token_commit


def test_no_value_is_given_to_a_process_or_left_behind(past: Past, tmp_path: Path) -> None:
    with Watch(past.values) as watch:
        result = past.history()

    assert result.status == 1
    assert "kingfisher" in watch.programs, "the watch was asleep"
    assert watch.leaks == set()
    assert list((tmp_path / "temporary").iterdir()) == []
    kept = [path.read_bytes() for path in files_below(past.cache)]
    assert found_in(b"\0".join([*kept, *stored_values(past.cache)]), past.values) == []


def test_it_is_explained_afterwards(past: Past) -> None:
    fingerprint = past.history("--format", "json").findings()[0]["fingerprint"]

    told = past.repo.gatekeeper("explain", fingerprint)

    assert told.status == 0
    assert "since commit" in told.stdout

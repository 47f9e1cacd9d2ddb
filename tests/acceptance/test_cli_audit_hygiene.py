"""`gatekeeper audit` of confusable names, of locks and of hashes: without asking anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.test_cli_audit import OLD, PYPROJECT, UV_LOCK, WEAK
from tests.fakes.advisories import snapshot
from tests.fakes.repo import Repo

HASH = f" --hash=sha256:{'a' * 64}"


@pytest.fixture
def advised(cache: Path) -> Path:
    snapshot(cache, WEAK)
    return cache


def test_a_change_that_brings_a_typosquat_and_a_foreign_entry_in_is_blocked(
    repo: Repo, advised: Path
) -> None:
    repo.commit(
        "old",
        **{
            "gatekeeper.yml": OLD,
            "pyproject.toml": PYPROJECT,
            "uv.lock": UV_LOCK,
            "requirements.txt": f"fine==1.0{HASH}\nnunpy==1.0{HASH}\n",
        },
    )
    repo.branch()
    repo.commit("kept", **{"readme.txt": "Hello\n"})
    assert repo.gatekeeper("audit", "--offline", "--format", "json").status == 0

    lock = UV_LOCK.replace(
        '[{ name = "middle" }]\n', '[{ name = "middle" }, { name = "evil" }]\n', 1
    )
    entry = lock[lock.index('[[package]]\nname = "weak"') :].replace('"weak"', '"evil"')
    repo.commit(
        "worse",
        **{
            "uv.lock": lock + "\n" + entry,
            "requirements.txt": f"fine==1.0{HASH}\nnunpy==1.0{HASH}\nreqeusts==2.0\n",
        },
    )

    result = repo.gatekeeper("audit", "--offline", "--format", "json")

    assert result.status == 1, result.stderr
    assert sorted((it["rule"], it["subject"]) for it in result.findings("new")) == [
        ("lock-mismatch", "pypi:evil@1.0"),
        ("missing-hash", "pypi:reqeusts@2.0"),
        ("typosquat", "pypi:reqeusts@2.0"),
    ]
    assert "typosquat" in [it["rule"] for it in result.findings("existing")]


def test_a_name_that_is_meant_is_waived_like_anything_else(repo: Repo, advised: Path) -> None:
    repo.commit("some", **{"gatekeeper.yml": OLD, "requirements.txt": "reqeusts==1.0\n"})
    assert repo.gatekeeper("audit", "--offline", "--format", "json").status == 1
    repo.write(
        ".gatekeeper/waivers.yml",
        "waivers:\n- rule: dependencies/typosquat\n  package: pypi:reqeusts\n"
        '  reason: It is ours, and older than the other one.\n  owner: "@alice"\n'
        "  expires: never\n",
    )

    result = repo.gatekeeper("audit", "--offline", "--format", "json")

    assert result.status == 0, result.stdout
    assert [it["rule"] for it in result.findings("waived")] == ["typosquat"]


def test_every_rule_is_explained(repo: Repo) -> None:
    for rule in ("typosquat", "missing-hash", "lock-mismatch", "lock-stale", "install-code"):
        done = repo.gatekeeper("explain", f"dependencies/{rule}")
        assert done.status == 0
        assert "To do" in done.stdout or "lock" in done.stdout

"""The hook `gatekeeper-audit`, as pre-commit and prek start it."""

from __future__ import annotations

import shlex
from pathlib import Path

import yaml

from tests.acceptance.test_cli_audit import HOPELESS, OLD, PYPROJECT, UV_LOCK, WEAK
from tests.fakes.advisories import snapshot
from tests.fakes.repo import Repo, Result

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"


def commit(repo: Repo) -> Result:
    hooks = yaml.safe_load(HOOKS.read_bytes())
    entry = shlex.split(next(it["entry"] for it in hooks if it["id"] == "gatekeeper-audit"))
    repo.git("add", "-A")
    return repo.gatekeeper(*entry[1:], env={"PRE_COMMIT": "1"})


def test_what_is_staged_is_audited_and_only_what_it_brings_in_blocks(
    repo: Repo, cache: Path
) -> None:
    snapshot(cache, WEAK, HOPELESS)
    repo.write("gatekeeper.yml", OLD)
    repo.commit("first", **{"requirements.txt": "hopeless==1.0\n"})
    repo.write("pyproject.toml", PYPROJECT)
    repo.write("uv.lock", UV_LOCK)

    done = commit(repo)

    assert done.status == 1, done.stdout
    assert "dependencies/CVE-2026-0001" in done.stdout
    assert "Brought in by middle > weak" in done.stdout
    assert "PYSEC-2026-9" not in done.stdout
    repo.git("rm", "-qf", "uv.lock", "pyproject.toml")
    repo.write("requirements.txt", "hopeless==1.1\n")
    assert commit(repo).status == 0


def test_without_advisories_it_says_so_and_what_to_do(repo: Repo, cache: Path) -> None:
    """Nothing in this repository asks for audits but the hook itself."""
    repo.commit("first", **{"readme.txt": "Hello\n"})
    repo.write("requirements.txt", "fine==1.0\n")

    done = commit(repo)

    assert done.status == 3, done.stdout
    said = " ".join(done.stdout.split())  # it is wrapped
    assert "there is no snapshot of advisories" in said
    assert "run `gatekeeper advisories sync`" in said


def test_it_asks_nobody(repo: Repo, cache: Path) -> None:
    repo.commit("first", **{"gatekeeper.yml": "advisories: {source: live}\n"})
    repo.write("requirements.txt", "fine==1.0\n")

    done = commit(repo)

    assert done.status == 3
    assert "offline" in done.stdout

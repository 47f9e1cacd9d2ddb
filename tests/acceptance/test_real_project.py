"""A package from PyPI with the tests that came with it: a change is blocked, fixed, and passes."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.fakes.covering import measured, places
from tests.fakes.repo import Repo, Result

# cachetools is MIT-licensed. Only its own source distribution, by its hash, is ever run.
NAME = "cachetools-5.5.2"
HASH = "1a661caa9175d26759571b2e19580f9d6393969e5dfca11fdb1f947a23e640d4"
GATES = ("--gate", "tests", "--gate", "coverage", "--offline")
SETTINGS = """\
version: 1
scanners:
  tests:
    command: python -m pytest -o pythonpath=src --cov=cachetools --cov-branch --cov-report=
  coverage:
    diff: 90
    drop: 0.5
"""
CODE = "src/cachetools/__init__.py"
BUSY = """\
        value = cache_getitem(self, key)
        if key in self:  # __missing__ may not store item
            self.__update(key)
        return value
"""
# It looks like a gain, and what was used last is no longer what goes last.
HASTY = """\
        return cache_getitem(self, key)
"""
POPITEM = '''\
    def popitem(self):
        """Remove and return the `(key, value)` pair least recently used."""
'''
OLDEST = '''\
    def oldest(self, default=None):
        """Return the key least recently used, without using it."""
        if not self.__order:
            return default
        return next(
            iter(
                self.__order,
            )
        )

'''
TESTS = "tests/test_lru.py"
SECOND = "\n    def test_lru_getsizeof(self):\n"
TEST = """\

    def test_oldest(self):
        cache = LRUCache(maxsize=2)
        self.assertEqual(cache.oldest(default=0), 0)
        cache[1] = cache[2] = 3
        self.assertEqual(cache[1], 3)
        self.assertEqual(cache.oldest(), 2)
"""


@pytest.fixture
def sources(tools: Path) -> Path:
    """The unpacked source distribution, downloaded once per machine."""
    folder = tools / "projects"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / NAME).exists():
            wanted = folder / "requirements.txt"
            name, _, version = NAME.rpartition("-")
            wanted.write_text(f"{name}=={version} --hash=sha256:{HASH}\n", encoding="utf-8")
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                 "--no-binary", name, "--require-hashes", "-r", wanted, "-d", folder],
                check=True, timeout=240,
            )  # fmt: skip
            with tarfile.open(folder / f"{NAME}.tar.gz") as archive:
                archive.extractall(folder / "new", filter="data")
            (folder / "new" / NAME).rename(folder / NAME)
    return folder / NAME


@pytest.fixture
def project(
    repo: Repo, cache: Path, sources: Path, project_environment: Path, uncovered: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Repo:  # fmt: skip
    """Its sources on main, with the two gates set up, and a branch to work on."""
    monkeypatch.setenv("VIRTUAL_ENV", str(project_environment))
    for name in list(os.environ):
        if name.startswith(("PYTEST_", "COV_")):
            monkeypatch.delenv(name)
    for path in sorted(sources.rglob("*")):
        if path.is_file() and ".egg-info" not in str(path):
            repo.write(str(path.relative_to(sources)), path.read_bytes())
    repo.write("gatekeeper.yml", SETTINGS)
    repo.write(".gitignore", ".coverage*\n__pycache__/\n.pytest_cache/\n")
    repo.commit("5.5.2")
    return repo


def edit(repo: Repo, path: str, old: str, new: str) -> None:
    text = (repo.root / path).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    repo.write(path, text.replace(old, new, 1))


def verdicts(result: Result) -> dict[str, str]:
    return {it["id"]: it["verdict"] for it in result.report["gates"]}


@pytest.mark.slow
def test_a_change_is_blocked_and_fixed_and_passes(project: Repo) -> None:
    untouched = project.check(*GATES, "--all")

    assert untouched.status == 0, untouched.stdout + untouched.stderr
    assert verdicts(untouched) == {"tests": "pass", "coverage": "pass"}
    assert measured(untouched)["tests.passed"] == 216
    assert measured(untouched)["total"] > 99

    project.branch()
    # LRUCache is the first class with these lines, and with what follows.
    edit(project, CODE, BUSY, HASTY)
    edit(project, CODE, POPITEM, OLDEST + POPITEM)
    blocked = project.check(*GATES)

    assert blocked.status == 1
    assert verdicts(blocked) == {"tests": "block", "coverage": "block"}
    found = {it["rule"]: it for it in blocked.findings("new")}
    assert set(found) == {"failed", "diff-below", "dropped", "uncovered"}
    assert found["failed"]["message"] == "LRUCacheTest::test_lru failed: KeyError: 2"
    assert (found["failed"]["path"], found["failed"]["line"]) == (TESTS, 26)
    assert found["diff-below"]["message"].startswith(
        "2 of 5 changed statements are covered (40.00%), at least 90% is demanded"
    )
    assert found["uncovered"]["message"] == "3 changed statements in LRUCache.oldest never ran"
    assert places(blocked) == [(CODE, 223, 229)]
    assert measured(blocked)["tests.new"] == 1

    edit(project, CODE, HASTY, BUSY)
    edit(project, TESTS, SECOND, TEST + SECOND)
    passed = project.check(*GATES)

    assert passed.status == 0, passed.stdout + passed.stderr
    assert verdicts(passed) == {"tests": "pass", "coverage": "pass"}
    assert passed.findings() == []
    assert measured(passed)["tests.passed"] == 217
    assert measured(passed)["changed_statements"] == 4
    assert measured(passed)["diff"] == 100
    assert measured(passed)["total"] == measured(passed)["base"]

"""Fixtures for everyone: a git repository to play with, and a cache with the tools installed."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings

from gatekeeper.adapters.toolenv import ToolEnvironments
from gatekeeper.adapters.uv_process import run_uv
from gatekeeper.scanners.tools import TOOLS
from tests.fakes import forked
from tests.fakes.github.contract import installed
from tests.fakes.github.hub import Hub
from tests.fakes.repo import Repo

# How long an example takes says something about the machine and nothing about the code.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
SHARED = Path(os.environ.get("GATEKEEPER_TEST_TOOLS", Path(__file__).parents[1] / ".test-tools"))
# How long an example takes says more about the machine's other work than about ours.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what a worker measured while the run still waits for it.

    After this hook a worker of pytest-xdist has ten seconds to end before it is killed, and with
    it would go what it measured: coverage.py writes when Python ends.
    """
    forked.close()
    measuring = Coverage.current()
    if hasattr(session.config, "workerinput") and measuring is not None:
        measuring.stop()
        measuring.save()


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the developer's git configuration, CI variables, or real cache."""
    for name in list(os.environ):
        if name.startswith(
            ("GIT_", "GITHUB_", "GATEKEEPER_CACHE", "GATEKEEPER_SKIP", "PRE_COMMIT")
        ) or name in (
            "CI",
            "NO_COLOR",
            "FORCE_COLOR",
            "COLUMNS",
            "LINES",
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Test")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "test@example.org")
        monkeypatch.setenv(f"GIT_{who}_DATE", "2026-01-02T03:04:05Z")
    monkeypatch.setenv("GATEKEEPER_CACHE_DIR", str(tmp_path / "forgotten-cache"))


@pytest.fixture
def uncovered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Child processes without coverage measurement: it imports modules and writes files."""
    for name in list(os.environ):
        if name.startswith("COVERAGE_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def tools() -> Path:
    """A folder with every locked tool installed, once per machine, however many workers run."""
    SHARED.mkdir(exist_ok=True)
    with (SHARED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        box = ToolEnvironments(str(SHARED), str(SHARED), {}, {}, offline=False)
        for spec in TOOLS.values():
            if spec.locked:
                box.executable(spec)
    (SHARED / "home").mkdir(exist_ok=True)
    return SHARED


@pytest.fixture(scope="session")
def project_environment(tools: Path) -> Path:
    """What a project has in .venv: an environment with pytest and pytest-cov, once per machine."""
    folder = SHARED / "project-1"
    with (SHARED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / ".complete").exists():
            python = str(folder / "bin" / "python")
            for arguments in (
                ("venv", "--clear", "--python", sys.executable, str(folder)),
                ("pip", "install", "--python", python, "pytest==9.1.1", "pytest-cov==7.1.0"),
            ):
                assert run_uv(arguments) == ""
            (folder / ".complete").touch()
    return folder


@pytest.fixture
def cache(tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh result cache, with the tools already installed in it."""
    folder = tmp_path / "cache"
    folder.mkdir()
    for name in ("tools", "home"):
        (folder / name).symlink_to(tools / name)
    monkeypatch.setenv("GATEKEEPER_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """An empty git repository on branch `main`."""
    return Repo.create(tmp_path / "repo")


@pytest.fixture(scope="session")
def descriptions() -> Path:
    """What GitHub says of its API, from npm, once per machine."""
    return installed(SHARED)


@pytest.fixture
def github(descriptions: Path, tmp_path: Path) -> Iterator[Hub]:
    """A GitHub with the repository octo/app, and a working copy of it."""
    hub = Hub.create(descriptions, tmp_path / "hub")
    yield hub
    hub.fake.close()


@pytest.fixture
def leftovers() -> Iterator[None]:
    """Fails when the test leaves a tool running."""

    def running() -> set[str]:
        shown = subprocess.run(
            ["ps", "-ww", "-eo", "pid,args"], capture_output=True, text=True, check=True
        )
        return {line for line in shown.stdout.splitlines() if str(SHARED) in line}

    before = running()
    yield
    assert running() <= before, "a tool is still running"

"""A runner for workflows, shared by all tests that run some."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.act import Act, checkout
from tests.fakes.github.commenting import Begin, beginning
from tests.fakes.github.hub import Hub


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What lasts on the runner's machine: gatekeeper is installed once for all tests."""
    return tmp_path_factory.mktemp("runner")


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The action as a consumer gets it."""
    return checkout(tmp_path_factory.mktemp("gatekeeper"))


@pytest.fixture
def act(
    home: Path, shipped: Path, tmp_path: Path, cache: Path, tools: Path, uncovered: None
) -> Act:
    """act, with the tools installed already."""
    downloads = tools / "downloads"
    env = {
        "GATEKEEPER_CACHE_DIR": str(cache),
        "UV_CACHE_DIR": str(downloads / "uv"),
        "PIP_CACHE_DIR": str(downloads / "pip"),
    }
    return Act(home, shipped, tmp_path / "store", env)


@pytest.fixture
def begin(github: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Begin:
    """Makes a pull request to comment on; see `beginning`."""
    return beginning(github, monkeypatch, tmp_path)

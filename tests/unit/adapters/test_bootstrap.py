"""Installing on a runner: what is restored, saved and installed, and what is said when it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gatekeeper.adapters import bootstrap
from gatekeeper.adapters.bootstrap import Place, install, installed_tools, locate, main
from gatekeeper.adapters.installation import COMPLETE, InstallError, install_into
from gatekeeper.adapters.runner import Runner
from tests.unit.adapters.test_runner import entries

ROOT = Path(__file__).parents[3]


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A runner's environment, which this process has as well."""
    monkeypatch.delenv("GATEKEEPER_CACHE_DIR", raising=False)
    found = {
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "RUNNER_TOOL_CACHE": str(tmp_path / "tools"),
        "RUNNER_OS": "Linux",
        "RUNNER_ARCH": "X64",
        "GITHUB_RUN_ID": "42",
        "GITHUB_RUN_ATTEMPT": "2",
        **{
            name: str(tmp_path / name.lower())
            for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_ENV")
        },
    }
    (tmp_path / "temp").mkdir()
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


def told(environ: dict[str, str], name: str = "GITHUB_OUTPUT") -> dict[str, str]:
    return entries(Path(environ[name]).read_text(encoding="utf-8"))


def state(environ: dict[str, str]) -> dict[str, object]:
    path = Path(environ["RUNNER_TEMP"]) / "gatekeeper-state.json"
    loaded: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize(
    ("event", "mode", "restore", "save"),
    [
        ("push", "", "true", True),
        ("schedule", "auto", "true", True),
        ("pull_request", "auto", "true", False),
        ("merge_group", "auto", "true", False),
        ("pull_request", "write", "true", True),
        ("push", "read", "true", False),
        ("push", "off", "false", False),
    ],
)
def test_only_what_is_accepted_already_is_saved(
    environ: dict[str, str], event: str, mode: str, restore: str, save: bool
) -> None:
    runner = Runner({**environ, "GITHUB_EVENT_NAME": event, "INPUT_CACHE": mode})

    locate(runner, Place(runner))

    assert told(environ)["restore"] == restore
    assert state(environ)["save"] is save


def test_keys_name_all_that_matters(environ: dict[str, str]) -> None:
    runner = Runner({**environ, "INPUT_SHARD": "2/4"})
    place = Place(runner)
    locate(runner, place)

    said = told(environ)
    assert said["tools-restore-keys"] == f"gatekeeper-tools-linux-x64-{place.digest}-"
    assert said["results-restore-keys"].split("\n") == [
        "gatekeeper-results-linux-x64-2-4-", "gatekeeper-results-linux-x64-",
    ]  # fmt: skip
    assert state(environ)["results"] == "gatekeeper-results-linux-x64-2-4-42-2"
    assert said["tools-path"].split("\n")[0] == place.program


def test_another_python_or_another_source_is_another_program(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Place(Runner(environ)).digest
    monkeypatch.setattr(sys, "executable", "/usr/bin/another-python")

    assert Place(Runner(environ)).digest != here


def test_what_is_there_is_not_installed_again(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def stand_in(program: str, checkout: str) -> None:
        assert Path(checkout) == ROOT
        made.append(program)
        python = Path(program, "env", "bin", "python")
        python.parent.mkdir(parents=True)
        python.touch()
        Path(program, COMPLETE).touch()

    monkeypatch.setattr(bootstrap, "install_into", stand_in)
    runner = Runner(environ)
    place = Place(runner)
    locate(runner, place)
    for _ in range(2):
        install(runner, place)

    assert made == [place.program]
    assert Path(environ["GITHUB_PATH"]).read_text(encoding="utf-8") == f"{place.bin}\n" * 2
    assert told(environ, "GITHUB_ENV")["GATEKEEPER_CACHE_DIR"] == place.cache
    assert oct(os.stat(place.cache).st_mode & 0o777) == "0o700"


def test_tools_are_told_by_their_folders(tmp_path: Path) -> None:
    assert installed_tools(str(tmp_path)) == []
    (tmp_path / "tools" / "ruff-1").mkdir(parents=True)
    (tmp_path / "tools" / "ruff-1.lock").touch()

    assert installed_tools(str(tmp_path)) == ["ruff-1"]


@pytest.mark.parametrize(
    ("arguments", "mode", "said"),
    [
        (["locate"], "sometimes", "'sometimes' is none of auto, write, read, off"),
        (["sing"], "", "usage"),
        ([], "", "usage"),
    ],
)
def test_what_is_wrong_is_said_in_an_annotation(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], mode: str,
    said: str, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("INPUT_CACHE", mode)

    assert main(arguments) == 3

    printed = capsys.readouterr().out
    assert printed.startswith("::error title=gatekeeper was not installed::")
    assert said in printed


def test_an_index_that_cannot_be_reached_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)

    with pytest.raises(InstallError, match="uv could not be installed") as caught:
        install_into(str(tmp_path / "program"), str(ROOT))

    assert "PIP_INDEX_URL name a mirror" in str(caught.value)
    assert not (tmp_path / "program" / COMPLETE).exists()


def test_the_script_passes_over_a_python_that_is_too_old(tmp_path: Path) -> None:
    old = tmp_path / "bin"
    old.mkdir()
    for name in ("python3", "python", *(f"python3.{minor}" for minor in range(11, 15))):
        (old / name).write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        (old / name).chmod(0o755)
    script = ["/bin/sh", str(ROOT / "actions/setup/setup.sh"), "locate"]

    without = subprocess.run(
        script, env={"PATH": f"{old}:/bin"}, capture_output=True, text=True, check=False
    )
    (old / "python3.12").unlink()
    (old / "python3.12").symlink_to(sys.executable)
    found = subprocess.run(
        script, env={"PATH": f"{old}:/bin"}, capture_output=True, text=True, check=False
    )

    assert without.returncode == 3
    assert "There is no Python 3.11 or newer" in without.stdout
    assert "RUNNER_TEMP is not set" in found.stdout

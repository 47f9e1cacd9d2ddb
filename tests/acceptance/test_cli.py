"""`gatekeeper check` as a user meets it: exit statuses, mistakes on the command line, reports."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekeeper.cli import check as check_command
from gatekeeper.cli.main import run
from gatekeeper.text.redact import HIDDEN
from gatekeeper.version import VERSION
from tests.fakes.repo import Repo
from tests.fakes.tool import stand_in

BAD = "import os\n"
GOOD = "x = 1\n"
LINT = ("--gate", "lint")
TOKEN = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


def test_0_when_everything_passes(repo: Repo, cache: Path) -> None:
    repo.commit(**{"a.py": GOOD})

    result = repo.gatekeeper("check", *LINT)

    assert result.status == 0
    assert "\nPASS  the working tree against" in result.stdout
    assert result.stderr == ""


def test_1_when_something_blocks(repo: Repo, cache: Path) -> None:
    repo.commit(**{"a.py": BAD})

    result = repo.gatekeeper("check", *LINT)

    assert result.status == 1
    assert "a.py:1" in result.stdout
    assert "ruff/F401" in result.stdout
    assert "BLOCKED" in result.stdout


def test_2_without_a_repository(tmp_path: Path) -> None:
    result = Repo(tmp_path).gatekeeper("check")

    assert result.status == 2
    assert "inside a git repository" in result.stderr


def test_2_for_a_wrong_configuration_with_file_line_and_key(repo: Repo) -> None:
    repo.commit(**{"gatekeeper.yml": "version: 1\ngates:\n  lnt: {}\n"})

    result = repo.gatekeeper("check")

    assert result.status == 2
    assert "gatekeeper.yml:3" in result.stderr
    assert "lint" in result.stderr
    assert result.stdout == ""


def test_3_when_something_needed_could_not_be_checked(repo: Repo, tmp_path: Path) -> None:
    stand_in(repo, tmp_path).unlink()

    result = repo.gatekeeper("check", *LINT)

    assert result.status == 3
    assert "INCONCLUSIVE" in result.stdout
    assert "tool-not-installed" in result.stdout


@pytest.fixture
def _signals() -> Iterator[None]:
    """Commands that run in this process leave no handlers behind."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_signals")
def test_4_when_gatekeeper_itself_is_wrong_with_a_report_instead_of_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(options: Namespace) -> int:
        raise RuntimeError(f"cannot use {TOKEN}")

    monkeypatch.setattr(check_command, "run_check", broken)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    status = run(["check", "--base", TOKEN])

    said = capsys.readouterr()
    (file,) = tmp_path.glob("gatekeeper-crash-*.txt")
    text = file.read_text(encoding="utf-8")
    assert status == 4
    assert "Traceback" not in said.err
    assert str(file) in said.err
    assert f"RuntimeError: cannot use {HIDDEN}" in said.err
    assert "Traceback" in text
    assert "in broken" in text
    assert VERSION in text
    assert "check --base" in text
    assert TOKEN not in said.err + said.out + text
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("_signals")
def test_a_crash_report_that_cannot_be_written_is_no_second_crash(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(options: Namespace) -> int:
        raise RuntimeError("odd\x1b[2J")

    monkeypatch.setattr(check_command, "run_check", broken)
    monkeypatch.setattr(tempfile, "tempdir", "/nonexistent")

    assert run(["check"]) == 4
    said = capsys.readouterr().err
    assert "internal error" in said
    assert "\x1b" not in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_130_when_it_is_interrupted_and_no_tool_is_left(
    repo: Repo, tmp_path: Path, number: signal.Signals
) -> None:
    started = tmp_path / "started"
    stand_in(repo, tmp_path, f"echo $$ > {started}.new; mv {started}.new {started}; sleep 60\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "gatekeeper", "check", *LINT],
        cwd=repo.root,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.02)

    process.send_signal(number)
    _, stderr = process.communicate(timeout=30)

    assert process.returncode == 130
    assert stderr == "gatekeeper: interrupted; every tool has been stopped\n"
    assert not Path("/proc", started.read_text().strip()).exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "--gate", "lnt"), "did you mean 'lint'?"),
        (("check", "--format", "jsn"), "did you mean 'json'?"),
        (("check", "--stage", "hoook"), "did you mean 'hook'?"),
        (("tools", "install", "ruf"), "did you mean 'ruff'?"),
        (("check", "--gate", "zzzzz"), "known: commits, coverage, dependencies, external"),
    ],
)
def test_a_misspelt_name_is_met_with_the_nearest(
    repo: Repo, arguments: tuple[str, ...], said: str
) -> None:
    result = repo.gatekeeper(*arguments)

    assert result.status == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--help"),
        (("chek",), "--help"),
        (("check", "--bse", "main"), "--help"),
        (("check", "--bas", "main"), "--help"),
        (("check", "--jobs", "0"), "from 1 to 256"),
        (("check", "--jobs", "many"), "from 1 to 256"),
        (("check", "--all", "--base", "main"), "--all"),
        (("check", "--all", "--staged"), "--all"),
        (("check", "--staged", "--base", "main"), "--staged"),
        (("check", "--sarif-base", "x.sarif"), "--sarif-in"),
        (("check", "--output", "x.json"), "--format"),
        (("check", "--format", "json", "--output", "a", "--output", "b"), "--format"),
        (("check", "--format", "json", "--format", "text"), "standard output"),
        (("check", "--gate", "commits"), "gates.commits.enabled"),
        (("check", "missing.py"), "missing.py does not exist"),
        (("check", "/"), "outside the repository"),
        (("check", "--config", "missing.yml"), "missing.yml"),
        (("config",), "--help"),
        (("tools", "install", "mypy"), "project"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_way_out(
    repo: Repo, arguments: tuple[str, ...], said: str
) -> None:
    repo.commit(**{"a.py": GOOD})

    result = repo.gatekeeper(*arguments)

    assert result.status == 2, result.stderr
    assert said in result.stderr
    assert result.stderr.startswith("gatekeeper: ")
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_each_report_goes_where_the_output_behind_it_says(repo: Repo, cache: Path) -> None:
    repo.commit(**{"a.py": BAD})

    result = repo.gatekeeper(
        "check", *LINT, "--format", "json", "--output", "out/report.json",
        "--format", "sarif", "--output", "out/report.sarif", "--format", "text",
    )  # fmt: skip

    assert result.status == 1
    assert "BLOCKED" in result.stdout
    assert json.loads((repo.root / "out/report.json").read_text())["verdict"] == "block"
    assert json.loads((repo.root / "out/report.sarif").read_text())["version"] == "2.1.0"
    assert sorted(os.listdir(repo.root / "out")) == ["report.json", "report.sarif"]


def test_people_get_text_on_standard_output_when_reports_go_to_files(
    repo: Repo, cache: Path
) -> None:
    repo.commit(**{"a.py": GOOD})

    result = repo.gatekeeper("check", *LINT, "--format", "json", "--output", "report.json")

    assert "PASS" in result.stdout


@pytest.mark.parametrize(
    ("format_", "output", "names"),
    [
        ("sarif", "reports/", ["ruff-format.sarif", "ruff.sarif"]),
        ("sarif", "reports", ["ruff-format.sarif", "ruff.sarif"]),
        ("json", "reports/", ["gatekeeper.json"]),
        ("text", "reports/", ["gatekeeper.txt"]),
    ],
)
def test_a_folder_gets_files_with_names_of_their_own(
    repo: Repo, cache: Path, format_: str, output: str, names: list[str]
) -> None:
    repo.commit(**{"a.py": BAD})

    repo.gatekeeper("check", *LINT, "--gate", "format", "--format", format_, "--output", output)

    assert sorted(os.listdir(repo.root / "reports")) == names


def test_an_output_that_cannot_be_written_says_so_and_leaves_nothing(
    repo: Repo, cache: Path
) -> None:
    repo.commit(**{"a.py": GOOD})
    before = sorted(os.listdir(repo.root))

    result = repo.gatekeeper("check", *LINT, "--format", "json", "--output", "a.py/report.json")

    assert result.status == 4
    assert "a.py/report.json" in result.stderr
    assert "could not be written" in result.stderr
    assert sorted(os.listdir(repo.root)) == before
    assert (repo.root / "a.py").read_text() == GOOD


def test_a_report_replaces_an_older_one_as_a_whole(repo: Repo, cache: Path) -> None:
    repo.commit(**{"a.py": GOOD})
    report = repo.write("report.json", "old " * 100_000)
    report.chmod(0o600)

    repo.gatekeeper("check", *LINT, "--format", "json", "--output", "report.json")

    assert json.loads(report.read_text())["verdict"] == "pass"


def test_the_plan_starts_nothing_and_tells_what_is_cached(
    repo: Repo, cache: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "was-started"
    stand_in(repo, tmp_path, f"touch {marker}; echo '[]'\n")

    before = repo.gatekeeper("check", *LINT, "--plan")
    assert not marker.exists()
    repo.gatekeeper("check", *LINT)
    assert marker.exists()
    marker.unlink()
    after = repo.gatekeeper("check", *LINT, "--plan")

    assert (before.status, after.status) == (0, 0)
    assert "run: 1 files, 0 cached" in before.stdout
    assert "to scan: a.py" in before.stdout
    assert "1 cached" in after.stdout
    assert "to scan" not in after.stdout
    assert not marker.exists()


def test_without_the_cache_nothing_is_used_and_nothing_kept(repo: Repo, cache: Path) -> None:
    repo.commit(**{"a.py": GOOD})
    before = sorted(os.listdir(cache))

    for _ in range(2):
        outcome = repo.check(*LINT, "--no-cache").report["outcomes"][0]
        assert (outcome["cached_files"], outcome["scanned_files"]) == (0, 1)

    assert sorted(os.listdir(cache)) == before


def test_version_and_help_need_no_repository(tmp_path: Path) -> None:
    nowhere = Repo(tmp_path)

    for flag in ("--version", "-V"):
        assert nowhere.gatekeeper(flag).stdout == f"gatekeeper {VERSION}\n"
    for arguments in (("--help",), ("check", "--help"), ("tools", "lock", "-h")):
        shown = nowhere.gatekeeper(*arguments)
        assert shown.status == 0
        assert shown.stdout.startswith("usage: gatekeeper")

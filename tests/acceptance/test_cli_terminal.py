"""What people see: progress while it runs, colours on a terminal, lines that fit, plain logs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.fakes.repo import Repo
from tests.fakes.terminal import Screen
from tests.fakes.tool import stand_in

LINT = ("--gate", "lint")
SLOW = "sleep 1.2; echo '[]'\n"
COLOUR = re.compile(r"\x1b\[[0-9;]+m")


def on_a_terminal(repo: Repo, *arguments: str, **env: str) -> tuple[str, int]:
    """All that reaches the terminal, and the exit status."""
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "gatekeeper", *arguments],
        cwd=str(repo.root),
        env={**environment, "TERM": "xterm-256color", **env},
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=60,
    )
    child.expect(pexpect.EOF)
    child.close()
    return str(child.before), int(child.exitstatus or 0)


def screen_of(written: str) -> Screen:
    screen = Screen()
    screen.feed(written)
    return screen


def test_progress_is_there_while_it_runs_and_gone_when_the_verdict_is(
    repo: Repo, tmp_path: Path
) -> None:
    stand_in(repo, tmp_path, SLOW)

    written, status = on_a_terminal(repo, "check", *LINT)

    assert status == 0
    while_running = screen_of(written[: written.index("1 s")])
    assert "ruff" in while_running.text()
    assert while_running.cursor_hidden
    afterwards = screen_of(written)
    assert not afterwards.cursor_hidden
    assert afterwards.text().split()[:2] == ["pass", "lint"]
    assert "\nPASS  the working tree" in afterwards.text()


def test_a_terminal_gets_colours(repo: Repo, cache: Path) -> None:
    repo.commit(**{"a.py": "import os\n"})

    written, status = on_a_terminal(repo, "check", *LINT)

    assert status == 1
    assert COLOUR.search(written)


@pytest.mark.parametrize(
    ("arguments", "env"),
    [((), {"NO_COLOR": "1"}), (("--no-color",), {}), ((), {"TERM": "dumb"})],
)
def test_unless_it_or_its_user_wants_none(
    repo: Repo, cache: Path, arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    repo.commit(**{"a.py": "import os\n"})

    written, _ = on_a_terminal(repo, "check", *LINT, *arguments, **env)

    assert "BLOCKED" in written
    assert not COLOUR.search(written)


def test_a_pipe_gets_no_colours_and_no_progress(repo: Repo, tmp_path: Path) -> None:
    stand_in(repo, tmp_path, SLOW)

    result = repo.gatekeeper("check", *LINT)

    assert "\x1b" not in result.stdout
    assert result.stderr == ""


def test_colours_can_be_asked_for_and_no_color_wins(repo: Repo, cache: Path) -> None:
    repo.commit(**{"a.py": "import os\n"})

    assert "\x1b[" in repo.gatekeeper("check", *LINT, env={"FORCE_COLOR": "1"}).stdout
    for quiet in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        shown = repo.gatekeeper("check", *LINT, env={"FORCE_COLOR": "1", **quiet}).stdout
        assert "\x1b" not in shown


def test_reports_for_machines_have_no_colours(repo: Repo, cache: Path) -> None:
    repo.commit(**{"a.py": "import os\n"})

    for name in ("json", "sarif"):
        result = repo.gatekeeper("check", *LINT, "--format", name, env={"FORCE_COLOR": "1"})
        assert "\x1b" not in result.stdout
        assert "\\u001b" not in result.stdout


def test_ci_gets_a_plain_line_when_a_scanner_starts_and_ends(repo: Repo, tmp_path: Path) -> None:
    stand_in(repo, tmp_path)

    first, *_, last = repo.gatekeeper("check", *LINT, env={"CI": "true"}).stderr.splitlines()

    assert first.startswith("gatekeeper: ruff: ")
    assert re.fullmatch(r"gatekeeper: ruff: done in \d+\.\d s", last)


def test_ci_says_when_a_scanner_failed(repo: Repo, tmp_path: Path) -> None:
    stand_in(repo, tmp_path, "printf 'went \\033[2J down' >&2; exit 3\n")

    result = repo.gatekeeper("check", *LINT, env={"CI": "true"})

    assert result.status == 3
    assert "gatekeeper: ruff: failed: " in result.stderr
    assert "\x1b" not in result.stderr + result.stdout


@pytest.mark.parametrize("columns", [60, 100])
def test_lines_fit_the_width(repo: Repo, cache: Path, columns: int) -> None:
    """But for paths and addresses, which would be of no use in two pieces."""
    repo.commit(**{"a.py": "import os\nimport sys\n" + "l = max(1, 2)  # " + "word " * 50 + "\n"})
    repo.branch()
    repo.write("b.py", b"x = '\xff'\n")

    result = repo.gatekeeper("check", "--all", "--gate", "lint", "--gate", "format",
                             env={"COLUMNS": str(columns)})  # fmt: skip

    lines = result.stdout.splitlines()
    assert len(lines) > 10
    assert [line for line in lines if len(line) > columns and "/" not in line] == []


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--gate", "lint"),
        ("check", "--gate", "lint", "--plan"),
        ("config", "schema"),
        ("config", "show"),
        ("cache", "info"),
    ],
)
def test_a_reader_that_goes_away_is_no_crash_and_no_pass(
    repo: Repo, cache: Path, arguments: tuple[str, ...], unbuffered: str
) -> None:
    repo.commit(**{"a.py": "x = 1\n"})
    read, write = os.pipe()
    os.close(read)

    done = subprocess.run(
        [sys.executable, "-m", "gatekeeper", *arguments],
        cwd=repo.root,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)

    assert done.stderr == ""
    assert done.returncode == 4


@pytest.mark.parametrize("arguments", [("check", "--gate", "lint"), ("config", "show"),
                                       ("check", "--gate", "lint", "--plan")])  # fmt: skip
def test_what_the_terminal_cannot_show_is_escaped(
    repo: Repo, cache: Path, arguments: tuple[str, ...]
) -> None:
    repo.commit(**{"bär.py": "import os\n", "gatekeeper.yml": "exclude: [ö/]\n"})

    result = repo.gatekeeper(*arguments, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})

    assert result.status in (0, 1), result.stderr
    assert result.stdout.isascii()
    assert r"\xe4" in result.stdout or r"\xf6" in result.stdout


def test_json_is_utf_8_whatever_the_terminal_can_show(repo: Repo, cache: Path) -> None:
    repo.commit(**{"bär.py": "import os\n"})

    result = repo.check(*LINT, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})

    assert [item["path"] for item in result.findings()] == ["bär.py"]


def test_names_that_carry_escape_sequences_are_written_out(repo: Repo, cache: Path) -> None:
    name = "evil\x1b[2J\n\u202e.py"
    repo.commit(**{name: "import os\n"})

    result = repo.gatekeeper("check", *LINT)
    missing = repo.gatekeeper("check", "missing\x1b[2J")

    assert result.status == 1
    assert r"evil\x1b[2J\n\u202e.py" in result.stdout
    for said in (result.stdout, missing.stderr):
        assert "\x1b" not in said
        assert "\u202e" not in said

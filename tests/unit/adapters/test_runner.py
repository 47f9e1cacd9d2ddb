"""What is said to the Actions runner: any text stays inside its entry."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.adapters.runner import SUMMARY_LIMIT, Runner, RunnerError, command

HOSTILE = st.text(
    alphabet=st.sampled_from(["\n", "\r", "<", "=", "E", "O", "F", ":", "%", "a", "\x1b", "\udcff"])
)


def entries(text: str) -> dict[str, str]:
    """Reads the file as the runner does: `name<<end`, lines, `end`."""
    found: dict[str, str] = {}
    lines = text.split("\n")
    while lines and lines[0]:
        first = lines.pop(0)
        name, mark, end = first.partition("<<")
        assert mark, f"no heredoc: {first!r}"
        assert "=" not in name
        at = lines.index(end)
        found[name] = "\n".join(lines[:at])
        lines = lines[at + 1 :]
    return found


@given(value=HOSTILE, other=HOSTILE)
def test_no_value_ends_its_entry_or_becomes_another(
    tmp_path_factory: pytest.TempPathFactory, value: str, other: str
) -> None:
    path = tmp_path_factory.mktemp("files") / "output"
    runner = Runner({"GITHUB_OUTPUT": str(path)})
    runner.output("one", value)
    runner.output("two", other)

    with path.open(encoding="utf-8", newline="") as file:
        told = entries(file.read())

    assert told.keys() == {"one", "two"}
    assert told["one"] == value.replace("\udcff", "\\udcff")


@given(title=HOSTILE, message=HOSTILE)
def test_an_annotation_is_one_command(title: str, message: str) -> None:
    line = command("error", title, message)

    assert "\n" not in line
    assert "\r" not in line
    head, _, _ = line.removeprefix("::error title=").partition("::")
    assert ":" not in head


@pytest.mark.parametrize("name", ["", "a b", "x=y", "x<<y", "x\n", "1x"])
def test_a_name_is_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(RunnerError):
        Runner({"GITHUB_OUTPUT": str(tmp_path / "output")}).output(name, "x")


def test_outside_of_a_runner_it_says_so() -> None:
    with pytest.raises(RunnerError, match="GITHUB_OUTPUT is not set"):
        Runner({}).output("name", "value")
    with pytest.raises(RunnerError, match="RUNNER_TEMP is not set"):
        _ = Runner({}).temporary


def test_inputs_come_from_the_environment_of_the_step() -> None:
    runner = Runner({"INPUT_SARIF_IN": "a.sarif"})

    assert (runner.input("sarif-in"), runner.input("base")) == ("a.sarif", "")


def test_a_path_is_one_folder(tmp_path: Path) -> None:
    runner = Runner({"GITHUB_PATH": str(tmp_path / "path")})
    runner.path("/opt/x y")

    assert (tmp_path / "path").read_text(encoding="utf-8") == "/opt/x y\n"
    with pytest.raises(RunnerError):
        runner.path("/opt\n/evil")


def test_a_summary_that_github_would_drop_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    runner = Runner({"GITHUB_STEP_SUMMARY": str(path)})
    runner.summary("x" * (SUMMARY_LIMIT - 10))
    runner.summary("y" * 11)
    runner.summary("z" * 10)

    assert path.stat().st_size == SUMMARY_LIMIT
    assert "y" not in path.read_text(encoding="utf-8")
    Runner({}).summary("nowhere to go")


def test_without_a_lasting_folder_the_temporary_one_serves(tmp_path: Path) -> None:
    here = str(tmp_path)

    assert Runner({"RUNNER_TEMP": here}).lasting == here
    assert Runner({"RUNNER_TEMP": here, "RUNNER_TOOL_CACHE": "/proc/none"}).lasting == here
    assert Runner({"RUNNER_TOOL_CACHE": f"{here}/tools"}).lasting == f"{here}/tools"


def test_keys_of_caches_hold_nothing_but_letters_and_digits() -> None:
    runner = Runner({"RUNNER_OS": "Li,n/ux\n", "GITHUB_RUN_ID": "12,3", "GITHUB_RUN_ATTEMPT": "x"})

    assert (runner.platform, runner.run) == ("linux-unknown", "123-0")


CODE = """
import os, sys
from gatekeeper.adapters.runner import inert
print("before")
try:
    with inert():
        print("::error::one")
        os.write(2, b"::error::two\\n")
        print("::error::three", end="")
        if len(sys.argv) > 1:
            raise ValueError
except ValueError:
    print("caught")
os.write(2, b"after\\n")
"""


@pytest.mark.parametrize("arguments", [[], ["fail"]])
def test_what_is_printed_meanwhile_is_between_two_tokens(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, *arguments],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    lines = done.stdout.splitlines()
    assert lines[0] == "before"
    token = lines[1].removeprefix("::stop-commands::")
    assert len(token) == 32
    end = lines.index(f"::{token}::")
    assert {"::error::one", "::error::two", "::error::three"} <= set(lines[2:end])
    assert lines[end + 1 :] == (["caught"] if arguments else [])
    assert done.stderr == "after\n"

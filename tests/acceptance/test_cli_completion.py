"""Completion scripts, run by the shells they are for."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.fakes.inside import ask
from tests.fakes.repo import Repo
from tests.fakes.shells import shell

CASES = [
    ("gatekeeper exp", ["explain"]),
    ("gatekeeper ", ["cache", "check", "completion", "config", "explain", "init", "tools"]),
    ("gatekeeper check --gate s", ["sast", "secrets", "size"]),
    ("gatekeeper check --format sa", ["sarif"]),
    ("gatekeeper check --stage ", ["ci", "full", "hook"]),
    ("gatekeeper init --preset ", ["relaxed", "standard", "strict"]),
    ("gatekeeper init --pre", ["--preset"]),
    ("gatekeeper hooks run pre-", ["pre-commit", "pre-push"]),
    ("gatekeeper config s", ["schema", "show"]),
    ("gatekeeper config show --j", ["--json"]),
    ("gatekeeper tools install k", ["kingfisher"]),
    ("gatekeeper tools install ruff k", ["kingfisher"]),
    ("gatekeeper explain tool-t", ["tool-timeout"]),
    ("gatekeeper explain commits/a", ["commits/autosquash"]),
    ("gatekeeper completion ", ["bash", "fish", "zsh"]),
    ("gatekeeper check --offline --gate work", ["workflows"]),
    ("gatekeeper check file", ["file one.py"]),
    ("gatekeeper cache prune --a", ["--all"]),
]


@pytest.fixture
def script(repo: Repo, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The script for the shell that the test names."""
    repo.write("file one.py", "")
    path = tmp_path / "script"
    path.write_text(ask(repo, "completion", request.param).stdout, encoding="utf-8")
    return path


def run(*argv: str, cwd: Path, env: dict[str, str] | None = None) -> list[str]:
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False,
                          env={**os.environ, "HOME": str(cwd), **(env or {})})  # fmt: skip
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize("script", ["bash"], indirect=True)
def test_bash(repo: Repo, script: Path) -> None:
    for typed, expected in CASES:
        *words, last = typed.split(" ")
        array = " ".join(f"'{word}'" for word in (*words, last))
        offered = run(
            "bash", "--norc", "-c",
            f"source {script}; COMP_WORDS=({array}); COMP_CWORD={len(words)}; _gatekeeper;"
            ' printf "%s\\n" "${COMPREPLY[@]}"', cwd=repo.root,
        )  # fmt: skip
        assert set(expected) <= set(offered), typed
        assert len(expected) > 4 or sorted(offered) == expected, typed


@pytest.mark.parametrize("script", ["fish"], indirect=True)
def test_fish(repo: Repo, script: Path, tools: Path) -> None:
    fish = shell("fish", tools)
    if fish is None:
        pytest.skip("there is no fish, neither here nor from Debian")
    for typed, expected in CASES:
        code = f"source {script}; complete -C '{typed}'"
        shown = run(*fish.argv, "--no-config", "-c", code, cwd=repo.root, env=fish.env)
        offered = [line.split("\t")[0].replace("\\ ", " ") for line in shown]
        assert set(expected) <= set(offered), typed
        assert len(expected) > 4 or sorted(offered) == expected, typed


@pytest.mark.parametrize("script", ["zsh"], indirect=True)
def test_zsh_reads_it(repo: Repo, script: Path, tools: Path) -> None:
    zsh = shell("zsh", tools)
    if zsh is None:
        pytest.skip("there is no zsh, neither here nor from Debian")
    assert run(*zsh.argv, "-n", str(script), cwd=repo.root, env=zsh.env) == []


@pytest.mark.parametrize("script", ["bash"], indirect=True)
def test_the_script_for_bash_is_free_of_what_old_versions_lack(script: Path) -> None:
    text = script.read_text(encoding="utf-8")

    assert "declare -A" not in text
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_no_other_shell_is_known(repo: Repo) -> None:
    result = ask(repo, "completion", "tcsh")

    assert result.status == 2
    assert "known: bash, fish, zsh" in result.stderr

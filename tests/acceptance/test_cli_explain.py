"""`gatekeeper explain`: what a word means, why it blocks here, what to do about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gatekeeper.scanners.registry import change_scanners, scanners
from tests.fakes.inside import ask
from tests.fakes.repo import Repo

BAD = "import os\n"
POLICY = """\
version: 1
gates:
  lint:
    block_from: medium
overrides:
  - paths: [tests/]
    gates: {lint: {enabled: false}}
"""


@pytest.fixture
def checked(repo: Repo, cache: Path) -> Repo:
    """A repository whose last check found something."""
    repo.commit(**{"a.py": "x = 1\n", "gatekeeper.yml": POLICY})
    repo.branch()
    repo.commit(**{"a.py": BAD, "tests/b.py": "import sys\n"})
    assert ask(repo, "check", "--gate", "lint").status == 1
    return repo


def fingerprint(repo: Repo, path: str = "a.py") -> str:
    """Of the finding in a file, as reports tell it."""
    found = ask(repo, "check", "--gate", "lint", "--format", "json").findings()
    return next(
        str(it["fingerprint"]) for it in found if it["path"] == path and it["rule"] == "F401"
    )


@pytest.mark.parametrize("topic", ["ruff/F401", "ruff:F401", "F401", "f401"])
def test_a_rule_is_explained_however_it_is_written(checked: Repo, topic: str) -> None:
    result = ask(checked, "explain", topic)

    assert result.status == 0, result.stderr
    assert result.stdout.startswith("ruff/F401  unused-import  (gate lint, severity medium)\n")
    assert "Checks for unused imports." in result.stdout
    assert "ruff check --select F401 --fix" in result.stdout
    assert "https://docs.astral.sh/ruff/rules/unused-import" in result.stdout


def test_why_a_rule_blocks_is_told_with_the_line_that_says_so(checked: Repo) -> None:
    said = ask(checked, "explain", "ruff/F401").stdout

    assert re.search(r"severity medium and above blocks +gates.lint.block_from: medium +gatekeeper.yml:4",
                     said)  # fmt: skip
    assert re.search(r"gates.lint.on: new +preset standard", said)
    assert "but in tests/: enabled: false" in said
    assert "gatekeeper.yml:6" in said


def test_where_the_last_check_found_it(checked: Repo) -> None:
    said = ask(checked, "explain", "ruff/F401").stdout

    assert "In the last check: 2 findings" in said
    assert f"{fingerprint(checked)[:12]}  a.py:1  (new, blocks)" in said


@pytest.mark.parametrize("length", [32, 8])
def test_a_finding_is_found_by_its_fingerprint_or_the_start_of_it(
    checked: Repo, length: int
) -> None:
    said = ask(checked, "explain", fingerprint(checked)[:length]).stdout

    assert said.startswith("ruff/F401 at a.py:1  (new, severity medium, gate lint)\n")
    assert "It blocks: the change brings it in" in said
    assert f"    - fingerprint: {fingerprint(checked)}\n" in said


def test_a_finding_is_found_by_its_place(checked: Repo) -> None:
    by_line = ask(checked, "explain", "a.py:1").stdout
    by_file = ask(checked, "explain", "a.py").stdout

    assert by_line == by_file
    assert by_line.startswith("ruff/F401 at a.py:1")
    assert ask(checked, "explain", "a.py:2").status == 2


def test_it_says_why_something_does_not_block(checked: Repo) -> None:
    said = ask(checked, "explain", "tests/b.py:1").stdout

    assert "Why it does not block here" in said
    assert "the gate is off for this path" in said
    assert re.search(r"overrides\[0\].gates.lint.enabled: false +gatekeeper.yml:7", said)


def test_the_waiver_it_proposes_works_once_it_is_pasted(checked: Repo) -> None:
    said = ask(checked, "explain", fingerprint(checked)).stdout
    start = said.index("  waivers:\n")
    block = [line[2:] for line in said[start:].splitlines() if line.startswith("  ")]

    checked.write(".gatekeeper/waivers.yml", "\n".join(block) + "\n")

    assert ask(checked, "config", "validate").status == 0
    assert ask(checked, "check", "--gate", "lint", "--format", "json").findings("waived")
    explained = ask(checked, "explain", fingerprint(checked)).stdout
    assert "@your-name-or-team accepts it until" in explained


def test_no_tool_is_started_or_installed(repo: Repo) -> None:
    """The cache of this test has no tools, and the index cannot be reached."""
    unreachable = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_NO_CACHE": "1"}

    result = ask(repo, "explain", "ruff/F401", env=unreachable)

    assert result.status == 0
    assert "gatekeeper tools install ruff" in result.stdout
    assert "rule: ruff/F401" in result.stdout


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("bandit/B608", "SQL injection"),
        ("B602", "shell"),
        ("B301", "pickle"),
        ("semgrep/sql-injection", "SQL statement"),
        ("sql-injection", "CWE-89"),
        ("kingfisher/betterleaks.1password-secret-key", "revoke it"),
        ("commits/header", "type(scope)!: description"),
        ("zizmor/template-injection", "https://docs.zizmor.sh/audits/#template-injection"),
        ("mypy/arg-type", "#code-arg-type"),
        ("ruff-format/unformatted", "ruff format"),
        ("workflow-schema/schema", "GitHub"),
    ],
)
def test_rules_of_every_kind(repo: Repo, cache: Path, topic: str, said: str) -> None:
    result = ask(repo, "explain", topic)

    assert result.status == 0, result.stderr
    assert said in result.stdout
    assert "To accept it for a while" in result.stdout


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("secrets", "What it demands here"),
        ("inconclusive", "Not checked"),
        ("tool-timeout", "limits.tool_timeout"),
        ("base-unavailable", "fetch-depth: 0"),
        ("suppressed", "inline ignore"),
        ("hook", "commit hooks"),
        *((scanner, "gate") for scanner in (*scanners(), *change_scanners())),
    ],
)
def test_words_of_reports(repo: Repo, topic: str, said: str) -> None:
    result = ask(repo, "explain", topic)

    assert result.status == 0, result.stderr
    assert said in result.stdout


@pytest.mark.parametrize(
    ("topic", "near"),
    [
        ("tool-timout", "tool-timeout"),
        ("secret", "secrets"),
        ("ruff/F4011", "ruff/F401"),
        ("semgrep/sql-inject", "semgrep/sql-injection"),
        ("bandit/B609x", "bandit/B609"),
        ("commits/headr", "commits/header"),
    ],
)
def test_a_slip_gets_the_nearest_name(repo: Repo, cache: Path, topic: str, near: str) -> None:
    result = ask(repo, "explain", topic)

    assert result.status == 2
    assert f"did you mean {near!r}" in result.stderr


@pytest.mark.parametrize(
    "topic", ["../../etc/passwd", "ruff/--help", "\x1b[2J", "ruff/", "/", ":", "-"]
)
def test_odd_words_are_harmless(repo: Repo, cache: Path, topic: str) -> None:
    result = ask(repo, "explain", "--", topic)

    assert result.status == 2
    assert "\x1b" not in result.stdout + result.stderr


def test_a_hooks_report_does_not_hide_the_whole_one(checked: Repo) -> None:
    wanted = fingerprint(checked)
    checked.write("c.py", "y = 1\n")
    checked.git("add", "c.py")
    assert ask(checked, "check", "--staged", "--gate", "lint").status == 0

    assert ask(checked, "explain", wanted).status == 0

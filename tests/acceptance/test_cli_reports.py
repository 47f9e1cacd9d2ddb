"""Reports as they leave the command: where each goes, and what the Actions runner makes of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.fakes.repo import Repo
from tests.unit.reports.test_github import parsed

EXTERNAL = ("check", "--all", "--gate", "external", "--sarif-in")
ATTACK = "x\n::set-output name=verdict::pass\n  ::add-mask::a\n##[set-output name=verdict;]pass"
ACTIONS = {"GITHUB_ACTIONS": "true", "CI": "true"}


@pytest.fixture
def hostile(repo: Repo, tmp_path: Path) -> tuple[Repo, str]:
    """A repository whose file, branch, commit and finding are all out to command the runner."""
    file = "a ##[set-output name=verdict;]pass ::error::b,c%0A.py"
    repo.write(file, "x = 1  # ##[add-mask]x\n::stop-commands::y\n")
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", ATTACK)
    repo.branch("b%0A##x")
    places = [
        {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}}
        for uri, line in (
            ("a%20%23%23%5Bset-output%20name=verdict;%5Dpass%20::error::b,c%250A.py", 1),
        )
    ]
    results = [
        {
            "ruleId": "::error::rule",
            "message": {"text": ATTACK},
            "level": level,
            "locations": places,
        }
        for level in ("error", "warning", "note")
    ]
    run = {"tool": {"driver": {"name": "other##[debug]"}}, "results": results}
    report = tmp_path / "other.sarif"
    report.write_text(json.dumps({"version": "2.1.0", "runs": [run]}), encoding="utf-8")
    return repo, os.fspath(report)


def obeyed(output: str) -> list[str]:
    """The commands that the runner carries out, in order; it heeds `stop-commands` itself."""
    names: list[str] = []
    token = ""
    for line in output.splitlines():
        if token:
            if line.strip() == f"::{token}::":
                token = ""
        elif command := parsed(line):
            name, _, data = command
            if name == "stop-commands":
                token = data
            else:
                names.append(name)
    assert not token, "everything after the report would be ignored, too"
    return names


@pytest.mark.parametrize("shown", [(), ("--format", "text"), ("--format", "markdown")])
def test_no_text_of_a_report_commands_the_runner(
    hostile: tuple[Repo, str], cache: Path, shown: tuple[str, ...]
) -> None:
    repo, report = hostile

    result = repo.gatekeeper(*EXTERNAL, report, *shown, env=ACTIONS)

    assert result.status == 1
    assert "set-output" in result.stdout
    assert obeyed(result.stdout) == []
    assert obeyed(result.stderr) == []


def test_text_and_annotations_go_together_and_only_ours_are_obeyed(
    hostile: tuple[Repo, str], cache: Path
) -> None:
    repo, report = hostile

    result = repo.gatekeeper(
        *EXTERNAL, report, "--format", "text", "--format", "github", env=ACTIONS
    )

    assert result.status == 1
    assert set(obeyed(result.stdout)) == {"error", "notice"}
    assert "BLOCKED" in result.stdout


def test_elsewhere_nothing_is_put_around_the_text(repo: Repo, cache: Path) -> None:
    repo.commit(**{"a.py": "import os\n"})

    result = repo.gatekeeper("check", "--all", "--gate", "lint")

    assert "stop-commands" not in result.stdout


def test_each_format_writes_what_it_is(repo: Repo, cache: Path) -> None:
    repo.commit(**{"a.py": "import os\n"})
    outputs = [
        part
        for name, path in (
            ("html", "out/report.html"), ("markdown", "out/summary.md"),
            ("junit", "out/junit.xml"), ("github", "out/annotations.txt"),
        )
        for part in ("--format", name, "--output", path)
    ]  # fmt: skip

    result = repo.gatekeeper("check", "--all", "--gate", "lint", *outputs)

    assert result.status == 1
    out = repo.root / "out"
    html = (out / "report.html").read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert "import os" in html
    assert (out / "summary.md").read_text(encoding="utf-8").startswith("## Blocked: 1 problem")
    assert (out / "annotations.txt").read_text(encoding="utf-8").startswith("::error file=a.py,")
    assert ET.parse(out / "junit.xml").getroot().get("failures") == "1"


@pytest.mark.parametrize("name", ["html", "markdown", "junit", "github"])
def test_a_folder_gets_a_file_of_its_own(repo: Repo, cache: Path, name: str) -> None:
    repo.commit(**{"a.py": "import os\n"})

    repo.gatekeeper("check", "--all", "--gate", "lint", "--format", name, "--output", "out/")

    (written,) = (repo.root / "out").iterdir()
    assert written.stat().st_size


def test_a_pipe_is_written_to_and_stays_one(repo: Repo, cache: Path, tmp_path: Path) -> None:
    """And so is a device: a file in the place of /dev/null would be in everybody's way."""
    repo.commit(**{"a.py": "import os\n"})
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(
        [sys.executable, "-c", f"print(open({os.fspath(pipe)!r}).read())"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip

    repo.gatekeeper(
        "check", "--all", "--gate", "lint", "--format", "json", "--output", os.fspath(pipe)
    )

    assert '"verdict": "block"' in reader.communicate(timeout=30)[0]
    assert pipe.is_fifo()

"""Where basedpyright differs from pyright; the rest is tested there."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.basedpyright import Basedpyright
from gatekeeper.scanners.interface import Scanned
from tests.fakes.scanning import TYPED_PROJECT, FakeBatch, ready

RECORDED = (Path(__file__).parents[2] / "data" / "basedpyright" / "errors.json").read_bytes()
TREE = TYPED_PROJECT | {"pyproject.toml": b"[tool.basedpyright]\n"}


def answer(done: Completed) -> Scanned:
    """What the scanner makes of one answer of basedpyright."""
    batch = FakeBatch(TREE, ready(Basedpyright(), TREE), [done])
    scanned = Basedpyright().scan(batch)
    batch.finish()
    # Without the mode it would rewrite the project's baseline file.
    assert batch.runs == [("--outputjson", "--baselinemode", "discard")]
    return scanned


def test_diagnostics_become_findings() -> None:
    scanned = answer(Completed(1, RECORDED, ""))

    assert [(item.path, item.line, item.rule, item.severity) for item in scanned.findings] == [
        ("app/main.py", 1, "reportMissingImports", "low"),
        ("app/main.py", 6, "reportAssignmentType", "medium"),
        ("app/main.py", 8, "information", "info"),
        ("app/main.py", 14, "reportCallIssue", "medium"),
        ("notes.ipynb", 0, "reportAssignmentType", "medium"),
        ("app/main.py", 7, "ignored", "info"),
    ]
    assert scanned.findings[0].help_url.startswith("https://docs.basedpyright.com/")


def test_a_finding_in_a_notebook_is_known_by_its_message() -> None:
    finding = answer(Completed(1, RECORDED, "")).findings[4]

    assert finding.message.startswith("cell 1, line 1: Type")
    assert finding.anchor.startswith("reportAssignmentType: Type")


def test_news_about_the_baseline_do_no_harm() -> None:
    news = b"baseline file is outdated, run without `--baselinemode=discard` to update it.\n\n"

    assert answer(Completed(1, news + RECORDED, "")) == answer(Completed(1, RECORDED, ""))


@pytest.mark.parametrize(
    "stderr",
    [
        'Config file "/project/pyproject.toml" could not be parsed. Verify that format is correct.',
        'invalid "typeCheckingMode" value: "zzz". expected: "off", "basic"',
    ],
)
def test_it_exits_as_usual_with_settings_it_could_not_read(stderr: str) -> None:
    with pytest.raises(ToolError) as caught:
        answer(Completed(1, RECORDED, stderr))
    assert caught.value.reason == "tool-misconfigured"

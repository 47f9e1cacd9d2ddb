"""What pyrefly's answers mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import Scanned
from gatekeeper.scanners.pyrefly import Pyrefly
from tests.fakes.scanning import TYPED_PROJECT, FakeBatch, ready

RECORDED = (Path(__file__).parents[2] / "data" / "pyrefly" / "errors.json").read_bytes()
TREE = TYPED_PROJECT | {"pyrefly.toml": b""}
UNREAD = b"""{"errors": [{"line": 1, "column": 1, "stop_line": 1, "stop_column": 1,
"path": "app/lib.py", "code": -2, "name": "missing-import", "severity": "error", "description":
"Failed to load `app.lib` from `/project/app/lib.py`, got stream did not contain valid UTF-8"}]}"""


def answer(done: Completed) -> Scanned:
    """What the scanner makes of one answer of pyrefly."""
    batch = FakeBatch(TREE, ready(Pyrefly(), TREE), [done])
    scanned = Pyrefly().scan(batch)
    batch.finish()
    (run,) = batch.runs
    assert run == ("check", "--output-format", "json", "--color", "never", "--summary=none")
    return scanned


def test_errors_become_findings() -> None:
    scanned = answer(Completed(1, RECORDED, " INFO Checking project configured at"))

    assert list(scanned.unchecked) == []
    assert [
        (item.path, item.line, item.end_line, item.column, item.rule, item.severity)
        for item in scanned.findings
    ] == [
        ("app/main.py", 1, 1, 8, "missing-import", "low"),
        ("app/main.py", 6, 6, 14, "bad-assignment", "medium"),
        ("app/main.py", 8, 8, 12, "reveal-type", "info"),
        ("app/main.py", 12, 15, 12, "bad-return", "medium"),
        ("app/main.py", 14, 14, 9, "bad-argument-count", "medium"),
        ("notes.ipynb", 0, 0, 0, "bad-assignment", "medium"),
        ("app/main.py", 7, 7, 20, "ignored", "info"),
    ]
    assert scanned.findings[0].message == "Cannot find module `nothere`"
    assert scanned.findings[0].help_url.endswith("/error-kinds/#missing-import")
    assert scanned.findings[5].message.startswith("cell 1, line 1: ")


def test_no_errors_is_clean() -> None:
    scanned = answer(Completed(0, b'{"errors": []}', ""))

    assert [item.rule for item in scanned.findings] == ["ignored"]


def test_older_reports_without_short_descriptions_are_read() -> None:
    old = b"""{"errors": [{"line": 1, "column": 1, "stop_line": 1, "stop_column": 4, "code": -2,
    "path": "app/lib.py", "name": "bad-return", "description": "not what was declared"}]}"""

    finding = answer(Completed(1, old, "")).findings[0]

    assert (finding.message, finding.severity) == ("not what was declared", "medium")


def test_a_file_it_could_not_read_is_not_checked() -> None:
    (unchecked,) = answer(Completed(1, UNREAD, "")).unchecked

    assert (unchecked.path, unchecked.reason) == ("app/lib.py", "unreadable")
    assert "/project" not in unchecked.message


def test_broken_settings_are_told_with_their_cause() -> None:
    stderr = (
        " WARN Config at `/project/pyrefly.toml` failed to parse\n"
        "ERROR /project/pyrefly.toml: TOML parse error at line 1, column 21\n\n"
        "Fatal configuration error\n"
    )
    with pytest.raises(ToolError) as caught:
        answer(Completed(1, b"", stderr))

    assert caught.value.reason == "tool-misconfigured"
    assert "TOML parse error at line 1" in caught.value.message


@pytest.mark.parametrize(
    ("done", "reason"),
    [
        (Completed(1, b"", "Path `/project/nix` does not exist"), "tool-misconfigured"),
        (Completed(2, b"", "error: unexpected argument '--summary' found"), "tool-misconfigured"),
        (Completed(101, RECORDED, "thread 'main' panicked"), "tool-crashed"),
        (Completed(0, b"", ""), "tool-crashed"),
        (Completed(0, b"0 errors\n", ""), "tool-output-invalid"),
        (Completed(1, b'{"errors": [{}]}', ""), "tool-output-invalid"),
    ],
)
def test_failures_are_never_clean(done: Completed, reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        answer(done)
    assert caught.value.reason == reason

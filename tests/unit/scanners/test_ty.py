"""What ty's answers mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import Scanned
from gatekeeper.scanners.ty import Ty
from tests.fakes.scanning import CWD, TYPED_PROJECT, FakeBatch, ready

RECORDED = (Path(__file__).parents[2] / "data" / "ty" / "errors.json").read_bytes()
TREE = TYPED_PROJECT | {"ty.toml": b""}
UNREAD = b"""[{"check_name": "io", "description": "io: Failed to read file: not valid UTF-8",
"severity": "major", "fingerprint": "7", "location": {"path": "app/lib.py",
"positions": {"begin": {"line": 1, "column": 1}, "end": {"line": 1, "column": 1}}}}]"""
BROKEN = """\
ty failed
  Cause: /project/ty.toml is not a valid `ty.toml`
  Cause: TOML parse error at line 1, column 7
  |
1 | [rules
  |       ^
unclosed table, expected `]`
"""


def answer(done: Completed) -> Scanned:
    """What the scanner makes of one answer of ty."""
    batch = FakeBatch(TREE, ready(Ty(), TREE), [done])
    scanned = Ty().scan(batch)
    batch.finish()
    (run,) = batch.runs
    assert run == ("check", "--output-format", "gitlab", "--color", "never", "--no-progress")
    assert batch.envs == [{"CI_PROJECT_DIR": CWD}]
    return scanned


def test_diagnostics_become_findings() -> None:
    scanned = answer(Completed(1, RECORDED, ""))

    assert list(scanned.unchecked) == []
    assert [
        (item.path, item.line, item.end_line, item.column, item.rule, item.severity)
        for item in scanned.findings
    ] == [
        ("app/main.py", 1, 1, 8, "import-not-found", "low"),
        ("app/main.py", 6, 6, 14, "invalid-assignment", "medium"),
        ("app/main.py", 8, 8, 13, "revealed-type", "info"),
        ("app/main.py", 12, 15, 12, "invalid-explicit-return", "medium"),
        ("app/main.py", 14, 14, 9, "too-many-positional-arguments", "medium"),
        ("notes.ipynb", 0, 0, 0, "invalid-assignment", "medium"),
        ("app/main.py", 7, 7, 20, "ignored", "info"),
    ]
    assert scanned.findings[0].message == "Cannot resolve imported module `nothere`"
    assert scanned.findings[0].help_url == "https://ty.dev/rules#import-not-found"
    assert scanned.findings[5].anchor.startswith("invalid-assignment: Object of type")


def test_no_diagnostics_is_clean() -> None:
    assert [item.rule for item in answer(Completed(0, b"[]", "")).findings] == ["ignored"]


def test_a_file_it_could_not_read_is_not_checked() -> None:
    scanned = answer(Completed(2, UNREAD, ""))

    (unchecked,) = scanned.unchecked
    assert (unchecked.path, unchecked.reason) == ("app/lib.py", "unreadable")
    assert unchecked.message == "Failed to read file: not valid UTF-8"


def test_broken_settings_are_told_with_their_cause() -> None:
    with pytest.raises(ToolError) as caught:
        answer(Completed(2, b"", BROKEN))

    assert caught.value.reason == "tool-misconfigured"
    assert "ty.toml is not a valid `ty.toml`; TOML parse error at line 1" in caught.value.message


@pytest.mark.parametrize(
    ("done", "reason"),
    [
        (Completed(0, b"[]", "WARN No python files found under the given path(s)"),
         "tool-misconfigured"),
        (Completed(2, b"", "error: unexpected argument '--no-progress' found"),
         "tool-misconfigured"),
        (Completed(2, b"[]", ""), "tool-crashed"),
        (Completed(101, RECORDED, "panicked at"), "tool-crashed"),
        (Completed(0, b"", ""), "tool-crashed"),
        (Completed(1, b"All checks passed!\n", ""), "tool-output-invalid"),
        (Completed(1, b'[{"check_name": "x"}]', ""), "tool-output-invalid"),
    ],
)  # fmt: skip
def test_failures_are_never_clean(done: Completed, reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        answer(done)
    assert caught.value.reason == reason

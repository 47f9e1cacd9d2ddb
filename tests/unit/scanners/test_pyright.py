"""What pyright's answers mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import Scanned
from gatekeeper.scanners.pyright import Pyright
from tests.fakes.scanning import TYPED_PROJECT, FakeBatch, ready

RECORDED = (Path(__file__).parents[2] / "data" / "pyright" / "errors.json").read_bytes()
CLEAN = b'{"generalDiagnostics": [], "summary": {"filesAnalyzed": 3}}'
TREE = TYPED_PROJECT | {"pyproject.toml": b"[tool.pyright]\n"}


def answer(done: Completed) -> Scanned:
    """What the scanner makes of one answer of pyright."""
    batch = FakeBatch(TREE, ready(Pyright(), TREE), [done])
    scanned = Pyright().scan(batch)
    batch.finish()
    assert batch.runs == [("--outputjson",)]
    return scanned


def test_diagnostics_become_findings() -> None:
    scanned = answer(Completed(1, RECORDED, ""))

    assert scanned.unchecked == ()
    assert [
        (item.path, item.line, item.end_line, item.column, item.rule, item.severity)
        for item in scanned.findings
    ] == [
        ("app/main.py", 1, 1, 8, "reportMissingImports", "low"),
        ("app/main.py", 6, 6, 14, "reportAssignmentType", "medium"),
        ("app/main.py", 8, 8, 13, "information", "info"),
        ("app/main.py", 14, 14, 9, "reportCallIssue", "medium"),
        ("app/main.py", 7, 7, 20, "ignored", "info"),
    ]
    assert scanned.findings[1].help_url.endswith("configuration.md#reportAssignmentType")
    assert scanned.findings[1].message == (
        'Type "Literal[\'one\']" is not assignable to declared type "int"; '
        '"Literal[\'one\']" is not assignable to "int"'
    )


def test_what_it_prints_before_the_json_does_no_harm() -> None:
    assert answer(Completed(1, b"No configuration file found.\n" + RECORDED, "")) == answer(
        Completed(1, RECORDED, "")
    )


def test_no_diagnostics_is_clean() -> None:
    unknown = 'Config contains unrecognized setting "foo".\n'

    assert [item.rule for item in answer(Completed(0, CLEAN, unknown)).findings] == ["ignored"]


@pytest.mark.parametrize(
    ("status", "stdout", "stderr"),
    [
        (3, CLEAN, 'Config file "/project/pyrightconfig.json" could not be parsed. Verify that'),
        (0, CLEAN, 'Config file "/project/base.json" could not be read.\n'),
        (0, b'Config "reportMissingImports" entry must be true or false.\n' + CLEAN, ""),
        (1, RECORDED, 'Config "typeCheckingMode" entry must contain "off" or "strict".\n'),
        (4, b"", "Unexpected option --nix.\npyright --help for usage\n"),
        (0, CLEAN.replace(b"3", b"0"), 'File or directory "/project/nix" does not exist.\n'),
    ],
)
def test_unusable_settings_are_never_clean(status: int, stdout: bytes, stderr: str) -> None:
    with pytest.raises(ToolError) as caught:
        answer(Completed(status, stdout, stderr))
    assert caught.value.reason == "tool-misconfigured"


@pytest.mark.parametrize(
    ("done", "reason"),
    [
        (Completed(2, CLEAN, "An internal error occurred"), "tool-crashed"),
        (Completed(0, b"", ""), "tool-crashed"),
        (Completed(1, b"{", ""), "tool-output-invalid"),
        (Completed(0, b"0 errors, 0 warnings\n", ""), "tool-output-invalid"),
        (Completed(0, b'{"generalDiagnostics": []}', ""), "tool-output-invalid"),
    ],
)
def test_crashes_and_garbage_are_never_clean(done: Completed, reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        answer(done)
    assert caught.value.reason == reason

"""What mypy's answers mean, from recordings and from the real program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from gatekeeper.model.finding import Suppression
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import Scanned
from gatekeeper.scanners.mypy import Mypy
from tests.fakes.scanning import TYPED_PROJECT, FakeBatch, RealBatch, ready

RECORDED = Path(__file__).parents[2] / "data" / "mypy" / "errors.jsonl"
SETTINGS = {"pyproject.toml": b"[tool.mypy]\nstrict = true\n"}
SYNTAX = (
    b'{"file": "app/lib.py", "line": 1, "column": 7, "end_line": 1, "end_column": 8, "message":'
    b' "Expected `)`, found newline", "hint": null, "code": "syntax", "severity": "error"}\n'
)


def answer(done: Completed, files: dict[str, bytes] | None = None) -> tuple[Scanned, FakeBatch]:
    """What the scanner makes of one answer of mypy."""
    tree = TYPED_PROJECT | (SETTINGS if files is None else files)
    batch = FakeBatch(tree, ready(Mypy(), tree), [done])
    scanned = Mypy().scan(batch)
    batch.finish()
    return scanned, batch


def refusal(done: Completed) -> ToolError:
    """The error the scanner raises for one answer of mypy."""
    with pytest.raises(ToolError) as caught:
        answer(done)
    return caught.value


def test_errors_and_notes_become_findings() -> None:
    scanned, batch = answer(Completed(1, RECORDED.read_bytes(), ""))

    assert batch.runs == [
        ("--output", "json", "--no-error-summary", "--no-install-types", "."),
    ]
    assert scanned.unchecked == ()
    assert [
        (item.path, item.line, item.end_line, item.column, item.rule, item.severity)
        for item in scanned.findings
    ] == [
        ("app/main.py", 1, 1, 1, "import-not-found", "medium"),
        ("app/main.py", 6, 6, 14, "assignment", "medium"),
        ("app/main.py", 8, 8, 13, "misc", "info"),
        ("app/main.py", 12, 15, 12, "call-arg", "medium"),
        ("app/main.py", 12, 15, 12, "return-value", "medium"),
        ("app/main.py", 7, 7, 20, "ignored", "info"),
    ]
    assert scanned.findings[1].help_url.endswith("_refs.html#code-assignment")
    assert scanned.findings[-1].suppression == Suppression("type: ignore")


def test_notes_that_explain_an_error_are_left_out() -> None:
    error = b'{"file": "app/lib.py", "line": 1, "column": 0, "message": "wrong", "code": "misc",'
    note = b'{"file": "app/lib.py", "line": 1, "column": 0, "message": "why", "code": "misc",'
    lines = error + b' "severity": "error"}\n' + note + b' "severity": "note"}\n'

    scanned, _ = answer(Completed(1, lines, ""))

    assert [item.message for item in scanned.findings if not item.suppression] == ["wrong"]


def test_files_outside_the_project_are_not_its_findings() -> None:
    elsewhere = SYNTAX.replace(b"app/lib.py", b"build/generated.py")

    scanned, _ = answer(Completed(1, elsewhere, ""))

    assert [item.rule for item in scanned.findings] == ["ignored"]


@pytest.mark.parametrize(
    ("files", "targets"),
    [
        ({"pyproject.toml": b"[tool.mypy]\nfiles = ['src']"}, ()),
        ({"setup.cfg": b"[mypy]\npackages = app"}, ()),
        ({"mypy.ini": b"[mypy]\n", "pyproject.toml": b"[tool.mypy]\nfiles = 'src'"}, (".",)),
        ({".mypy.ini": b"[mypy]\nmodules = app"}, ()),
        ({"pyproject.toml": b"[tool.mypy]\nfiles = ["}, (".",)),
    ],
)
def test_the_settings_decide_what_is_checked(
    files: dict[str, bytes], targets: tuple[str, ...]
) -> None:
    _, batch = answer(Completed(0, b"", ""), files)

    assert batch.runs[0][4:] == targets


def test_a_syntax_error_leaves_every_file_unchecked() -> None:
    scanned, batch = answer(Completed(2, SYNTAX, ""))

    assert (scanned.findings[0].path, scanned.findings[0].rule) == ("app/lib.py", "syntax")
    assert {item.path: item.reason for item in scanned.unchecked} == {
        "app/__init__.py": "not-reported",
        "app/lib.py": "parse-error",
        "app/main.py": "not-reported",
    }
    assert len(scanned.unchecked) == len(batch.paths)


def test_a_file_that_is_not_text_leaves_every_file_unchecked() -> None:
    stderr = "/project/app/lib.py: error: Cannot decode file: 'utf-8' codec can't decode byte\n0xff"

    scanned, _ = answer(Completed(2, b"", stderr))

    reasons = {item.path: item.reason for item in scanned.unchecked}
    assert reasons["app/lib.py"] == "undecodable"
    assert reasons["app/main.py"] == "not-reported"


@pytest.mark.parametrize(
    ("status", "stdout", "stderr"),
    [
        (0, b"", "pyproject.toml: Expected ']' at the end of a table declaration"),
        (1, SYNTAX, "setup.cfg: [mypy]: strict: Not a boolean: yess"),
        (2, b"", '{"file": "mypy.ini", "line": 2, "column": 0, "message": "Can\'t find plugin"}'),
        (2, b"", "nix: error: Cannot read file: No such file or directory"),
        (2, b"", "There are no .py[i] files in directory '.'"),
        (2, SYNTAX.replace(b'"line": 1', b'"line": -1'), ""),
        (2, SYNTAX.replace(b"app/lib.py", b"elsewhere.py"), ""),
        (2, b"", "mypy: error: unrecognized arguments: --output"),
    ],
)
def test_unusable_settings_are_never_clean(status: int, stdout: bytes, stderr: str) -> None:
    assert refusal(Completed(status, stdout, stderr)).reason == "tool-misconfigured"


@pytest.mark.parametrize(
    "warning", ["[mypy]: Unrecognized option: foo = 1", "No [mypy] section in config file"]
)
def test_warnings_that_leave_the_settings_in_force_change_nothing(warning: str) -> None:
    scanned, _ = answer(Completed(0, b"", f"mypy.ini: {warning}\n"))

    assert [item.rule for item in scanned.findings] == ["ignored"]


@pytest.mark.parametrize(
    ("done", "reason"),
    [
        (Completed(2, SYNTAX, "a.py:1: error: INTERNAL ERROR -- Please try"), "tool-crashed"),
        (Completed(3, b"", "boom"), "tool-crashed"),
        (Completed(1, b"", ""), "tool-crashed"),
        (Completed(1, b"Traceback (most recent call last):\n", ""), "tool-output-invalid"),
        (Completed(1, b'{"file": "a.py"\n', ""), "tool-output-invalid"),
        (Completed(0, b'{"file": 3}\n', ""), "tool-output-invalid"),
    ],
)
def test_crashes_and_garbage_are_never_clean(done: Completed, reason: str) -> None:
    assert refusal(done).reason == reason


def really(tmp_path: Path, files: dict[str, bytes]) -> Scanned:
    """What the installed mypy says about these files."""
    program = os.path.join(os.path.dirname(sys.executable), "mypy")
    return Mypy().scan(RealBatch(str(tmp_path), program, files, ready(Mypy(), files)))


def test_the_real_mypy_finds_errors(tmp_path: Path) -> None:
    scanned = really(tmp_path, TYPED_PROJECT | SETTINGS)

    assert scanned.unchecked == ()
    assert {(item.line, item.rule) for item in scanned.findings} >= {
        (1, "import-not-found"),
        (6, "assignment"),
        (7, "ignored"),
        (12, "return-value"),
    }
    assert {item.path for item in scanned.findings} == {"app/main.py"}


def test_the_real_mypy_finds_nothing_in_sound_code(tmp_path: Path) -> None:
    scanned = really(
        tmp_path, SETTINGS | {"app.py": b"def half(x: int) -> float:\n    return x / 2\n"}
    )

    assert (list(scanned.findings), list(scanned.unchecked)) == ([], [])


def test_the_real_mypy_stops_at_a_syntax_error(tmp_path: Path) -> None:
    scanned = really(tmp_path, SETTINGS | {"bad.py": b"def f(:\n", "good.py": b"x: int = ''\n"})

    assert {(item.path, item.rule) for item in scanned.findings} == {("bad.py", "syntax")}
    assert {item.path for item in scanned.unchecked} == {"bad.py", "good.py"}


@pytest.mark.parametrize(
    "settings",
    [
        {"pyproject.toml": b"[tool.mypy]\nplugins = ['nowhere']"},
        {"pyproject.toml": b"[tool.mypy"},
        {"mypy.ini": b"[mypy\n"},
        {"mypy.ini": b"[mypy]\nstrict = perhaps\n"},
        {"mypy.ini": b"[mypy]\nfiles = nowhere\n"},
    ],
)
def test_the_real_mypy_refuses_unusable_settings(
    tmp_path: Path, settings: dict[str, bytes]
) -> None:
    with pytest.raises(ToolError) as caught:
        really(tmp_path, settings | {"app.py": b"x = 1\n"})
    assert caught.value.reason == "tool-misconfigured"

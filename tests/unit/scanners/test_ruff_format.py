"""Which lines the formatter would change, from recordings and from the real program."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.interface import Scanned
from gatekeeper.scanners.ruff_format import RuffFormat
from tests.fakes.scanning import FakeBatch, locked_batch, ready, really

RECORDED = Path(__file__).parents[2] / "data" / "ruff-format"
PROJECT = {
    "app.py": b"x = 1\ny  =  2\nz = 3\ndef f():\n    return (x,\n      y)\n",
    "broken.py": b"def f(:\n",
    "good.py": b"x = 1\n",
    "latin.py": b"'\xe9'\n",
}


def answer(*answers: Completed, files: dict[str, bytes] | None = None) -> Scanned:
    """What the scanner makes of these answers of ruff."""
    tree = PROJECT if files is None else files
    batch = FakeBatch(tree, ready(RuffFormat(), tree), list(answers))
    scanned = RuffFormat().scan(batch)
    batch.finish()
    return scanned


def recorded() -> Completed:
    diff = (RECORDED / "changes.diff").read_bytes()
    return Completed(2, diff, (RECORDED / "stderr.txt").read_text(encoding="utf-8"))


def shown(scanned: Scanned) -> list[tuple[str, int, int, str]]:
    return [(item.path, item.line, item.end_line, item.message) for item in scanned.findings]


def test_every_run_of_lines_is_a_finding() -> None:
    scanned = answer(recorded())

    assert shown(scanned) == [
        ("app.py", 2, 2, "1 line would be reformatted"),
        ("app.py", 4, 4, "blank lines are missing here"),
        ("app.py", 5, 6, "2 lines would be reformatted"),
    ]
    assert {(it.rule, it.severity, it.confidence) for it in scanned.findings} == {
        ("unformatted", "low", "high")
    }
    assert scanned.findings[0].help_url == "https://docs.astral.sh/ruff/formatter/"


def test_files_that_cannot_be_formatted_are_not_checked() -> None:
    scanned = answer(recorded())

    assert [(item.path, item.reason, item.message) for item in scanned.unchecked] == [
        ("broken.py", "parse-error", "Expected a parameter or the end of the parameter list"),
        ("latin.py", "undecodable", "stream did not contain valid UTF-8"),
    ]


def test_the_real_ruff_says_what_was_recorded(tools: Path, tmp_path: Path) -> None:
    assert really(tools, tmp_path, RuffFormat(), PROJECT) == answer(recorded())


def test_formatted_files_have_no_findings() -> None:
    done = Completed(0, b"", "1 file already formatted\n")

    assert answer(done, files={"good.py": b"x = 1\n"}) == Scanned([], [])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"-- x\n++ y\n", [(1, 2)]),
        (b"@@ -7 +7 @@\nx  = 1\n", []),
        (b"x = 1\r\ny  = 2\r\n", [(2, 2)]),
        (b"x = 1\ry  = 2\r", [(2, 2)]),
        (b'x = """\r"""\ny  = 2', [(2, 3)]),
        (b'x = "\x0c\x1c"\ny  = 2\n', [(2, 2)]),
        ('x = "\u2028\u0085"\ny  = 2\n'.encode(), [(2, 2)]),
        (b"x  = 1", [(1, 1)]),
        (b"\xef\xbb\xbfx  = 1\n", [(1, 1)]),
        (b"\n\nx = 1\n", [(1, 2)]),
    ],
)
def test_content_is_never_taken_for_a_header_or_a_line_break(
    tools: Path, tmp_path: Path, content: bytes, expected: list[tuple[int, int]]
) -> None:
    files = {"a.py": content, "b.py": b"y  = 1\n"}

    scanned = really(tools, tmp_path, RuffFormat(), files)

    found = [(it.line, it.end_line) for it in scanned.findings if it.path == "a.py"]
    assert found == expected or [it.path for it in scanned.unchecked] == ["a.py"]
    assert [it.line for it in scanned.findings if it.path == "b.py"] == [1]


def test_a_name_that_looks_like_an_error_is_still_the_name(tools: Path, tmp_path: Path) -> None:
    files = {
        "a: b.py": b"def f(:\n",
        "a.py:1:7: c.py": b"'\xe9'\n",
        "a.py": b"x  = 1\n",
        "d\n+++ e.py": b"x  = 1\n",
        "f\nerror: Failed to read a.py: g.py": b"def f(:\n",
    }

    scanned = really(tools, tmp_path, RuffFormat(), files)

    assert {item.path: item.reason for item in scanned.unchecked} == {
        "a: b.py": "parse-error",
        "a.py:1:7: c.py": "undecodable",
        "f\nerror: Failed to read a.py: g.py": "parse-error",
    }
    assert {item.path for item in scanned.findings} == {"a.py", "d\n+++ e.py"}


def test_files_with_harmless_names_share_one_run(tools: Path, tmp_path: Path) -> None:
    files = {f"{name}.py": b"x  = 1\n" for name in ("a", "b", "c", "d\n", "e\udcff")}
    batch = locked_batch(tools, tmp_path, RuffFormat(), files)

    scanned = RuffFormat().scan(batch)

    assert {item.path for item in scanned.findings} == set(files)
    assert len(batch.runs) == 3


def test_a_notebook_names_the_cell_and_keeps_its_identity(tools: Path, tmp_path: Path) -> None:
    def notebook(*cells: str) -> bytes:
        shown = ", ".join(
            '{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],'
            f' "source": ["{cell}"]}}'
            for cell in cells
        )
        return (
            f'{{"cells": [{shown}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}'.encode()
        )

    files = {"a.ipynb": notebook("x = 1", "y = 2\\nx  = 3"), "b\n.ipynb": notebook("x  = 3")}
    found = really(tools, tmp_path, RuffFormat(), files).findings

    assert [(item.path, item.message, item.line) for item in found] == [
        ("a.ipynb", "1 line would be reformatted (cell 2, line 2)", 0),
        ("b\n.ipynb", "1 line would be reformatted (cell 1, line 1)", 0),
    ]
    assert found[0].anchor == found[1].anchor == "x = 3"


def test_what_the_project_excludes_is_neither_found_nor_unchecked(
    tools: Path, tmp_path: Path
) -> None:
    files = {"ruff.toml": b'format.exclude = ["generated/*"]\n', "generated/a.py": b"x  = 1\n"}

    assert really(tools, tmp_path, RuffFormat(), files) == Scanned([], [])


def test_the_project_decides_what_formatted_means(tools: Path, tmp_path: Path) -> None:
    files = {"ruff.toml": b'format.quote-style = "single"\n', "a.py": b"x = 'y'\n"}

    assert really(tools, tmp_path, RuffFormat(), files) == Scanned([], [])


DIFF = b"--- app.py\n+++ app.py\n@@ -1 +1 @@\n-x  = 1\n+x = 1\n"


@pytest.mark.parametrize(
    ("done", "reason"),
    [
        (Completed(1, b"", "1 file would be reformatted\n"), "tool-output-invalid"),
        (Completed(1, DIFF, "2 files would be reformatted\n"), "tool-output-invalid"),
        (Completed(1, DIFF.replace(b"app", b"nowhere"), ""), "tool-output-invalid"),
        (Completed(1, b"", ""), "tool-output-invalid"),
        (Completed(2, b"", ""), "tool-crashed"),
        (Completed(2, b"", "error: Failed to read elsewhere.py: gone\n"), "tool-crashed"),
        (Completed(2, b"", "error: out of memory\n"), "tool-crashed"),
        (
            Completed(2, b"", "error: Failed to read latin.py: UTF-8\nerror: Panicked at x.py"),
            "tool-crashed",
        ),
        (Completed(101, b"", "thread 'main' panicked\n"), "tool-crashed"),
        (Completed(2, b"", "ruff failed\n  Cause: Unknown rule selector\n"), "tool-misconfigured"),
    ],
)
def test_half_an_answer_is_never_clean(done: Completed, reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        answer(done)
    assert caught.value.reason == reason

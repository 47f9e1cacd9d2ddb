"""What an LCOV file tells, and which ones are refused."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.coverage_lcov import read_lcov
from gatekeeper.scanners.coverage_model import Branch, FileCoverage

DATA = Path(__file__).parents[2] / "data" / "coverage"


def read(text: str) -> dict[str, FileCoverage]:
    return {told.names[0]: told.covered for told in read_lcov(text.encode(), "lcov.info")}


def test_what_coverage_py_writes() -> None:
    found = read((DATA / "lcov.info").read_text())

    assert list(found) == ["src/shop/__init__.py", "src/shop/orders.py"]
    orders = found["src/shop/orders.py"]
    assert sorted(orders.missing) == [15, 19, 24]
    assert len(orders.statements) == 9
    assert orders.branches[13] == Branch(2, 1, ("line 15",))


def test_sections_of_several_tests_about_one_file_are_put_together() -> None:
    found = read(
        "TN:one\nSF:a.js\nDA:1,1\nDA:2,0\nBRDA:1,0,0,1\nBRDA:1,0,1,-\nend_of_record\n"
        "TN:two\nSF:a.js\nDA:1,0\nDA:2,3\nBRDA:1,0,0,0\nBRDA:1,0,1,0\nend_of_record\n"
    )

    assert found["a.js"].executed == {1, 2}
    assert found["a.js"].branches == {1: Branch(2, 1, ("",))}


def test_windows_line_ends_checksums_comments_and_a_byte_order_mark() -> None:
    text = "\ufeff# made by x\r\nTN:\r\nSF:C:\\a\\b.py\r\nDA:1,1,aGFzaA==\r\nend_of_record\r\n"

    assert read(text)["C:\\a\\b.py"].executed == {1}


def test_a_line_with_one_exit_is_no_decision() -> None:
    assert read("SF:a\nDA:1,1\nBRDA:1,0,0,0\nend_of_record\n")["a"].branches == {}


def test_an_exit_of_a_line_that_never_ran_is_not_taken() -> None:
    found = read("SF:a\nDA:1,0\nBRDA:1,0,jump to line 2,-\nBRDA:1,e0,to, x,-\nend_of_record\n")

    assert found["a"].branches[1] == Branch(2, 0, ("line 2", "to, x"))


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("", 1, "about no file"),
        ("TN:\n", 2, "about no file"),
        ("SF:a\nDA:1,1\n", 3, "cut off"),
        ("SF:a\nSF:b\n", 2, "before `end_of_record`"),
        ("SF:\n", 1, "without a path"),
        ("end_of_record\n", 1, "without `SF:`"),
        ("DA:1,1\n", 1, "before `SF:`"),
        ("SF:a\nDA:x,1\nend_of_record\n", 2, "'x' is no line number"),
        ("SF:a\nDA:0,1\nend_of_record\n", 2, "no line number"),
        ("SF:a\nDA:99999999999,1\nend_of_record\n", 2, "no line number"),
        ("SF:a\nDA:1,-1\nend_of_record\n", 2, "'-1' is no count"),
        ("SF:a\nDA:1\nend_of_record\n", 2, "expected `DA:line,hits`"),
        ("SF:a\nBRDA:1,0,1\nend_of_record\n", 2, "expected `BRDA:"),
        ("SF:a\nBRDA:1,0,0,many\nend_of_record\n", 2, "'many' is no count"),
        ("<html>", 1, "is no LCOV record"),
        ("SF:a\n\x1b[31mDA:1,1\n", 2, "is no LCOV record"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(text: str, line: int, told: str) -> None:
    with pytest.raises(ToolError) as caught:
        read(text)

    assert caught.value.reason == "input-invalid"
    assert caught.value.message.startswith(f"lcov.info:{line}: ")
    assert told in caught.value.message
    assert caught.value.message.isprintable()
    assert "coverage lcov" in caught.value.remedy


PARTS = st.sampled_from(
    ["SF:", "SF:a", "DA:1,1", "DA:", "BRDA:1,0,0,1", "BRDA:,,,", "end_of_record", "TN:", "\0", ",",
     "1", "\udcff"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(PARTS | st.text(max_size=5), max_size=12))
def test_nothing_but_a_clear_refusal_comes_of_nonsense(lines: list[str]) -> None:
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    with contextlib.suppress(ToolError):
        read_lcov(data, "x")

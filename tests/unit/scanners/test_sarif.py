"""Which SARIF files are relied on, and which of their findings are new."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.model.given import Given
from gatekeeper.model.outcome import Skipped
from gatekeeper.ports.process import ToolError
from tests.fakes.changes import FakeChange
from tests.fakes.sarif import SCANNER, document, result, scan

DATA = Path(__file__).parents[2] / "data" / "sarif"


def refusal(head: object) -> str:
    with pytest.raises(ToolError) as caught:
        scan(head)
    assert caught.value.reason == "input-invalid"
    assert "head.sarif" in caught.value.message
    assert caught.value.message.isprintable()
    return caught.value.message


class TestRealTools:
    """The files in tests/data/sarif were written by the tools; only paths were made relative."""

    def test_bandit(self) -> None:
        found = scan((DATA / "bandit.sarif").read_bytes()).new
        assert [(f.path, f.line, f.rule, f.severity) for f in found] == [
            ("src/shop/orders.py", 4, "Bandit/B404", "low"),
            ("src/shop/orders.py", 9, "Bandit/B324", "high"),
            ("src/shop/orders.py", 13, "Bandit/B602", "high"),
        ]
        assert found[1].help_url.startswith("https://bandit.readthedocs.io/")

    def test_ruff(self) -> None:
        found = scan((DATA / "ruff.sarif").read_bytes()).new
        assert [(f.rule, f.line, f.column) for f in found] == [
            ("ruff/F401", 5, 8),
            ("ruff/S324", 9, 12),
            ("ruff/S602", 13, 5),
        ]
        assert found[0].message == "`os` imported but unused"

    def test_a_byte_order_mark_is_no_obstacle(self) -> None:
        assert len(scan(b"\xef\xbb\xbf" + (DATA / "bandit.sarif").read_bytes()).new) == 3


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (b"", "Expecting value"),
        (b"\xff\xfe{\x00}\x00", ""),
        (b"not json", "malformed|Expecting|invalid"),
        (b'{"version":"2.1.0","runs":' + b"[" * 100_000, "nested too deeply"),
        ([], "array"),
        ({}, "no version"),
        ({"version": "2.0.0", "runs": []}, "2.0.0"),
        ({"version": "2.1.0"}, "runs"),
        ({"version": "2.1.0", "runs": []}, "no tool has looked"),
        ({"version": "2.1.0", "runs": [{}]}, "tool"),
        (document(results=None), "has no `results`"),
        (document(invocations=[{"executionSuccessful": False}]), "tool itself failed"),
        (document(result(level="awful")), r"\$\.runs\[0\]\.results\[0\]\.level"),
        (document({"ruleId": "R1"}), "message"),
        (document(result(), rules=[{"id": 5}]), "id"),
    ],
)  # fmt: skip
def test_what_cannot_be_relied_on_is_refused_with_file_and_place(head: object, told: str) -> None:
    assert re.search(told, refusal(head))


def test_a_failed_base_is_no_base() -> None:
    with pytest.raises(ToolError, match=r"base\.sarif"):
        scan(document(result()), document(invocations=[{"executionSuccessful": False}]))


class TestWhatIsNew:
    def test_by_the_base_s_own_report(self) -> None:
        head = document(result("one", 5), result("one", 9), result("two", 7))
        base = document(result("one", 4))
        scanned = scan(head, base, lines={})
        assert [f.line for f in scanned.existing] == [5]
        assert [(f.message, f.line) for f in scanned.new] == [("one", 9), ("two", 7)]

    def test_a_copy_in_another_file_is_new_and_the_original_is_not(self) -> None:
        head = document(result(uri="a.py"), result(uri="src/shop/orders.py"))
        scanned = scan(head, document(result(uri="src/shop/orders.py")))
        assert [f.path for f in scanned.existing] == ["src/shop/orders.py"]
        assert [f.path for f in scanned.new] == ["a.py"]

    def test_a_renamed_file_keeps_its_findings(self) -> None:
        scanned = scan(document(result(uri="a.py")), document(result(uri="old.py")))
        assert (len(scanned.new), len(scanned.existing)) == (0, 1)

    def test_line_numbers_in_messages_do_not_count(self) -> None:
        scanned = scan(
            document(result("first seen on line 12")), document(result("first seen on line 7"))
        )
        assert (len(scanned.new), len(scanned.existing)) == (0, 1)

    def test_partial_fingerprints_tell_equal_messages_apart(self) -> None:
        head = document(result(partialFingerprints={"primaryLocationLineHash": "aa:1"}))
        base = document(result(partialFingerprints={"primaryLocationLineHash": "bb:1"}))
        assert len(scan(head, base).new) == 1
        assert len(scan(head, head).existing) == 1

    def test_a_suppression_that_came_or_went_makes_it_new(self) -> None:
        plain, quiet = document(result()), document(result(suppressions=[{"kind": "inSource"}]))
        assert len(scan(plain, quiet).new) == 1
        assert len(scan(quiet, plain).new) == 1
        assert len(scan(quiet, quiet).existing) == 1

    @pytest.mark.parametrize(
        ("state", "new", "existing"),
        [("new", 1, 0), ("unchanged", 0, 1), ("updated", 0, 1), ("absent", 0, 0)],
    )
    def test_by_the_tool_s_own_comparison(self, state: str, new: int, existing: int) -> None:
        scanned = scan(document(result(baselineState=state)), lines={"a.py": [(1, 99)]})
        assert (len(scanned.new), len(scanned.existing)) == (new, existing)

    @pytest.mark.parametrize(
        ("told", "lines", "new"),
        [
            (result(line=5), None, True),
            (result(line=5), {}, False),
            (result(line=5), {"a.py": [(1, 4)]}, False),
            (result(line=5), {"a.py": [(1, 4), (5, 5)]}, True),
            (result(line=5), {"a.py": [(6, 9)]}, False),
            (result(), {"a.py": []}, True),
            (result(), {"other.py": [(1, 9)]}, False),
            (result(uri="gone.py"), {}, True),
            (result(locations=[]), {}, True),
        ],
    )
    def test_by_the_changed_lines(self, told: object, lines: Any, new: bool) -> None:
        scanned = scan(document(told), lines=lines)
        assert (len(scanned.new), len(scanned.existing)) == (int(new), int(not new))


def test_nothing_to_read_without_a_file() -> None:
    skipped = SCANNER.prepare(FakeChange())
    assert skipped == Skipped("not-configured", "no --sarif-in file")
    assert SCANNER.prepare(FakeChange(given=Given(sarif=("x.sarif",)))) is None

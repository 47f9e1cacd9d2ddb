"""A JSON report read back says what it said; what is none is refused in words."""

from __future__ import annotations

import msgspec
import pytest

from gatekeeper.errors import UsageError
from gatekeeper.model.verdict import Report, Suggestion
from gatekeeper.reports import json_reader
from gatekeeper.reports.interface import Style
from gatekeeper.reports.json import JsonReport
from gatekeeper.reports.json_reader import read_report
from tests.fakes.report_pages import page_of
from tests.fakes.reports import HOSTILE_TEXTS, full_of, judged, report, sources

FIX = Suggestion("app/main.py", 1, 2, "", ("ruff",), removes=True)


def written(told: Report) -> bytes:
    return JsonReport().whole(told, sources(), Style()).encode()


def again(told: Report) -> Report:
    return read_report(written(told), "report.json")


@pytest.mark.parametrize(
    "told",
    [
        page_of(200)[0],
        report(),
        report([judged()], project="services/api", suggestions=(FIX,)),
        *(full_of(text) for text in HOSTILE_TEXTS),
    ],
)
def test_it_says_the_same_when_it_is_written_again(told: Report) -> None:
    one, other = (msgspec.json.decode(it) for it in (written(again(told)), written(told)))
    for doc in (one, other):  # which come by scanner
        doc["measurements"].sort(key=lambda it: it["name"])
    assert one == other


def test_what_reports_lean_on_is_kept() -> None:
    told = report([judged(sensitive=True), judged(blocks=False)], suggestions=(FIX,))

    read = again(told)

    assert read.gates == told.gates
    assert read.findings[0].finding.sensitive
    assert read.findings[0].fresh
    assert read.suggestions == (FIX,)
    assert read.comparison == told.comparison


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"verdict": "pass"}',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"a":1e999}',
    ],
)
def test_what_is_no_report_is_refused_with_its_name(data: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read_report(data, "odd.json")

    assert caught.value.where == "odd.json"
    assert "gatekeeper check --format json" in caught.value.remedy


def test_a_verdict_that_does_not_exist_is_refused() -> None:
    data = written(report()).replace(b'"verdict": "pass"', b'"verdict": "splendid"')

    with pytest.raises(UsageError, match="no JSON report"):
        read_report(data, "odd.json")


def test_a_huge_report_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "MOST_BYTES", 10)

    with pytest.raises(UsageError, match="more than"):
        read_report(b"x" * 11, "huge.json")


@pytest.mark.parametrize("status", ["skipped", "failed"])
def test_a_reason_that_does_not_fit_is_a_failure_and_never_clean(status: str) -> None:
    doc = msgspec.json.decode(written(report([judged()])))
    doc["outcomes"][0] |= {"status": status, "reason_code": "ok"}

    read = read_report(msgspec.json.encode(doc), "odd.json")

    assert read.outcomes[0].outcome.reason == "tool-output-invalid"  # type: ignore[union-attr] # it is a failure, as the name of the test says


@pytest.mark.parametrize(
    ("line", "end_line"), [(1, 10**18), (0, 1), (5, 4), (-3, -1), (10**12,) * 2]
)
def test_nobody_can_be_made_to_count_for_ever(line: int, end_line: int) -> None:
    doc = msgspec.json.decode(written(report([judged()], suggestions=(FIX,))))
    doc["suggestions"][0] |= {"line": line, "end_line": end_line}
    doc["findings"][0] |= {"line": line, "end_line": end_line}

    read = read_report(msgspec.json.encode(doc), "report.json")

    assert read.suggestions == ()
    assert 0 <= read.findings[0].finding.end_line <= 10_000_000

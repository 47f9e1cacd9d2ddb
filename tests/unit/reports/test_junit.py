"""JUnit XML: valid for the strictest reader in wide use, and one failed case per blocking problem.

`SCHEMA` says what Jenkins' xUnit plugin accepts (its junit-10.xsd): children, attributes, and which
of those are required.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.model.finding import Unchecked
from gatekeeper.model.outcome import Failed
from gatekeeper.model.verdict import GateVerdict, JudgedUnchecked, Report, ScannerOutcome
from gatekeeper.reports.interface import Style
from gatekeeper.reports.junit import JunitReport
from tests.fakes.reports import HOSTILE_TEXTS, full_of, judged, report, sources

SCHEMA: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"testsuite"}, set(), {"name", "time", "tests", "failures", "errors"}),
    "testsuite": (
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
    ),
    "properties": ({"property"}, set(), set()),
    "property": (set(), {"name", "value"}, set()),
    "testcase": (
        {"skipped", "error", "failure", "system-out", "system-err"},
        {"name"},
        {"time", "classname", "group"},
    ),
    "failure": (set(), set(), {"type", "message"}),
    "error": (set(), set(), {"type", "message"}),
    "skipped": (set(), set(), {"type", "message"}),
}  # fmt: skip
CODE = {"app/main.py": "import os\n"}


def parsed(told: Report) -> ET.Element:
    """The document, after checking it against the schema."""
    root = ET.fromstring(JunitReport().whole(told, sources(CODE), Style()).encode())
    assert root.tag == "testsuites"
    for element in root.iter():
        children, required, optional = SCHEMA[element.tag]
        assert {child.tag for child in element} <= children
        assert required <= set(element.attrib) <= required | optional
        if "time" in element.attrib and element.tag != "testcase":
            assert re.fullmatch(r"[0-9]+\.[0-9]{3}", element.attrib["time"])
    for suite in root:
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert suite.get(name) == str(sum(case.find(tag) is not None for case in cases))
    return root


def test_a_suite_per_gate_and_a_failed_case_per_blocking_problem() -> None:
    told = report(
        [
            judged(),
            judged(severity="low", blocks=False),
            judged(state="existing", blocks=False),
            judged(scanner="bandit", gate="sast", rule="B602", blocks=False, state="waived"),
        ]
    )

    root = parsed(told)

    assert {suite.get("name"): suite.get("failures") for suite in root} == {
        "gatekeeper.lint": "1", "gatekeeper.sast": "0",
    }  # fmt: skip
    (case,) = root[0].findall("testcase")
    assert case.get("name") == "app/main.py:1:8 ruff/F401"
    assert case.get("classname") == "gatekeeper.lint"
    failure = case[0]
    assert failure.get("type") == "medium"
    assert failure.get("message") == "`os` imported but unused"
    assert "    1 > import os" in (failure.text or "")
    properties = {it.get("name"): it.get("value") for it in root[0].iter("property")}
    assert properties["findings.new"] == "2"
    assert properties["findings.existing"] == "1"


@pytest.mark.parametrize(
    ("gate", "child"),
    [
        (GateVerdict("lint", "pass", "clean", "no problems"), None),
        (GateVerdict("lint", "pass", "nothing-to-check", "no files"), "skipped"),
        (GateVerdict("lint", "pass", "not-in-stage", "later"), "skipped"),
        (GateVerdict("lint", "inconclusive", "scanner-failed", "boom"), "error"),
        (GateVerdict("lint", "block", "scanner-failed", "boom"), "error"),
        (GateVerdict("lint", "pass", "warned", "boom"), None),
    ],
)
def test_a_gate_without_blocking_problems_has_one_case(
    gate: GateVerdict, child: str | None
) -> None:
    (suite,) = parsed(report(gates=[gate]))

    (case,) = suite.findall("testcase")
    assert [it.tag for it in case] == ([child] if child else [])


def test_what_was_not_checked_is_an_error_beside_the_failures() -> None:
    told = report(
        [judged()],
        outcomes=(ScannerOutcome("ruff", "lint", Failed("tool-crashed", "it crashed", "again")),),
        unchecked=(
            JudgedUnchecked(Unchecked("ruff", "b.py", "parse-error", "odd"), "lint", new=True),
            JudgedUnchecked(Unchecked("ruff", "c.py", "parse-error", "odd"), "lint", new=False),
        ),
    )

    (suite,) = parsed(told)

    assert (suite.get("failures"), suite.get("errors")) == ("1", "2")
    errors = {case.get("name"): case[0].get("type") for case in suite.findall("testcase")[1:]}
    assert errors == {
        "ruff not checked": "tool-crashed", "b.py not checked by ruff": "parse-error",
    }  # fmt: skip


def test_a_gate_that_passes_all_the_same_has_no_errors() -> None:
    failed = ScannerOutcome("ruff", "lint", Failed("tool-crashed", "it crashed"))

    (suite,) = parsed(report(outcomes=(failed,)))

    assert suite.get("errors") == "0"


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_the_structure_is_the_same_whatever_the_text(text: str) -> None:
    assert shape(full_of(text)) == shape(full_of("plain"))


@settings(deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_so_it_is_with_any_text(text: str) -> None:
    assert shape(full_of(text)) == shape(full_of("plain"))


def shape(told: Report) -> list[str]:
    return [element.tag for element in parsed(told).iter()]


def test_a_folder_gets_one_file() -> None:
    (part,) = JunitReport().parts(report(), sources())

    assert part.name == "gatekeeper.junit.xml"

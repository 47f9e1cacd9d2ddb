"""Test results from JUnit XML, in the dialects that tools write. Hostile until proved otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.tests_places import Places
from gatekeeper.scanners.tests_results import Case, Ending, Results
from gatekeeper.scanners.xml_reader import read_xml
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex
from gatekeeper.text.redact import redact

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # nosec B405 - the type alone

_LONGEST = 300
_TEXT_READ = 64 * 1024
_SUITES = ("testsuites", "testsuite")
_WORST = ("error", "failure", "flakyError", "flakyFailure", "skipped")
_ENDINGS: dict[str, Ending] = {
    "error": "errored",
    "failure": "failed",
    "flakyError": "flaky",
    "flakyFailure": "flaky",
    "skipped": "skipped",
}
_NOT_RUN = ("notrun", "skipped", "disabled", "suppressed", "ignored")
# pytest: `tests/test_a.py:12: AssertionError`; Python: `File "tests/test_a.py", line 12, in …`.
_PLACES = regex(
    r'^(?P<one>[^\s:"][^:"\n]{0,400}):(?P<row>\d{1,7}): |File "(?P<two>[^"\n]{1,400})", line (?P<line>\d{1,7})',
    re.MULTILINE,
)
_PYTEST_ERROR = regex(r"^E\s+(\S.*)$", re.MULTILINE)
_HOW_TO_SEE_MORE = " Use -v to get more diff"
_SAYS_NOTHING = ("", "collection failure", "test failure", "failed", "error")


def read_junit(data: bytes, name: str, places: Places) -> Results:
    """Every test of a report. Raises ToolError `input-invalid` for anything but JUnit XML."""
    root = read_xml(data, name)
    if root.tag not in _SUITES:
        raise ToolError(
            "input-invalid",
            f"{printable(name)} is no JUnit XML: it begins with <{printable(root.tag)[:40]}>",
            "name the file that the test runner's JUnit option writes",
        )
    # The parser has bounded the depth, so nothing here is nested deeply.
    return Results(tuple(_suite(root, places)), _seconds(root))


def _suite(suite: Element, places: Places) -> Iterator[Case]:
    found = 0
    nested = False
    for child in suite:
        if child.tag in _SUITES:
            nested = True
            yield from _suite(child, places)
        elif child.tag == "testcase":
            for case in _cases(child, suite, places):
                found += case.ending in ("failed", "errored")
                yield case
        elif child.tag in ("error", "failure"):
            # Something went wrong outside any test, such as in a fixture of the whole class.
            found += 1
            yield _case(child, suite, suite, "errored", places)
    declared = sum(_number(suite, key) for key in ("errors", "failures"))
    if declared and not found and not nested:
        named = suite.get("name", "")
        message = f"the report counts {declared} and lists none"
        yield Case(named, "", "errored", message, named or "a suite")


def _cases(element: Element, suite: Element, places: Places) -> Iterator[Case]:
    """A test may both fail and be in error, when what cleans up after it breaks as well."""
    tags = [child.tag for child in element]
    if "failure" in tags and "error" in tags:
        for child in element:
            if child.tag in ("failure", "error"):
                yield _case(child, element, suite, _ENDINGS[child.tag], places)
        return
    worst = next((tag for tag in _WORST if tag in tags), "")
    if worst:
        yield _case(element[tags.index(worst)], element, suite, _ENDINGS[worst], places)
        return
    told = {element.get("status", "").lower(), element.get("result", "").lower()}
    if told & {"failed", "failure", "error"}:
        yield _case(element, element, suite, "failed", places)
        return
    yield _case(element, element, suite, "skipped" if told & set(_NOT_RUN) else "passed", places)


def _case(
    problem: Element, element: Element, suite: Element, ending: Ending, places: Places
) -> Case:
    own = element.get("classname", "") or element.get("class", "")
    named = element.get("file", "") or element.get("filepath", "") or suite.get("file", "")
    owner, name = own or named or suite.get("name", ""), element.get("name", "")
    if ending in ("passed", "skipped"):
        return Case(owner, name, ending)
    text = (problem.text or "")[-_TEXT_READ:] if problem is not element else ""
    module, classes = places.of_class(own, name)
    path, line = _place(text, places.find(named) or module, places)
    if module and path != module:
        # A test that another module brings along: both names are needed to find it.
        classes = (module, *classes)
    return Case(
        suite=owner,
        name=name,
        ending=ending,
        message=_message(problem, text, places),
        label=_label(own, name, classes if module else None),
        path=path,
        line=line or _declared_line(element, suite),
    )


def _label(own: str, name: str, classes: tuple[str, ...] | None) -> str:
    """What people call a test: within its module if that is known, else by its full name."""
    if own in ("", name):
        return name
    return "::".join((*classes, name)) if classes is not None else f"{own}.{name}"


def _message(problem: Element, text: str, places: Places) -> str:
    told = problem.get("message", "").strip()
    if told.lower() in _SAYS_NOTHING or "Traceback (most recent call last)" in told:
        # pytest marks the lines of the exception itself; of other texts the last line is it.
        marked = _PYTEST_ERROR.findall(text)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        told = marked[-1] if marked else lines[-1] if lines else told or problem.get("type", "")
    told = " ".join(redact(places.shortened(told)).split()).removesuffix(_HOW_TO_SEE_MORE)
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "\u2026"


def _place(text: str, path: str, places: Places) -> tuple[str, int]:
    """Where in the test's own file it went wrong: the last place of that file that is named.

    Of a test whose file nobody tells, the last place in any file of the repository.
    """
    found = (path, 0)
    for match in _PLACES.finditer(text):
        named = places.find(match["one"] or match["two"])
        if named and named == (path or named):
            found = (named, int(match["row"] or match["line"]))
    return found


def _declared_line(element: Element, suite: Element) -> int:
    line = _number(element, "line")
    # pytest counts from 0.
    return line + 1 if "line" in element.attrib and suite.get("name") == "pytest" else line


def _seconds(root: Element) -> float:
    """How long the tests of a report took, as far as it says so."""
    total = 0.0
    for case in root.iter("testcase"):
        try:
            took = float(case.get("time", "0").replace(",", ""))
        except ValueError:
            continue
        total += took if 0 <= took < 1e9 else 0.0
    return total


def _number(element: Element, key: str) -> int:
    text = element.get(key, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

"""What JUnit files mean: those that tools wrote, and those that nobody should have written."""

from __future__ import annotations

import contextlib
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.tests_junit import read_junit
from gatekeeper.scanners.tests_places import Places
from gatekeeper.scanners.tests_results import Case, Results

DATA = Path(__file__).parents[2] / "data" / "tests"
FILES = ("tests/test_all.py", "tests/test_broken.py", "web/shop.test.js", "test/shop_test.cc")


def read(content: bytes | str, *files: str) -> Results:
    data = content.encode() if isinstance(content, str) else content
    return read_junit(data, "report.xml", Places(files or FILES))


def recorded(name: str) -> Results:
    return read((DATA / name).read_bytes())


def told(results: Results) -> list[tuple[str, str, str, int, str]]:
    """Ending, name, file, line and message of what did not simply pass."""
    return [
        (case.ending, case.label, case.path, case.line, case.message)
        for case in results.cases
        if case.ending not in ("passed", "skipped")
    ]


class TestDialects:
    def test_pytest(self) -> None:
        results = recorded("pytest.xml")
        file = "tests/test_all.py"
        assert told(results) == [
            ("errored", "tests.test_broken", "tests/test_broken.py", 1,
             "ModuleNotFoundError: No module named 'nothere'"),
            ("failed", "test_fails", file, 11,
             "AssertionError: assert {'a': 1} == {'a': 2} Differing items: {'a': 1} != {'a': 2}"),
            ("failed", "test_with_parameter[a::b]", file, 16,
             "AssertionError: assert 'a::b' == 'x[y]' - x[y] + a::b"),
            ("errored", "test_setup", file, 21, 'failed on setup with "RuntimeError: no setup"'),
            ("failed", "test_fails_twice", file, 35, "AssertionError: call assert False"),
            ("errored", "test_fails_twice", file, 27,
             'failed on teardown with "RuntimeError: no teardown"'),
            ("failed", "test_passes_unexpectedly", file, 43, "[XPASS(strict)]"),
            ("failed", "TestGroup::TestInner::test_deep", file, 56,
             "ValueError: two lines <&> #x00"),
            ("failed", "Case::test_sub", file, 63, "AssertionError: 0 != 1"),
            ("failed", "Case::test_unexpected", file, 69, "Failed: Unexpected success"),
            ("errored", "Broken::test_never", file, 81,
             'failed on setup with "OSError: no database"'),
        ]  # fmt: skip
        assert (results.count("passed"), results.count("skipped")) == (2, 4)
        assert 0 < results.seconds < 1

    @pytest.mark.parametrize("name", ["unittest.xml", "xmlrunner.xml"])
    def test_unittest(self, name: str) -> None:
        results = recorded(name)
        broken = {(case.label, case.path, case.line) for case in results.broken()}
        assert {
            ("setUpClass (tests.test_all.Broken)", "tests/test_all.py", 81),
            ("Case::test_unexpected", "tests/test_all.py", 0 if name == "unittest.xml" else 69),
        } <= broken
        assert {path for _, path, _ in broken} == {"tests/test_all.py", "tests/test_broken.py"}
        assert "ModuleNotFoundError: No module named 'nothere'" in [
            case.message for case in results.cases
        ]
        assert results.count("skipped") == 2
        assert sum("test_sub" in case.name for case in results.cases) == 2

    def test_surefire(self) -> None:
        results = recorded("surefire.xml")
        assert told(results) == [
            ("flaky", "com.acme.ShopTest.flaky", "", 0, "expected: 1 but was: 2"),
            ("failed", "com.acme.ShopTest.fails", "", 0, "expected: true"),
            ("errored", "com.acme.ShopTest.breaks", "", 0,
             "at com.acme.ShopTest.breaks(ShopTest.java:30)"),
        ]  # fmt: skip
        assert results.seconds == pytest.approx(1000.07)

    def test_jest_and_a_suite_that_declares_more_than_it_lists(self) -> None:
        results = recorded("jest.xml")
        assert [(case.ending, case.label, case.path) for case in results.broken()] == [
            ("failed", "shop discounts", "web/shop.test.js"),
            ("errored", "cart", ""),
        ]
        assert results.cases[-1].message == "the report counts 1 and lists none"

    def test_googletest(self) -> None:
        results = recorded("gtest.xml")
        assert [(case.ending, case.path) for case in results.broken()] == [
            ("failed", "test/shop_test.cc")
        ]
        assert results.count("skipped") == 1


@pytest.mark.parametrize(
    ("body", "ending"),
    [
        ("", "passed"),
        ("<system-out>x</system-out>", "passed"),
        ("<skipped/>", "skipped"),
        ("<failure/>", "failed"),
        ("<error/>", "errored"),
        ("<skipped/><error/>", "errored"),
        ("<rerunFailure/>", "passed"),
        ("<flakyFailure/>", "flaky"),
        ("<flakyError/><failure/>", "failed"),
        ("<n:failure xmlns:n='x'/>", "failed"),
    ],
)
def test_how_a_test_ended(body: str, ending: str) -> None:
    (case,) = read(f"<testsuite><testcase name='a'>{body}</testcase></testsuite>").cases
    assert case.ending == ending


def test_a_test_that_fails_and_cannot_be_cleaned_up_is_both() -> None:
    results = read("<testsuite><testcase name='a'><failure/><error/></testcase></testsuite>")
    assert [case.ending for case in results.cases] == ["failed", "errored"]


def test_what_breaks_outside_any_test_counts() -> None:
    results = read("<testsuite name='s'><error message='m'/><testcase name='a'/></testsuite>")
    assert [(case.ending, case.message) for case in results.cases] == [
        ("errored", "m"), ("passed", ""),
    ]  # fmt: skip


def test_what_looks_like_a_credential_is_hidden_before_it_is_cut() -> None:
    token = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    message = "x" * 280 + " " + token
    (case,) = read(
        f"<testsuite><testcase name='a'><failure message='{message}'/></testcase></testsuite>"
    ).cases
    assert token[:12] not in case.message
    assert len(case.message) <= 300


def test_places_are_told_from_the_repository_on() -> None:
    text = "<testsuite><testcase name='a'><error message='in /home/me/1a2b3c4d5e/src/shop.py'/></testcase></testsuite>"
    (case,) = read_junit(text.encode(), "r.xml", Places((), "/home/me/1a2b3c4d5e")).cases
    assert case.message == "in src/shop.py"


class TestRefused:
    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"", "no element"),
            (b"not xml", "syntax error"),
            (b"<testsuite><testcase name='a'>", "no element found"),
            (b"<coverage/>", "begins with <coverage>"),
            (b"<!DOCTYPE x [<!ENTITY a 'b'>]><testsuite/>", "DOCTYPE defines"),
            (b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><testsuite>&a;</testsuite>", "entity"),
            (b"<testsuite>&a;</testsuite>", "undefined entity"),
            (b"<?xml version='1.0' encoding='nonsense'?><testsuite/>", "unknown encoding"),
            (b"<testsuite>" * 100, "too deeply"),
            (b"<testsuite>\x00</testsuite>", "not well-formed"),
        ],
    )
    def test_with_a_reason(self, content: bytes, why: str) -> None:
        with pytest.raises(ToolError) as caught:
            read(content)
        assert caught.value.reason == "input-invalid"
        assert caught.value.message.startswith("report.xml is no")
        assert why in caught.value.message
        assert caught.value.remedy

    def test_a_dtd_elsewhere_is_not_fetched_and_no_obstacle(self) -> None:
        assert (
            read("<!DOCTYPE testsuite SYSTEM 'http://localhost:1/x.dtd'><testsuite/>").cases == ()
        )


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)
endings = st.sampled_from(["passed", "failed", "errored", "skipped", "flaky"])
BODY = {"passed": "", "failed": "<failure/>", "errored": "<error/>", "skipped": "<skipped/>",
        "flaky": "<flakyFailure/>"}  # fmt: skip


@st.composite
def suites(draw: st.DrawFn, depth: int = 2) -> tuple[str, list[tuple[str, str, str]]]:
    """A suite as XML, and class, name and ending of each test in it."""
    parts, expected = [], []
    for owner, name, ending in draw(st.lists(st.tuples(names, names, endings), max_size=4)):
        parts.append(
            f"<testcase classname={quoteattr(owner)} name={quoteattr(name)}>{BODY[ending]}</testcase>"
        )
        expected.append((owner, name, ending))
    for text, inside in draw(st.lists(suites(depth - 1), max_size=2)) if depth else ():
        parts.append(text)
        expected += inside
    return f"<testsuite name='s'>{''.join(parts)}</testsuite>", expected


@settings(deadline=None)
@given(suites())
def test_every_test_is_told_once_however_suites_are_nested(
    suite: tuple[str, list[tuple[str, str, str]]],
) -> None:
    text, expected = suite
    results = read(f"<testsuites>{text}</testsuites>")
    assert [(case.suite, case.name, case.ending) for case in results.cases] == [
        (owner or "s", name, ending) for owner, name, ending in expected
    ]


@settings(deadline=None)
@given(
    st.binary(max_size=60)
    | st.builds(
        lambda parts, end: "".join(("<testsuite>", *parts, end)).encode("utf-8", "replace"),
        st.lists(
            st.sampled_from(
                ["<testcase name='a'>", "</testcase>", "<failure message='", "'>", "</failure>",
                 "<testsuite errors='9' failures='x'>", "</testsuite>", "&amp;", "&x;", "<!--", "-->",
                 "time='1e999'", "<testcase time='-1' line='99999999999' file='../../x'/>"]
            )
            | names, max_size=8,
        ),
        st.sampled_from(["</testsuite>", ""]),
    )
)  # fmt: skip
def test_anything_is_either_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(ToolError):
        for case in read(data).cases:
            assert case.path in ("", *FILES)
            assert case.line >= 0
            assert len(case.message) <= 300


class TestPlaces:
    PLACES = Places(
        ("tests/test_a.py", "api/tests/test_b.py", "web/tests/test_b.py", "conftest.py")
    )

    @pytest.mark.parametrize(
        ("named", "path"),
        [
            ("tests/test_a.py", "tests/test_a.py"),
            ("./tests/test_a.py", "tests/test_a.py"),
            ("tests\\test_a.py", "tests/test_a.py"),
            ("/home/runner/work/x/x/tests/test_a.py", "tests/test_a.py"),
            ("C:\\x\\tests\\test_a.py", "tests/test_a.py"),
            ("/elsewhere/api/tests/test_b.py", "api/tests/test_b.py"),
            ("test_a.py", "tests/test_a.py"),
            ("tests/test_b.py", ""),
            ("../tests/test_a.py", ""),
            ("", ""),
            ("/", ""),
            ("x\0y", ""),
            ("a/" * 5000 + "test_a.py", ""),
        ],
    )
    def test_which_file_is_meant(self, named: str, path: str) -> None:
        assert self.PLACES.find(named) == path

    @pytest.mark.parametrize(
        ("dotted", "name", "expected"),
        [
            ("tests.test_a", "test_x", ("tests/test_a.py", ())),
            ("tests.test_a.TestX.TestY", "test_x", ("tests/test_a.py", ("TestX", "TestY"))),
            ("", "tests.test_a", ("tests/test_a.py", ())),
            ("api.tests.test_b", "", ("api/tests/test_b.py", ())),
            ("com.acme.Shop", "test_a", ("", ())),
            ("..", "", ("", ())),
        ],
    )
    def test_which_module_is_meant(
        self, dotted: str, name: str, expected: tuple[str, tuple[str, ...]]
    ) -> None:
        assert self.PLACES.of_class(dotted, name) == expected


def test_a_test_is_the_same_wherever_it_stands() -> None:
    one = Case("tests.test_a", "test_x", "failed", "m", path="tests/test_a.py", line=3)
    other = Case("tests.test_a", "test_x", "errored", "n", path="", line=9)
    assert one.identity == other.identity

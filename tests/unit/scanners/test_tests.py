"""Which command runs the tests, what its end means, and which failures are new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.config.schema import Config, Scanners
from gatekeeper.config.suite_options import TestsOptions
from gatekeeper.model.given import Given
from gatekeeper.model.outcome import Skipped
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.change_interface import ChangeScanned, ChangeScanner
from gatekeeper.scanners.project import Measured, OwnRun
from gatekeeper.scanners.select_pytest import junit_name
from gatekeeper.scanners.tests import Tests
from gatekeeper.scanners.tests_command import command_of
from tests.fakes.changes import FakeChange, FakeProject, scanned
from tests.fakes.scanning import CWD, FakeSnapshot, snapshot_of

SCANNER: ChangeScanner = Tests()
PYTHON = "/env/bin/python"
TEST = {"tests/test_a.py": "import unittest\n"}
LOCK = '[[package]]\nname = "pytest"\nversion = "9.0"\n'


def change_of(
    files: Mapping[str, str], project: FakeProject | None = None, **more: Any
) -> FakeChange:
    options = TestsOptions(**{"command": "auto", **more.pop("options", {})})
    return FakeChange(
        config=Config(scanners=Scanners(tests=options)),
        head=snapshot_of(files),
        project=project or FakeProject(python=PYTHON, having=frozenset({"pytest"})),
        **more,
    )


class TestWhichCommand:
    @pytest.mark.parametrize(
        ("files", "installed", "argv"),
        [
            (TEST, "pytest", "python -m pytest"),
            ({"a/conftest.py": ""}, "pytest", "python -m pytest"),
            ({"pytest.ini": ""}, "pytest tox", "python -m pytest"),
            (TEST, "", "python -m unittest"),
            ({**TEST, "uv.lock": LOCK}, "", "uv run --locked python -m pytest"),
            ({**TEST, "tox.ini": ""}, "tox", "tox"),
            ({**TEST, "noxfile.py": ""}, "nox", "nox"),
        ],
    )
    def test_is_found(self, files: dict[str, str], installed: str, argv: str) -> None:
        project = FakeProject(python=PYTHON, having=frozenset(installed.split()))
        command = command_of(change_of(files, project))
        assert command is not None
        assert command.shown == argv
        assert command.kind == argv.rpartition(" ")[2].replace("tox", "other").replace(
            "nox", "other"
        )

    def test_is_none_without_tests(self) -> None:
        change = change_of({"shop.py": ""})
        assert command_of(change) is None
        assert SCANNER.prepare(change) == Skipped("no-matching-files", "no tests")

    @pytest.mark.parametrize(
        ("files", "python", "said"),
        [
            (TEST, "", "no environment"),
            ({**TEST, "tests/conftest.py": ""}, PYTHON, "nothing to run them"),
            ({"tests/test_a.py": "def test(): pass"}, PYTHON, "nothing to run them"),
        ],
    )
    def test_tests_that_nothing_can_run_are_no_pass(
        self, files: dict[str, str], python: str, said: str
    ) -> None:
        with pytest.raises(ToolError, match=said) as caught:
            command_of(change_of(files, FakeProject(python=python)))
        assert caught.value.reason == "tool-not-installed"
        assert "scanners.tests.command" in caught.value.remedy

    @pytest.mark.parametrize(
        ("command", "kind"),
        [
            ("pytest -n 4 tests/unit", "pytest"),
            ("uv run pytest", "pytest"),
            ("coverage run -m pytest", "pytest"),
            (("poetry", "run", "py.test"), "pytest"),
            ("python3.12 -m unittest discover -s tests", "unittest"),
            ("coverage run -m unittest", "other"),
            ("tox run -e pytest", "other"),
            ("make test", "other"),
            ("./run 'my tests'", "other"),
        ],
    )
    def test_as_configured(self, command: str | tuple[str, ...], kind: str) -> None:
        found = command_of(change_of({}, options={"command": command}))
        assert found is not None
        assert found.kind == kind

    def test_a_report_of_its_own_goes_before_what_we_know(self) -> None:
        found = command_of(change_of({}, options={"command": "pytest", "junit": ("a.xml",)}))
        assert found is not None
        assert found.kind == "other"


class TestWhetherItRuns:
    def test_not_by_itself(self) -> None:
        skipped = SCANNER.prepare(change_of(TEST, options={"command": ""}))
        assert skipped is not None
        assert skipped.reason == "not-configured"
        assert "command: auto" in skipped.hint

    @pytest.mark.parametrize(
        "change",
        [
            change_of(TEST, options={"command": "none"}),
            change_of({"shop.py": ""}, options={"command": ""}),
            change_of(TEST, FakeProject(), options={"command": ""}),
        ],
    )
    def test_and_says_nothing_where_that_is_wanted_or_there_is_nothing_to_say(
        self, change: FakeChange
    ) -> None:
        assert SCANNER.prepare(change) == Skipped(
            "not-configured", "no command and no --junit file"
        )

    def test_a_given_report_is_enough(self) -> None:
        change = change_of({}, options={"command": "none"}, given=Given(junit=("a.xml", "b.xml")))
        assert SCANNER.prepare(change) is None
        assert SCANNER.plan(change) == "read 2 reports"


def suite(**tests: str) -> bytes:
    """A report: `test_a="failure"`, the empty string for one that passes."""
    cases = "".join(
        f"<testcase classname='tests.test_a' name='{name}'>{f'<{how}/>' if how else ''}</testcase>"
        for name, how in tests.items()
    )
    return f"<testsuite>{cases}</testsuite>".encode()


Answer = Callable[[Sequence[str], Mapping[str, str]], OwnRun]


class Ending:
    """A project whose command ends in given ways, one after another."""

    def __init__(self, folder: Path, kind: str = "pytest") -> None:
        self.change = change_of(TEST, options={"command": f"python -m {kind}", "reruns": 2})
        self.folder = folder
        self.envs: list[Mapping[str, str]] = []

    def then(
        self, status: int, report: bytes | None, *, late: bool = False, said: str = ""
    ) -> None:
        def answer(_: Sequence[str], env: Mapping[str, str]) -> OwnRun:
            self.envs.append(env)
            path = f"{env['GATEKEEPER_SCRATCH']}/junit.xml"
            self.change.project.fresh = [] if report is None else [path]
            if report is not None:
                self.change.reports[path] = report  # type: ignore[index]  # a dict in fact
            return OwnRun(CWD, status, late, said, "", 0, 1.5)

        self.change.project.answers.append(answer)

    def scan(self) -> ChangeScanned:
        return scanned(SCANNER, self.change)


@pytest.fixture
def ending(tmp_path: Path) -> Ending:
    return Ending(tmp_path)


class TestHowItEnds:
    def test_well(self, ending: Ending) -> None:
        ending.then(0, suite(test_a="", test_b="skipped"))
        scanned = ending.scan()
        assert scanned.summary == "1 passed, 1 skipped"
        assert (scanned.new, scanned.unchecked) == ([], [])
        assert scanned.measured == Measured(CWD)
        assert {it.name: it.value for it in scanned.measurements} == {
            "tests.total": 2, "tests.passed": 1, "tests.failed": 0, "tests.errored": 0,
            "tests.flaky": 0, "tests.skipped": 1, "tests.new": 0, "tests.seconds": 1.5,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("status", "report", "late", "reason", "said"),
        [
            (-9, None, True, "tool-timeout", "after 30 minutes; its last words: hm"),
            (-11, None, False, "tool-crashed", "signal 11"),
            (4, None, False, "tool-crashed", "status 4 and wrote no results; its last words: hm"),
            (5, None, False, "no-tests", "no test was found"),
            (5, b"<testsuite/>", False, "no-tests", "no test was found"),
            (0, b"<testsuite/>", False, "no-tests", "no test was found"),
            (0, suite(test_a="skipped"), False, "no-tests", "the only test was skipped"),
            (0, b"<testsuite><testcase>", False, "input-invalid", "no element found"),
        ],
    )
    def test_without_an_answer(
        self, ending: Ending, status: int, report: bytes | None, late: bool, reason: str, said: str
    ) -> None:
        ending.then(status, report, late=late, said="hm\n-----\n")
        with pytest.raises(ToolError) as caught:
            ending.scan()
        assert caught.value.reason == reason
        assert said in caught.value.message
        assert caught.value.remedy

    @pytest.mark.parametrize(
        ("status", "said"),
        [
            (1, "no test failed, yet `python -m pytest` ended with status 1; its last words: hm"),
            (2, "the tests did not run to their end (status 2); its last words: hm"),
            (3, "status 3"),
            (-15, "signal 15"),
        ],
    )
    def test_green_and_yet_in_doubt(self, ending: Ending, status: int, said: str) -> None:
        ending.then(status, suite(test_a=""), said="hm")
        (left,) = ending.scan().unchecked
        assert (left.path, left.reason) == ("", "not-reported")
        assert said in left.message
        assert ending.change.memory == {}

    def test_red_and_in_doubt(self, ending: Ending) -> None:
        for _ in range(3):
            ending.then(2, suite(test_a="failure"))
        scanned = ending.scan()
        assert [it.rule for it in scanned.new] == ["failed"]
        assert scanned.unchecked

    def test_red_although_the_command_says_it_is_fine(self, ending: Ending) -> None:
        for _ in range(3):
            ending.then(0, suite(test_a="error"))
        assert [(it.rule, it.severity) for it in ending.scan().new] == [("errored", "high")]

    def test_in_the_end(self, ending: Ending) -> None:
        ending.then(1, suite(test_a="failure", test_b="failure", test_c="error"))
        ending.then(1, suite(test_a="", test_b="failure"))
        ending.then(1, suite(test_b="failure", test_c="error"))
        scanned = ending.scan()
        assert [(it.rule, it.severity) for it in scanned.new] == [
            ("flaky", "low"), ("failed", "high"), ("errored", "high"),
        ]  # fmt: skip
        assert scanned.summary == "1 failed, 1 errored, 1 flaky"

    def test_a_rerun_that_breaks_changes_nothing(self, ending: Ending) -> None:
        ending.then(1, suite(test_a="failure"))
        ending.then(-9, None)
        assert [it.rule for it in ending.scan().new] == ["failed"]

    def test_a_rerun_leaves_coverage_alone(self, ending: Ending) -> None:
        ending.then(1, suite(test_a="failure"))
        ending.then(0, suite(test_a=""))
        ending.scan()
        first, again = ending.envs
        assert "COVERAGE_FILE" not in first
        assert again["COVERAGE_FILE"].startswith(again["GATEKEEPER_SCRATCH"])
        assert "-p gatekeeper_select" in again["PYTEST_ADDOPTS"]
        assert "-p gatekeeper_select" not in first["PYTEST_ADDOPTS"]

    def test_with_files_changed_meanwhile(self, tmp_path: Path) -> None:
        ending = Ending(tmp_path)
        ending.change.__dict__["meanwhile"] = ["a.py", "left.pyc"]
        ending.then(0, suite(test_a=""))
        (left,) = ending.scan().unchecked
        assert left.message == "1 file changed while the tests ran: a.py"
        assert ending.change.memory == {}

    def test_a_program_that_is_not_there(self, ending: Ending) -> None:
        def answer(_: Sequence[str], env: Mapping[str, str]) -> OwnRun:
            raise ToolError("tool-not-installed", "python could not be started: no such file")

        ending.change.project.answers.append(answer)
        with pytest.raises(ToolError, match="`python -m pytest`: python could not") as caught:
            ending.scan()
        assert "scanners.tests.command" in caught.value.remedy


class TestWhatIsNew:
    BASE = FakeSnapshot({"a.py": b"", "tests/test_a.py": b"1"}, kind="commit", label="base")
    HEAD = suite(test_a="failure", test_b="failure", test_c="")

    def scan(self, base: FakeSnapshot | None, **more: Any) -> ChangeScanned:
        given = Given(junit=("head.xml",), junit_base=more.pop("given_base", ()))
        reports = {"head.xml": self.HEAD, "base.xml": suite(test_a="error", z="", y="", x="")}
        self.change = change_of(TEST, given=given, reports=reports, base=base, **more)
        return scanned(SCANNER, self.change)

    @staticmethod
    def names(found: Sequence[Any]) -> list[str]:
        return [it.message.partition(" ")[0] for it in found]

    def test_as_told(self) -> None:
        scanned = self.scan(self.BASE, given_base=("base.xml",))
        assert (self.names(scanned.new), self.names(scanned.existing)) == (["test_b"], ["test_a"])
        assert scanned.summary == "1 passed, 2 failed (1 new)"
        assert scanned.notes == ["1 test fewer than at the base"]

    def test_as_remembered(self) -> None:
        self.scan(None)
        memory = self.change.memory
        assert memory
        remembered = {(self.BASE.digest, *key[1:]): value for key, value in memory.items()}
        scanned = self.scan(self.BASE, memory=remembered)
        assert (self.names(scanned.new), len(scanned.existing)) == ([], 2)
        assert scanned.notes == []

    @pytest.mark.parametrize("how", ["run", "recall"])
    def test_all_when_nothing_is_known(self, how: str) -> None:
        scanned = self.scan(self.BASE, options={"base": how})
        assert len(scanned.new) == 2
        assert "not known" in scanned.notes[0]

    @pytest.mark.parametrize(
        ("base", "how"), [(None, "run"), (FakeSnapshot({}), "run"), (BASE, "ignore")]
    )
    def test_all_when_there_is_nothing_to_compare_with(
        self, base: FakeSnapshot | None, how: str
    ) -> None:
        scanned = self.scan(base, options={"base": how})
        assert len(scanned.new) == 2
        assert scanned.notes == []


@pytest.mark.parametrize(
    ("nodeid", "name"),
    [
        ("tests/test_a.py::test_b", "tests.test_a\ntest_b"),
        ("test_a.py::TestB::test_c[x::y/z.py[0]]", "test_a.TestB\ntest_c[x::y/z.py[0]]"),
    ],
)
def test_tests_are_chosen_by_the_names_that_reports_give_them(nodeid: str, name: str) -> None:
    assert junit_name(nodeid) == name

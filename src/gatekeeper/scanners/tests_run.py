"""Running the project's tests, and telling a result from the lack of one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.change_interface import Change
from gatekeeper.scanners.project import OwnRun
from gatekeeper.scanners.tests_command import Command
from gatekeeper.scanners.tests_junit import read_junit
from gatekeeper.scanners.tests_places import Places
from gatekeeper.scanners.tests_results import Case, Results
from gatekeeper.shipped import shipped
from gatekeeper.text.names import plural, printable
from gatekeeper.text.redact import redact

_LINES = 2
_INSTALL = "install it in the project's environment (.venv), or name another scanners.tests.command"
_REPORT = "junit.xml"
_LIST = "tests.txt"
# One broken file must not hide what the others say, and neither may the first failure. The older
# dialect of the report is the one that names files.
_PYTEST_OPTIONS = "-o junit_family=xunit1 --maxfail=0 --continue-on-collection-errors"
_HELPERS = {"gatekeeper_select.py": "select_pytest.py", "gatekeeper_unittest.py": "run_unittest.py"}


class Ran(Struct, frozen=True):
    """One run of the tests: what it said, and the process itself."""

    results: Results
    run: OwnRun


def run_tests(
    change: Change, command: Command, folder: str, places: Places, only: Collection[str] = ()
) -> Ran:
    """All tests, or `only` those with these identities, in `folder`. Raises ToolError.

    In another folder than the repository's own, modules have to come from there; it raises when
    some did not.
    """
    project, options = change.project, change.config.scanners.tests
    given = {name: _helper(source) for name, source in _HELPERS.items()}
    if only:
        given[_LIST] = "\0".join(only).encode("utf-8", "surrogateescape")
    scratch = project.scratch(given)
    try:
        run = project.run(
            _argv(command, scratch, project.python),
            cwd=folder,
            deadline=60 * options.timeout_minutes,
            env=_environment(change, command, scratch, folder, only=bool(only)),
            pass_env=options.pass_env,
        )
    except ToolError as error:
        if error.reason != "tool-not-installed":
            raise
        raise ToolError(error.reason, f"`{command.shown}`: {error.message}", _INSTALL) from None
    if run.late:
        raise ToolError(
            "tool-timeout",
            f"the tests were stopped after {plural(options.timeout_minutes, 'minute')};"
            f" {_said(run)}",
            "raise scanners.tests.timeout_minutes, or find out which test hangs",
        )
    _expect_own_modules(change, run, scratch)
    reports = _reports(change, command, run, scratch)
    if not reports:
        return Ran(_without_report(command, run), run)
    cases = read_all(change, reports, places).cases
    if not only:
        expect_tests(cases)
    return Ran(Results(cases, run.seconds, _doubt(command, run, cases)), run)


def read_all(change: Change, reports: Sequence[str], places: Places) -> Results:
    """What several JUnit files say together. Raises ToolError for one that is unusable."""
    read = [read_junit(change.read_report(path), path, places) for path in reports]
    cases = tuple(case for results in read for case in results.cases)
    return Results(cases, sum(results.seconds for results in read))


def expect_tests(cases: Sequence[Case]) -> None:
    """Raises ToolError unless some test has really been run."""
    if all(case.ending == "skipped" for case in cases):
        skipped = "the only test was" if len(cases) == 1 else f"all {len(cases):,} tests were"
        what = f"{skipped} skipped" if cases else "no test was found"
        raise ToolError(
            "no-tests",
            f"{what}, so nothing is known to work",
            "see which tests the command selects, or set scanners.tests.enabled: false",
        )


def _helper(name: str) -> bytes:
    """A program that the project's Python runs; it cannot see our package."""
    with open(shipped("scanners", name), "rb") as file:
        return file.read()


def _argv(command: Command, scratch: str, python: str) -> list[str]:
    if command.kind != "unittest":
        return list(command.argv)
    interpreter = python if command.argv[0] == "python" and python else command.argv[0]
    return [interpreter, f"{scratch}/gatekeeper_unittest.py", *command.argv[3:]]


def _environment(
    change: Change, command: Command, scratch: str, folder: str, *, only: bool
) -> dict[str, str]:
    project = change.project
    elsewhere = folder != project.root
    paths: list[str] = []
    if elsewhere:
        # An editable installation points at the working tree: the copy has to come before it.
        paths += [f"{folder}/src", folder]
    if inherited := project.variable("PYTHONPATH"):
        paths.append(inherited)
    if command.kind != "other":
        paths.append(scratch)
    env = {"GATEKEEPER_SCRATCH": scratch}
    if paths:
        env["PYTHONPATH"] = ":".join(paths)
    if elsewhere:
        env["GATEKEEPER_FOREIGN"] = project.root
    if only:
        # A few tests must not replace what all of them have covered.
        env["COVERAGE_FILE"] = f"{scratch}/.coverage"
    if command.kind == "pytest":
        words = [project.variable("PYTEST_ADDOPTS"), _PYTEST_OPTIONS]
        words += ["-p gatekeeper_select"] if only or elsewhere else []
        words += ["--no-cov"] if only and project.has("pytest_cov") else []
        from shlex import quote

        words.append(quote(f"--junitxml={scratch}/{_REPORT}"))
        env["PYTEST_ADDOPTS"] = " ".join(filter(None, words))
    return env


def _reports(change: Change, command: Command, run: OwnRun, scratch: str) -> list[str]:
    """The reports that this very run has written."""
    if command.kind != "other":
        return change.project.written(replace(run, cwd=scratch), (_REPORT,))
    wanted = change.config.scanners.tests.junit
    found = change.project.written(run, wanted)
    if wanted and not found:
        raise ToolError(
            "tool-output-invalid",
            f"`{command.shown}` ended with status {run.status} and has not written"
            f" {', '.join(wanted)}; {_said(run)}",
            "scanners.tests.junit names the files that it writes anew",
        )
    return found


def _without_report(command: Command, run: OwnRun) -> Results:
    """What is known of a command that says nothing but how it ended."""
    if command.kind == "pytest" and run.status == 5:
        expect_tests(())
    if command.kind != "other" or run.status < 0:
        raise ToolError(
            "tool-crashed",
            f"`{command.shown}` ended with {_status(run)} and wrote no results; {_said(run)}",
            "run it by hand: it may lack something, or set its own --junitxml",
        )
    if run.status == 0:
        return Results((Case("", command.shown, "passed"),), run.seconds)
    message = f"it ended with {_status(run)}; {_said(run)}"
    label = f"`{command.shown}`"
    return Results((Case("", command.shown, "failed", message, label),), run.seconds)


def _doubt(command: Command, run: OwnRun, cases: Sequence[Case]) -> str:
    """Why the report cannot be all there is; the empty string when it can."""
    broken = any(case.ending in ("failed", "errored") for case in cases)
    if run.status < 0 or (command.kind == "pytest" and run.status not in (0, 1, 5)):
        return f"the tests did not run to their end ({_status(run)}); {_said(run)}"
    if run.status != 0 and not broken:
        return f"no test failed, yet `{command.shown}` ended with {_status(run)}; {_said(run)}"
    return ""


def _status(run: OwnRun) -> str:
    return f"status {run.status}" if run.status >= 0 else f"signal {-run.status}"


def _said(run: OwnRun) -> str:
    """The last words of the command, on one line."""
    words = [
        line.strip()
        for text in (run.stdout, run.stderr)
        for line in [it for it in text.splitlines() if any(map(str.isalnum, it))][-_LINES:]
    ]
    # Redacted before it is cut: half a token is no longer recognised as one.
    told = printable(redact(" | ".join(words)))
    return f"its last words: {told[-300:]}" if told else "it printed nothing"


def _expect_own_modules(change: Change, run: OwnRun, scratch: str) -> None:
    """A copy's tests that try the working tree's modules say nothing about the copy."""
    if foreign := change.project.written(replace(run, cwd=scratch), ("foreign-*.txt",)):
        first = change.read_report(foreign[0]).decode("utf-8", "replace").splitlines()[0]
        raise ToolError(
            "tool-misconfigured",
            f"the tests of a copy imported {printable(first)} from the working tree",
            "set scanners.tests.base: recall",
        )

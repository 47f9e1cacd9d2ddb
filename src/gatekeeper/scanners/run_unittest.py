"""`python -m unittest` that also writes JUnit XML.

It is copied out of the package and run by the project's own Python, so it depends on nothing of
ours but the other helper beside it, which tells what to run. The report goes to `junit.xml` in the
folder GATEKEEPER_SCRATCH.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
import unittest
from importlib import import_module
from typing import Any
from xml.sax.saxutils import quoteattr  # nosec B406 - writes, does not parse

_KEPT = 64 * 1024
_UNLOADABLE = "unittest.loader._FailedTest."


def _clean(text: str) -> str:
    """Text that XML can hold."""
    return "".join(
        char if char in "\t\n" or (char >= " " and not "\ud800" <= char <= "\udfff"
                                   and char not in "\ufffe\uffff") else "?"
        for char in text
    )  # fmt: skip


class Recorder(unittest.TextTestResult):
    """Keeps one row per test, and one per subtest that fails."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.rows: list[tuple[str, str, str, str, float]] = []
        self._began = time.monotonic()

    def startTest(self, test: Any) -> None:  # noqa: N802 - unittest's name
        """A test begins."""
        self._began = time.monotonic()
        super().startTest(test)

    def _row(self, test: Any, ending: str, message: str = "", text: str = "") -> None:
        owner, name = _names(test)
        took = time.monotonic() - self._began
        self.rows.append((owner, name, ending, f"{message}\0{text[-_KEPT:]}", took))

    def _problem(self, test: Any, ending: str, err: Any) -> None:
        self._row(
            test, ending, f"{err[0].__name__}: {err[1]}", "".join(traceback.format_exception(*err))
        )

    def addSuccess(self, test: Any) -> None:  # noqa: N802 - unittest's name
        """It passed."""
        super().addSuccess(test)
        self._row(test, "")

    def addFailure(self, test: Any, err: Any) -> None:  # noqa: N802 - unittest's name
        """An assertion did not hold."""
        super().addFailure(test, err)
        self._problem(test, "failure", err)

    def addError(self, test: Any, err: Any) -> None:  # noqa: N802 - unittest's name
        """It broke in another way."""
        super().addError(test, err)
        self._problem(test, "error", err)

    def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802 - unittest's name
        """It was not run."""
        super().addSkip(test, reason)
        self._row(test, "skipped", reason)

    def addExpectedFailure(self, test: Any, err: Any) -> None:  # noqa: N802 - unittest's name
        """It failed, as it should."""
        super().addExpectedFailure(test, err)
        self._row(test, "skipped", "expected failure")

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802 - unittest's name
        """It should have failed."""
        super().addUnexpectedSuccess(test)
        self._row(test, "failure", "it passed although it is marked as an expected failure")

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802 - unittest's name
        """A part of a test ended; those that pass are not worth a row."""
        super().addSubTest(test, subtest, err)
        if err is not None:
            failed = issubclass(err[0], test.failureException)
            self._problem(test, "failure" if failed else "error", err)

    def document(self) -> str:
        """All of it as JUnit XML."""
        lines = ["<testsuites>", '<testsuite name="unittest">']
        for owner, name, ending, told, took in self.rows:
            message, _, text = told.partition("\0")
            head = f"<testcase classname={_attribute(owner)} name={_attribute(name)}"
            head += f' time="{took:.3f}"'
            if not ending:
                lines.append(f"{head}/>")
                continue
            lines.append(f"{head}><{ending} message={_attribute(message)}>{_text(text)}</{ending}>")
            lines.append("</testcase>")
        return "\n".join([*lines, "</testsuite>", "</testsuites>", ""])


def _select() -> Any:
    """The other helper, under the name it is copied to."""
    return import_module("gatekeeper_select")


def _attribute(text: str) -> str:
    return str(quoteattr(_clean(text), {"\n": "&#10;", "\t": "&#9;"}))


def _text(text: str) -> str:
    return _clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Runner(unittest.TextTestRunner):
    """Runs all tests, or only those that are listed."""

    resultclass = Recorder

    def run(self, test: Any) -> Any:
        """The result, once the report is written."""
        wanted = _select().wanted_tests()
        if wanted is not None:
            test = unittest.TestSuite(it for it in _flat(test) if "\n".join(_names(it)) in wanted)
        result = super().run(test)
        if isinstance(result, Recorder):
            path = os.path.join(os.environ["GATEKEEPER_SCRATCH"], "junit.xml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(result.document())
        return result


def _names(test: Any) -> tuple[str, str]:
    """What JUnit calls class and name. What stands for a class or a module has no class."""
    identity = str(test.id())
    if identity.startswith(_UNLOADABLE):
        return "", identity[len(_UNLOADABLE) :]
    if "(" in identity:  # setUpClass (module.Class)
        return "", identity
    owner, _, name = identity.rpartition(".")
    return owner, name


def _flat(test: Any) -> Any:
    if isinstance(test, unittest.TestSuite):
        for inner in test:
            yield from _flat(inner)
    else:
        yield test


def main() -> None:
    """As `python -m unittest` does: modules are looked for from the current folder on."""
    sys.path[0] = os.getcwd()
    done = unittest.main(
        module=None, testRunner=Runner, exit=False, argv=["python -m unittest", *sys.argv[1:]]
    )
    _select().list_foreign_modules()
    sys.exit(0 if done.result.wasSuccessful() else 1)


if __name__ == "__main__":
    main()

"""The project's own tests: which of them fail, and which failures the change has brought in."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gatekeeper.model.finding import Measurement
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.change_interface import Change, ChangeScanned
from gatekeeper.scanners.interface import RawFinding, RawUnchecked
from gatekeeper.scanners.project import Measured
from gatekeeper.scanners.tests_base import Before, before
from gatekeeper.scanners.tests_command import AUTO, NONE, command_of, hint
from gatekeeper.scanners.tests_places import Places
from gatekeeper.scanners.tests_results import Case, Ending, Known, Results, split
from gatekeeper.scanners.tests_run import expect_tests, read_all, run_tests
from gatekeeper.text.names import plural, printable

_COUNTED: tuple[Ending, ...] = ("passed", "failed", "errored", "flaky", "skipped")
_NAMED = 3


class Tests:
    """Tests that fail, cannot start, or pass only sometimes."""

    id = "tests"
    gate: GateId = "tests"
    stage: Stage = "ci"
    revision = 1

    def prepare(self, change: Change) -> Skipped | None:
        if change.given.junit:
            return None
        command = change.config.scanners.tests.command
        if command in ("", (), NONE):
            told = "" if command == NONE else hint(change)
            return Skipped("not-configured", "no command and no --junit file", told)
        if command == AUTO and command_of(change) is None:
            return Skipped("no-matching-files", "no tests")
        return None

    def plan(self, change: Change) -> str:
        if given := change.given.junit:
            return f"read {plural(len(given), 'report')}"
        command = command_of(change)
        return command.shown if command else "nothing"

    def scan(self, change: Change) -> ChangeScanned:
        places = Places(change.head.entries(), change.project.root)
        if change.given.junit:
            results, measured = read_all(change, change.given.junit, places), None
            expect_tests(results.cases)
        else:
            results, measured = self._run(change)
        meanwhile = change.changed_meanwhile()
        unchecked: list[RawUnchecked] = []
        if results.doubt:
            unchecked.append(RawUnchecked("", "not-reported", results.doubt))
        if moved := _moved(change, meanwhile):
            unchecked.append(RawUnchecked("", "changed-during-check", moved))
        old = before(change, results, places, str(self.revision), ran=measured is not None)
        told = [case for case in results.cases if case.ending in ("failed", "errored", "flaky")]
        new, existing = split(told, old.broken)
        if not results.doubt and not meanwhile:
            kept = msgspec.msgpack.encode(Known.of(results))
            change.remember(kept, change.head, self.id, str(self.revision))
        return ChangeScanned(
            new=[_finding(case) for case in new],
            existing=[_finding(case) for case in existing],
            unchecked=unchecked,
            measurements=self._measurements(results, old, new),
            summary=_summary(results, new, existing),
            notes=_notes(results, old),
            measured=measured,
        )

    def _run(self, change: Change) -> tuple[Results, Measured]:
        command = command_of(change)
        if command is None:
            raise ToolError("no-tests", "there is nothing to test")
        folder = change.project.folder(change.head)
        places = Places(change.head.entries(), folder)
        ran = run_tests(change, command, folder, places)
        results, seconds = ran.results, ran.results.seconds
        for _ in range(change.config.scanners.tests.reruns if command.kind != "other" else 0):
            broken = results.broken()
            if not broken:
                break
            try:
                only = {case.identity for case in broken}
                again = run_tests(change, command, folder, places, only)
            except ToolError:
                # They stay what they were.
                break
            seconds += again.results.seconds
            results = _after_rerun(results, again.results)
        written = change.project.written(ran.run, change.config.scanners.coverage.reports)
        results = msgspec.structs.replace(results, seconds=seconds)
        return results, Measured(folder, tuple(written))

    def _measurements(
        self, results: Results, old: Before, new: Sequence[Case]
    ) -> list[Measurement]:
        numbers = {"total": len(results.cases)}
        numbers |= {ending: results.count(ending) for ending in _COUNTED}
        numbers["new"] = sum(case.ending != "flaky" for case in new)
        if old.total is not None:
            numbers["fewer"] = max(old.total - len(results.cases), 0)
        return [
            *(Measurement(self.id, f"tests.{name}", it, "tests") for name, it in numbers.items()),
            Measurement(self.id, "tests.seconds", round(results.seconds, 3), "seconds"),
        ]


def _after_rerun(results: Results, again: Results) -> Results:
    """What failed and then passes is flaky. What the rerun does not tell about stays broken."""
    passed = {case.identity for case in again.cases if case.ending == "passed"}
    passed -= {case.identity for case in again.broken()}
    cases = tuple(
        msgspec.structs.replace(case, ending="flaky")
        if case.ending in ("failed", "errored") and case.identity in passed
        else case
        for case in results.cases
    )
    return msgspec.structs.replace(results, cases=cases)


def _moved(change: Change, meanwhile: Sequence[str]) -> str:
    """What to say when files that matter were changed while the tests ran."""
    base = change.base.entries() if change.base else {}
    paths = [it for it in meanwhile if it.endswith(".py") or it in base]
    if not paths:
        return ""
    named = ", ".join(map(printable, paths[:_NAMED])) + (" …" if len(paths) > _NAMED else "")
    return f"{plural(len(paths), 'file')} changed while the tests ran: {named}"


_SAYS: dict[Ending, str] = {
    "failed": "failed",
    "errored": "could not be run",
    "flaky": "failed, and passed when it was run again",
}


def _finding(case: Case) -> RawFinding:
    label = case.label or case.name
    # A module that cannot be imported has nothing else to be called by.
    what = f"{printable(label)[:200]} {_SAYS[case.ending]}"
    return RawFinding(
        path=case.path,
        rule=case.ending,
        message=f"{what}: {printable(case.message)}" if case.message else what,
        severity="low" if case.ending == "flaky" else "high",
        line=case.line if case.path else 0,
        end_line=case.line if case.path else 0,
        # The test itself, wherever it stands and whatever it says.
        anchor=case.identity,
    )


def _summary(results: Results, new: Sequence[Case], existing: Sequence[Case]) -> str:
    parts = []
    for ending in _COUNTED:
        if count := results.count(ending):
            fresh = sum(case.ending == ending for case in new)
            known = any(case.ending == ending for case in existing)
            parts.append(f"{count:,} {ending}" + (f" ({fresh:,} new)" if known else ""))
    return ", ".join(parts)


def _notes(results: Results, old: Before) -> list[str]:
    notes = [old.note] if old.note else []
    if old.total is not None and (fewer := old.total - len(results.cases)) > 0:
        notes.append(f"{plural(fewer, 'test')} fewer than at the base")
    return notes

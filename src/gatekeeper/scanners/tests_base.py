"""Which tests failed before the change: as told, as remembered, or as tried."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from gatekeeper.ports.process import ToolError
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.change_interface import Change
from gatekeeper.scanners.tests_command import command_of
from gatekeeper.scanners.tests_places import Places
from gatekeeper.scanners.tests_results import Case, Known, Results
from gatekeeper.scanners.tests_run import read_all, run_tests
from gatekeeper.text.patterns import regex

_decode = msgspec.msgpack.Decoder(Known).decode
# What differs from run to run although the reason is the same.
_VARIES = regex(r"0x[0-9a-fA-F]+|\d+|(?:/[\w.+-]+)+")


class Before(Struct, frozen=True):
    """Tests that did not pass at the base, and how many there were, if that is known."""

    broken: tuple[Case, ...] = ()
    total: int | None = None
    note: str = ""


def before(change: Change, head: Results, places: Places, revision: str, *, ran: bool) -> Before:
    """What is known of the base. What is not known was not there: its failures count as new.

    `ran`: head's tests have been run here, so those of the base may be, too.
    """
    base = change.base
    how = change.config.scanners.tests.base
    if base is None or how == "ignore" or not base.entries():
        return Before()
    if change.given.junit_base:
        known = Known.of(read_all(change, change.given.junit_base, places))
        return Before(known.broken, known.total)
    if value := change.recall(base, "tests", revision):
        known = _decode(value)
        return Before(known.broken, known.total)
    if not head.broken():
        return Before()
    try:
        tried = _tried(change, base, head) if ran and how == "run" else None
    except ToolError as error:
        return Before(note=f"{_UNKNOWN} ({error.message})")
    return Before(note=_UNKNOWN) if tried is None else Before(tried)


_UNKNOWN = "which tests failed at the base is not known, so every failure counts as new"


def _tried(change: Change, base: Snapshot, head: Results) -> tuple[Case, ...] | None:
    """What fails at the base, too, and for the same reason; None when it cannot be tried.

    The copy may lack what git does not know, so another reason proves nothing.
    """
    command = command_of(change)
    if command is None or command.kind == "other":
        return None
    reasons = {(case.identity, _reason(case)) for case in head.broken()}
    folder = change.project.folder(base)
    ran = run_tests(
        change,
        command,
        folder,
        Places(base.entries(), folder),
        {case.identity for case in head.broken()},
    )
    return tuple(case for case in ran.results.broken() if (case.identity, _reason(case)) in reasons)


def _reason(case: Case) -> str:
    return f"{case.ending} {_VARIES.sub('*', case.message)}"

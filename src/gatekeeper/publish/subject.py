"""What is told, and of what: the commit, the pull request, and the run that judged."""

from __future__ import annotations

from msgspec import Struct

from gatekeeper.model.verdict import Report, VerdictWord
from gatekeeper.reports.interface import Sources

# What is said beside everything that nobody here can verify.
UNTRUSTED = "reported by untrusted code"
WORST_FIRST: tuple[VerdictWord, ...] = ("block", "inconclusive", "pass")


class Told(Struct, frozen=True):
    """One project's report, and the text of its files for excerpts."""

    report: Report
    sources: Sources


class Subject(Struct, frozen=True):
    """`commit` is what the pull request has, `checked` what was looked at: with GitHub's pull
    requests usually its merge into the base. `number` 0: there is no pull request.

    `part` tells jobs apart that report on one commit; `run` and `attempt` order what they say.
    `blob` and `details` are addresses, empty where there are none. `untrusted`: code of the change
    could have written the report.
    """

    commit: str
    number: int = 0
    run: int = 0
    attempt: int = 1
    part: str = ""
    name: str = ""
    checked: str = ""
    ref: str = ""
    blob: str = ""
    details: str = ""
    untrusted: bool = False


class Done(Struct, frozen=True):
    """What became of one target: in words, and whether something was written."""

    target: str
    text: str
    wrote: bool = False


def verdict_of(told: tuple[Told, ...]) -> VerdictWord:
    """The worst verdict decides; nothing told at all is no pass."""
    words = {it.report.verdict for it in told} or {"inconclusive"}
    return next(it for it in WORST_FIRST if it in words)

"""A job's part of the comment: a section, or one per project of a monorepo."""

from __future__ import annotations

from gatekeeper.model.verdict import Report
from gatekeeper.publish.state import Part, part_of
from gatekeeper.publish.subject import UNTRUSTED, WORST_FIRST, Subject, Told, verdict_of
from gatekeeper.reports.comment import noteworthy, section
from gatekeeper.reports.comment_look import Look
from gatekeeper.reports.comment_parts import MARKS, sentence
from gatekeeper.reports.github_markdown import code
from gatekeeper.text.names import plural

# What stays for the state and for the lines of other jobs.
LIMIT = 58_000
_LEAST = 4_096


def part(subject: Subject, told: tuple[Told, ...], look: Look, name: str) -> Part:
    """What this job has to say."""
    if len(told) == 1:
        report = told[0].report
        text = section(report, told[0].sources, look, LIMIT, _titled(report))
        brief = sentence(report)
    else:
        text = _several(told, look)
        bad = sum(it.report.verdict != "pass" for it in told)
        brief = f"{plural(len(told), 'project')}, {bad or 'none'} not passing."
    if subject.untrusted:
        brief += f" ({UNTRUSTED})"
    return part_of(
        name, subject.commit, subject.run, subject.attempt, verdict_of(told), brief, text
    )


def _titled(report: Report) -> str:
    return code(report.project, 100) if report.project else ""


def _several(told: tuple[Told, ...], look: Look) -> str:
    """The projects, the worst first; those with nothing to say share a line."""
    verdict = verdict_of(told)
    bad = sum(it.report.verdict != "pass" for it in told)
    said = f"{bad} of {len(told)} projects do not pass" if bad else f"all {len(told)} projects pass"
    remark = f" <sub>{look.remark}</sub>" if look.remark else ""
    text = f"{MARKS[verdict]} **gatekeeper: {said}**{remark}\n\n"
    ranked = sorted(told, key=lambda it: (WORST_FIRST.index(it.report.verdict), it.report.project))
    loud = [it for it in ranked if noteworthy(it.report, look)]
    quiet = [code(it.report.project, 60) for it in ranked if not noteworthy(it.report, look)]
    if quiet:
        more = f" and {len(quiet) - 20} more" if len(quiet) > 20 else ""
        text += f"{MARKS['pass']} nothing new in {', '.join(quiet[:20])}{more}\n\n"
    room = LIMIT - len(text.encode("utf-8", "replace"))
    for at, it in enumerate(loud):
        share = room // (len(loud) - at)
        if share < _LEAST:
            names = ", ".join(code(each.report.project, 60) for each in loud[at : at + 20])
            return text + f"{MARKS[verdict]} no room for {names}: see the details\n\n"
        made = section(it.report, it.sources, look, share - 100, _titled(it.report))
        # Its footer is said once, at the end.
        text += f"---\n\n{made}\n"
        room -= len(made.encode("utf-8", "replace")) + 10
    return text

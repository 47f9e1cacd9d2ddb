"""Check runs: one for all, fit to be the required one, or one per gate besides.

A conclusion is `success` or `failure` and nothing else: GitHub lets `neutral` and `skipped` pass as
success, so what could not be judged fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Literal

from gatekeeper.errors import ForgeError
from gatekeeper.model.finding import at_least
from gatekeeper.model.forge import Annotation, CheckReport, CheckRun
from gatekeeper.model.verdict import GateVerdict, Judged, VerdictWord
from gatekeeper.ports.forge import Forge
from gatekeeper.publish.subject import Done, Subject, Told, verdict_of
from gatekeeper.reports.comment import section
from gatekeeper.reports.comment_look import Look
from gatekeeper.reports.comment_parts import sentence
from gatekeeper.reports.github_markdown import code, prose
from gatekeeper.reports.overview import ranked, rule_of
from gatekeeper.text.names import plural, printable

_TARGET = "check"
BATCH = 50
# One request for every fifty: a thousand are enough to see what is wrong.
MOST = 1_000
# GitHub takes 65,535 characters.
LIMIT = 60_000
_LONGEST_MESSAGE = 2_000
_ROUNDS = 4
_TITLES: dict[VerdictWord, str] = {
    "pass": "Pass", "block": "Blocked", "inconclusive": "Inconclusive",
}  # nosec B105 - no password  # fmt: skip
Kind = Literal["one", "per-gate"]


def publish(
    forge: Forge, subject: Subject, told: tuple[Told, ...], look: Look, *, kind: Kind
) -> Done:
    """Write the check, and those of the gates. Raises ForgeError."""
    suffix = f" ({subject.name})" if subject.name else ""
    reports = [(_whole(subject, told, look, f"gatekeeper{suffix}"), _annotations(told, ""))]
    if kind == "per-gate":
        reports += [
            (
                _of_gate(subject, told, gate, f"gatekeeper / {gate}{suffix}"),
                _annotations(told, gate),
            )
            for gate in dict.fromkeys(gate.id for it in told for gate in it.report.gates)
        ]
    wrote = [_ensure(forge, subject, report, remarks) for report, remarks in reports]
    words = plural(sum(wrote), "check") + " written" if any(wrote) else "nothing has changed"
    return Done(_TARGET, words, any(wrote))


def _ensure(
    forge: Forge, subject: Subject, report: CheckReport, remarks: Sequence[Annotation]
) -> bool:
    """Have the check on the commit with all of its annotations; whether anything was written.

    A run that was cut off half-way left some of them: what is missing is added.
    """
    for _ in range(_ROUNDS):
        there = [it for it in forge.check_runs(report.head, report.name) if it.external]
        same = next((it for it in there if it.external == report.external), None)
        if same is None and any(_worse(it, report) for it in there):
            return False  # another job of the same run found more, under the same name
        try:
            if same is None:
                same = forge.create_check(report, remarks[:BATCH])
            elif same.annotations >= len(remarks):
                return False
            for start in range(same.annotations, len(remarks), BATCH):
                forge.annotate(same.id, report, remarks[start : start + BATCH])
            return True
        except ForgeError as error:
            if not error.uncertain and error.kind not in ("unavailable", "unreachable"):
                raise
    raise ForgeError(
        "unavailable",
        "the check could not be written as a whole",
        where=report.name,
        remedy="run the job again: it goes on where this one stopped",
    )


def _worse(there: CheckRun, report: CheckReport) -> bool:
    """Whether a check of the same attempt says that it fails, where ours does not."""
    same_attempt = there.external.rpartition("-")[0] == report.external.rpartition("-")[0]
    return same_attempt and there.conclusion == "failure" and report.conclusion == "success"


def _whole(subject: Subject, told: tuple[Told, ...], look: Look, name: str) -> CheckReport:
    verdict = verdict_of(told)
    text = ""
    for at, it in enumerate(told):
        room = (LIMIT - len(text.encode("utf-8", "replace"))) // (len(told) - at)
        title = code(it.report.project, 100) if it.report.project else ""
        text += section(it.report, it.sources, look, room, title) + "\n"
    said = sentence(told[0].report) if len(told) == 1 else plural(len(told), "project")
    return _made(subject, name, verdict, f"{_TITLES[verdict]}: {said}", text, told)


def _of_gate(subject: Subject, told: tuple[Told, ...], gate: str, name: str) -> CheckReport:
    verdicts = [it for each in told for it in each.report.gates if it.id == gate]
    words: list[VerdictWord] = [it.verdict for it in verdicts]
    verdict: VerdictWord = "pass"
    if "block" in words:
        verdict = "block"
    elif "inconclusive" in words:
        verdict = "inconclusive"
    rows = "".join(_row(each, it) for each in told for it in each.report.gates if it.id == gate)
    message = printable(verdicts[0].message)[:120] if len(verdicts) == 1 else ""
    return _made(subject, name, verdict, f"{_TITLES[verdict]}: {message}".rstrip(": "), rows, told)


def _row(told: Told, gate: GateVerdict) -> str:
    project = f"{code(told.report.project, 100)} " if told.report.project else ""
    return f"- {project}**{gate.verdict}**: {prose(gate.message, 300)}\n"


def _made(
    subject: Subject, name: str, verdict: VerdictWord, title: str, summary: str,
    told: tuple[Told, ...],
) -> CheckReport:  # fmt: skip
    marks = [
        f"{it.finding.fingerprint}{it.finding.path}{it.finding.line}{it.state}{it.blocks}"
        for each in told
        for it in each.report.findings
    ]
    content = "\0".join((name, title, summary, *marks))
    digest = sha256(content.encode("utf-8", "replace")).hexdigest()[:24]
    return CheckReport(
        name=name,
        head=subject.commit,
        conclusion="success" if verdict == "pass" else "failure",
        external=f"{subject.run}.{subject.attempt}-{digest}",
        title=title[:200],
        summary=summary,
        details_url=subject.details,
    )


def _annotations(told: Sequence[Told], gate: str) -> list[Annotation]:
    """What the change brought in, and what blocks, of all gates or of one; the worst first."""
    found = ranked(
        judged
        for it in told
        for judged in it.report.findings
        if (judged.blocks or judged.state == "new")
        and judged.finding.path
        and gate in ("", judged.gate)
    )
    return [_annotation(it) for it in found[:MOST]]


def _annotation(judged: Judged) -> Annotation:
    finding = judged.finding
    level: Literal["notice", "warning", "failure"] = "notice"
    if judged.blocks:
        level = "failure"
    elif at_least(finding.severity, "medium"):
        level = "warning"
    message = "\n".join(printable(line) for line in finding.message.splitlines())
    return Annotation(
        path=finding.path.encode("utf-8", "replace").decode(),
        line=max(1, finding.line),
        end_line=max(1, finding.line, finding.end_line),
        level=level,
        message=message.strip()[:_LONGEST_MESSAGE] or printable(finding.rule),
        title=printable(f"{rule_of(finding)} ({finding.severity})")[:200],
        column=finding.column,
    )

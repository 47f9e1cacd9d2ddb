"""`gatekeeper report`: tell the forge what a check found. The verdict is the check's and stays so."""

from __future__ import annotations

import sys
from argparse import Namespace

import msgspec
from msgspec import Struct

from gatekeeper.adapters.actions import on_runner
from gatekeeper.adapters.runner import Runner
from gatekeeper.cli.action_reports import Section, summary
from gatekeeper.cli.check import EXIT
from gatekeeper.cli.report_files import read_reports
from gatekeeper.cli.report_place import Place
from gatekeeper.cli.report_run import check_run_options, fetch
from gatekeeper.errors import GatekeeperError
from gatekeeper.ports.forge import Forge
from gatekeeper.publish import render
from gatekeeper.publish.problem import problems, text
from gatekeeper.publish.run import ON_PULL_REQUESTS, Target, publish
from gatekeeper.publish.state import compose
from gatekeeper.publish.subject import Subject, Told
from gatekeeper.text.names import printable


class Refusal(Struct, frozen=True):
    """What could not be written, and why."""

    target: str
    error: GatekeeperError


def run_report(options: Namespace) -> int:
    """Publish; 0, 2 when the workflow or the token has to change, 3 when it could not be done now."""
    refusals, status = report_to(options)
    for it in refusals:
        shown = "\n".join(map(printable, str(it.error).split("\n")))
        print(f"gatekeeper: {it.target}: not written: {shown}", file=sys.stderr)
    return status


def report_to(options: Namespace, token: str | None = None) -> tuple[list[Refusal], int]:
    """Publish, and say what was done; what could not be written, and the exit status.

    Raises GatekeeperError when it cannot even begin.
    """
    targets: list[Target] = options.targets or ["comment"]
    check_run_options(options)
    if options.from_run:
        return _report_run(options, Place(options, token), targets)
    reports = read_reports(options.reports)
    place = Place(options, token)
    told = tuple(Told(it, place.sources) for it in reports)
    asked = _told_here(options, place, targets, told)
    if not asked:
        return [], 0
    forge = place.forge()
    try:
        return _publish(forge, place, _found(forge, place, asked), told, asked)
    finally:
        forge.close()


def _report_run(
    options: Namespace, place: Place, targets: list[Target]
) -> tuple[list[Refusal], int]:
    forge = place.forge()
    try:
        told = fetch(options, place, forge, targets)
        if isinstance(told, str):
            print(f"nothing to tell: {printable(told)}")
            return [], 0
        asked = _told_here(options, place, targets, told)
        return _publish(forge, place, place.subject, told, asked)
    finally:
        forge.close()


def _told_here(
    options: Namespace, place: Place, targets: list[Target], told: tuple[Told, ...]
) -> list[Target]:
    """Do what needs no forge; the targets that are left."""
    if options.dry_run:
        shown = preview_issues(place, told) if targets == ["issues"] else preview(place, told)
        print(shown, end="")
        return []
    if "summary" in targets:
        _summarise(told)
    return [it for it in targets if it != "summary"]


def _publish(
    forge: Forge, place: Place, subject: Subject, told: tuple[Told, ...], targets: list[Target]
) -> tuple[list[Refusal], int]:
    outcome = publish(forge, subject, told, place.look, place.options, targets, place.issues)
    for done in outcome.done:
        print(f"{done.target}: {printable(done.text)}")
    sys.stdout.flush()
    refusals = [Refusal(target, error) for target, error in outcome.failed]
    return refusals, max((it.error.exit_status for it in refusals), default=0)


def preview(place: Place, told: tuple[Told, ...]) -> str:
    """The comment as people would see it."""
    part = render.part(place.subject, told, place.look, place.subject.part or "gatekeeper")
    return compose((part,), place.subject.commit, 65_000)


def preview_issues(place: Place, told: tuple[Told, ...]) -> str:
    """Every problem that has or would get an issue, the worst first."""
    found, _ = problems(told, place.issues.severity)
    today, due = place.look.today, place.issues.due
    return "".join(f"# {it.title}\n\n{text(it, today, place.look, due)}\n" for it in found)


def _found(forge: Forge, place: Place, targets: list[Target]) -> Subject:
    """With the open pull request that has this commit, where nobody named one."""
    subject = place.subject
    if subject.number or not any(it in ON_PULL_REQUESTS for it in targets):
        return subject
    pulls = [it for it in forge.pull_requests_of(subject.commit) if it.state == "open"]
    return msgspec.structs.replace(subject, number=pulls[0].number if pulls else 0)


def _summarise(told: tuple[Told, ...]) -> None:
    sections = [
        Section(it.report.project or ".", EXIT[it.report.verdict], it.report, it.sources)
        for it in told
    ]
    text = summary(sections)
    if on_runner():
        Runner().summary(text)
    else:
        print(text, end="")

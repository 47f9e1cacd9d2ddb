"""Workflows that run with rights after something of a stranger's: a comment, a run of a fork."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.config.documents import Document
from gatekeeper.doctor.jobs import Job
from gatekeeper.doctor.result import Check
from gatekeeper.doctor.rights import is_bot
from gatekeeper.text.patterns import regex

# How the commit of a change is named in these events.
_OF_THE_CHANGE = regex(r"refs/pull/|workflow_run\.head|\bhead[_.]?(?:sha|ref|branch)|pull_request")


def trusted(jobs: Sequence[Job], documents: Sequence[Document]) -> Iterator[Check]:
    """What would give a stranger these rights, or leave such a workflow without anything to do."""
    names = [_name(it) for it in documents]
    by_path = {it.name: it for it in documents}
    for job in jobs:
        bot = any(map(is_bot, job.uses))
        reads = any(use.reads_run for use in job.uses)
        if not (bot or reads):
            continue
        if any(_OF_THE_CHANGE.search(ref) for ref in job.refs):
            yield Check(
                "workflows", job.where, "fail",
                "it checks the change out, with a token that may write: anybody's code could use it",
                "take `ref:` out of actions/checkout: the default branch has all that it needs",
            )  # fmt: skip
        document = by_path[job.workflow]
        event = "issue_comment" if bot else "workflow_run"
        triggers = _triggers(document)
        if event not in triggers:
            types = "[created, edited]" if bot else "[completed]"
            yield Check(
                "workflows", document.where(("on",)), "warn",
                f"nothing starts it: it needs the event `{event}`",
                f"under `on:`\n  {event}:\n    types: {types}",
            )  # fmt: skip
        elif reads:
            yield from _awaited(document, triggers[event], names)


def _awaited(document: Document, trigger: object, names: Sequence[str]) -> Iterator[Check]:
    """Whether the runs that it waits for can come."""
    listed = trigger.get("workflows") if isinstance(trigger, dict) else None
    wanted = [str(it) for it in listed] if isinstance(listed, list) else []
    for name in wanted:
        if name not in names:
            yield Check(
                "workflows", document.where(("on",)), "warn",
                f"it waits for runs of {name!r}, and no workflow has this `name:`",
                "name the workflow that runs gatekeeper on pull requests",
            )  # fmt: skip


def _name(document: Document) -> str:
    return str(document.data.get("name") or document.name)


def _triggers(document: Document) -> dict[str, object]:
    found = document.data.get("on")
    if isinstance(found, dict):
        return found
    listed = found if isinstance(found, list) else [found]
    return {str(it): None for it in listed}

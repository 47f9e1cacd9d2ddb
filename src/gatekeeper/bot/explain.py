"""`/gatekeeper explain`: what `gatekeeper explain` says, with the findings of this commit."""

from __future__ import annotations

from gatekeeper.bot.answer import Answer, Asked, Means
from gatekeeper.bot.commands import Command
from gatekeeper.bot.findings import found
from gatekeeper.errors import UsageError
from gatekeeper.ports.forge import Forge
from gatekeeper.reports.github_markdown import fenced, prose
from gatekeeper.text.patterns import regex

_FINGERPRINT = regex(r"[0-9a-f]{4,32}")
_MOST_LINES = 120


def explain(forge: Forge, asked: Asked, command: Command, means: Means) -> Answer:
    """Tell it, or what would be near. Raises ForgeError."""
    topic = command.topic
    about_finding = bool(_FINGERPRINT.fullmatch(topic)) or "." in topic
    known = found(forge, asked.pull.head, means.artifact) if about_finding else None
    try:
        text = means.explain(topic, known.findings if known else ())
    except UsageError as error:
        said = prose(f"{error.message}. {error.remedy}", 600)
        why = (
            f"\n\nNo report of this commit is known: {prose(known.why, 200)}"
            if known and known.why
            else ""
        )
        return Answer("unclear", said + why)
    rows = text.splitlines()
    if len(rows) > _MOST_LINES:
        rows = [*rows[:_MOST_LINES], "…"]
    remark = "\n<sub>The finding is as the run of this change has reported it.</sub>\n"
    return Answer("done", fenced(rows) + (remark if known and known.findings else ""))

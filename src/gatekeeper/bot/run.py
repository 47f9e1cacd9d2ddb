"""A comment, from being read to being answered.

Of the event only the number of the comment is taken. What it says, who wrote it and when, which pull
request it is on and what that has now: all of it comes from the forge.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from gatekeeper.bot.answer import Answer, Asked, Means, answered, reply
from gatekeeper.bot.authority import refusal
from gatekeeper.bot.commands import USAGE, Command, Near, Verb, read
from gatekeeper.bot.explain import explain
from gatekeeper.bot.fix import cannot_push, fix
from gatekeeper.bot.rerun import rerun
from gatekeeper.bot.waive import waive
from gatekeeper.errors import ForgeError, GatekeeperError
from gatekeeper.model.forge import Comment
from gatekeeper.ports.forge import Forge
from gatekeeper.reports.github_markdown import code, fenced, prose
from gatekeeper.text.names import printable

_ON_CLOSED: tuple[Verb, ...] = ("help", "explain")


class Ended(Struct, frozen=True):
    """What became of a comment, for the log; `error` is what kept it from being done or answered."""

    text: str
    error: GatekeeperError | None = None


def obey(forge: Forge, comment: int, means: Means, *, dry_run: bool = False) -> Ended:
    """Do what the comment asks for, once, and answer. Raises ForgeError when nobody can be told."""
    it = forge.comment(comment)
    said = read(it.body)
    if said is None:
        return Ended("the comment asks for nothing")
    try:
        conversation = forge.conversation(it.number)
    except ForgeError as error:
        if error.kind == "not-found":
            return Ended("the comment is not on a pull request")
        raise
    # Our own answers hold examples of commands, and an app's comments start workflows.
    if any(own.id == it.id and own.own for own in conversation.comments):
        return Ended("the comment is our own")
    key = _key(it)
    before, failed = answered(conversation, key)
    if before is not None and not failed:
        return Ended("the comment was answered before")
    if not conversation.complete and before is None:
        return Ended("there are too many comments to find our answer among them")
    failure: GatekeeperError | None = None
    try:
        answer = _answer(forge, it, said, means, dry_run=dry_run)
    except GatekeeperError as raised:
        failure = raised
        answer = Answer("failed", _failure(raised))
    if not dry_run:
        if answer.text or before is not None:
            shown = answer if answer.text else Answer(answer.outcome, "Done.")
            reply(forge, it.number, key, shown, before)
        forge.react(it.id, answer.reaction)
    return Ended(f"{answer.outcome}: {answer.text or 'no answer is needed'}", failure)


def _key(it: Comment) -> str:
    """By what an answer is known again. Bots get one for all, so that two do not talk for ever."""
    if it.author.kind != "user":
        return f"bot {it.author.id}"
    return f"{it.id} edited" if it.edited else str(it.id)


def _answer(
    forge: Forge, it: Comment, said: Command | Near, means: Means, *, dry_run: bool
) -> Answer:
    if it.author.kind != "user":
        return Answer("refused", "Commands of bots are not obeyed: a person has to give them.")
    if it.edited:
        return Answer(
            "refused",
            "A comment that was edited is not obeyed: nobody can see what it said before."
            " Write a new one.",
        )
    if isinstance(said, Near):
        usage = f"\n\n{fenced([said.usage])}" if said.usage else ""
        return Answer("unclear", f"Not a command: {said.said}.{usage}")
    asked = Asked(it, forge.pull_request(it.number))
    refused = refusal(forge, asked, said, means)
    return refused or _obeyed(forge, asked, said, means, dry_run=dry_run)


def _obeyed(forge: Forge, asked: Asked, said: Command, means: Means, *, dry_run: bool) -> Answer:
    if said.verb not in _ON_CLOSED:
        if asked.pull.state != "open":
            return Answer("refused", "The pull request is closed.")
        if dry_run:
            return Answer("done", f"`{said.verb}` would be done.")
    steps: dict[Verb, Callable[[], Answer]] = {
        "help": lambda: _help(means),
        "explain": lambda: explain(forge, asked, said, means),
        "rerun": lambda: rerun(forge, asked),
        "waive": lambda: waive(forge, asked, said, means),
        "fix": lambda: fix(forge, asked, means),
    }
    try:
        return steps[said.verb]()
    except ForgeError as error:
        if (refused := cannot_push(error)) is not None:
            return refused
        raise


def _help(means: Means) -> Answer:
    rows = []
    for verb, (usage, about) in USAGE.items():
        right = "read" if verb == "help" else getattr(means.options, verb)
        who = "switched off" if right == "nobody" else f"takes `{right}`"
        rows.append(f"- {code(usage)} {about} ({who})\n")
    return Answer("done", "".join(rows))


def _failure(error: GatekeeperError) -> str:
    """What happened and what to do about it; GitHub's words are quoted as text."""
    first, _, more = error.remedy.partition("\n")
    where = f" ({code(error.where, 120)})" if error.where else ""
    text = f"That could not be done: {prose(error.message, 400)}{where}\n"
    if first:
        text += f"\n{prose(first, 400)}\n"
    # A remedy goes on with what to write into the workflow.
    return text + (f"\n{fenced(map(printable, more.splitlines()))}" if more else "")

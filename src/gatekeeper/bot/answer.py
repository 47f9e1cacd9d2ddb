"""What the bot answers, and the mark by which it knows its own answer again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Struct

from gatekeeper.config.pull_request_options import CommandOptions
from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import Actor, Comment, Conversation, PullRequest, ReactionKind
from gatekeeper.model.verdict import Judged
from gatekeeper.model.waiver import Waiver
from gatekeeper.ports.forge import Forge
from gatekeeper.text.codeowners import CodeOwners
from gatekeeper.text.patterns import regex

_MARK = regex(r"<!-- gatekeeper-answer:1 ([a-z0-9 ]{1,80}?)( failed)? -->\r?\n")
_LIMIT = 60_000
Outcome = Literal["done", "refused", "unclear", "failed"]
_REACTIONS: dict[Outcome, ReactionKind] = {
    "done": "rocket", "refused": "-1", "unclear": "confused", "failed": "confused",
}  # fmt: skip


class Answer(Struct, frozen=True):
    """How it ended, and what is said about it in Markdown; nothing where the reaction says it."""

    outcome: Outcome
    text: str = ""

    @property
    def reaction(self) -> ReactionKind:
        """What stands below the comment."""
        return _REACTIONS[self.outcome]


class Asked(Struct, frozen=True):
    """The comment, who wrote it and for which pull request, as the forge knows them."""

    comment: Comment
    pull: PullRequest

    @property
    def who(self) -> Actor:
        """The comment's author."""
        return self.comment.author


class Fixed(Struct, frozen=True):
    """A file as a tool would have it, and by which."""

    path: str
    content: bytes
    by: tuple[str, ...]


class Means(Struct, frozen=True):
    """What the commands need beside the forge. All of it is the default branch's.

    `explain` makes text of a topic, with the findings that are known; it raises UsageError. `repair`
    is handed files by path, as they were and as they are, and the other paths there are. `waivers`
    reads a waiver file, and raises ConfigError. `today` is an ISO date.
    """

    options: CommandOptions
    owners: CodeOwners
    explain: Callable[[str, Sequence[Judged]], str]
    repair: Callable[[dict[str, bytes], dict[str, bytes], Sequence[str]], Sequence[Fixed]]
    waivers: Callable[[bytes], tuple[Waiver, ...]]
    artifact: str
    today: str


def answered(said: Conversation, key: str) -> tuple[Comment | None, bool]:
    """Our answer of this key, if there is one, and whether it tells of a failure."""
    for it in said.comments:
        found = _MARK.match(it.body) if it.own else None
        if found is not None and found[1] == key:
            return it, bool(found[2])
    return None, False


def reply(forge: Forge, number: int, key: str, answer: Answer, before: Comment | None) -> None:
    """Say it in the one comment that has this key. Raises ForgeError."""
    failed = " failed" if answer.outcome == "failed" else ""
    body = f"<!-- gatekeeper-answer:1 {key}{failed} -->\n{answer.text}"[:_LIMIT]
    if before is not None:
        if before.body.strip() != body.strip():
            forge.edit_comment(before.id, body)
        return
    failure: ForgeError | None = None
    try:
        forge.add_comment(number, body)
    except ForgeError as error:
        if not error.uncertain:
            raise
        failure = error
    # It may be there, though nobody said so; or twice, when the same event came twice.
    ours = _all_answers(forge.conversation(number), key)
    if failure is not None and not ours:
        raise failure
    for it in ours[1:]:
        forge.delete_comment(it.id)


def _all_answers(said: Conversation, key: str) -> list[Comment]:
    found = [
        it for it in said.comments
        if it.own and (mark := _MARK.match(it.body)) is not None and mark[1] == key
    ]  # fmt: skip
    return sorted(found, key=lambda it: it.id)

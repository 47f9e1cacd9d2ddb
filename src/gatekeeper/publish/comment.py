"""One comment per pull request, whoever else is writing it at the same moment.

GitHub has no way to say "only if nobody was here since". So what is written is looked at again: the
comment's history keeps what others wrote in between, and the newest of every job's part is put
together anew, until nothing is missing. Of several comments the oldest stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import Comment, Conversation
from gatekeeper.ports.forge import Forge
from gatekeeper.publish.state import Part, compose, joined, merged, parse, visible
from gatekeeper.publish.subject import Done, Subject

_TARGET = "comment"
# What GitHub takes, in characters, with some room for how it counts.
LIMIT = 65_000
_ROUNDS = 6


def publish(
    forge: Forge, subject: Subject, make: Callable[[str], Part], *, quiet: bool = False
) -> Done:
    """Put our part into the comment. `make` is told the part's name, and makes it.

    `quiet`: a change that has no comment yet gets none as long as it passes. Raises ForgeError.
    """
    wrote = False
    seen: list[tuple[Part, ...]] = []
    for _ in range(_ROUNDS):
        said = forge.conversation(subject.number)
        if reason := superseded(forge, subject, said):
            return Done(_TARGET, reason, wrote)
        ours = own_comments(said)
        if not ours and not said.complete:
            return Done(_TARGET, "there are too many comments to find ours among them", wrote)
        known = joined([*(parse(it.body) or () for it in ours), *seen], subject.commit)
        part = make(part_name(subject, known))
        if quiet and not ours and part.verdict == "pass":
            return Done(_TARGET, "there is nothing to say about this change yet", wrote)
        body = compose(merged(known, part, subject.commit), subject.commit, LIMIT)
        try:
            if ours and _same(ours[0].body, body) and _missed(ours[0].body) == _missed(body):
                for it in ours[1:]:
                    forge.delete_comment(it.id)
                wrote = wrote or len(ours) > 1
                return Done(
                    _TARGET, "the comment says it" if wrote else "nothing has changed", wrote
                )
            wrote = True
            if _written(forge, subject, ours, body, seen):
                return Done(_TARGET, "the comment says it", wrote)
        except ForgeError as error:
            # It may have been written, or deleted by hand: looking again tells.
            if not error.uncertain and error.kind != "not-found":
                raise
    raise ForgeError(
        "conflict",
        "other jobs kept writing the comment",
        where=f"pull request {subject.number}",
        remedy="run the job again",
    )


def _written(
    forge: Forge, subject: Subject, ours: Sequence[Comment], body: str,
    seen: list[tuple[Part, ...]],
) -> bool:  # fmt: skip
    """Write it; whether nothing is left to do. What others wrote meanwhile goes to `seen`."""
    if not ours:
        forge.add_comment(subject.number, body)
        # Another job may have found none at the same moment: only looking again tells.
        return False
    first, *others = ours
    forge.edit_comment(first.id, body)
    for it in others:
        forge.delete_comment(it.id)
    current, *earlier = forge.history(first.node) or [body]
    since = earlier[: earlier.index(first.body)] if first.body in earlier else []
    states = [parts for it in (current, *since) if (parts := parse(it)) is not None]
    seen += states
    return _same(current, compose(joined(states, subject.commit), subject.commit, LIMIT))


def own_comments(said: Conversation) -> list[Comment]:
    """Our comments, the oldest first. Whoever copies the mark is not us."""
    ours = [it for it in said.comments if it.own and parse(it.body) is not None]
    return sorted(ours, key=lambda it: it.id)


def part_name(subject: Subject, known: Sequence[Part]) -> str:
    """The part's name. Who gives none, as people do, takes the place of the only one there is."""
    if subject.part:
        return subject.part
    return known[0].name if len(known) == 1 else "gatekeeper"


def superseded(forge: Forge, subject: Subject, said: Conversation) -> str:
    """Why this run has nothing to say any more; empty when it has."""
    if said.state == "closed":
        return "the pull request is closed"
    if said.head == subject.commit:
        return ""
    # GitHub's own answer may be a moment old, and then ours is the head to be. It is not when the
    # branch was set back: a later run has spoken of the head by then, or will.
    parts = [part for it in own_comments(said) for part in parse(it.body) or ()]
    spoken = any(it.commit == said.head and it.run > subject.run for it in parts)
    if not spoken and forge.ancestry(said.head, subject.commit) == "ahead":
        return ""
    return "there is a newer commit, so its run has the word"


def _missed(body: str) -> dict[str, int]:
    """Jobs that have not reported for a while. The count has to be kept, or it would never end."""
    return {it.name: it.missed for it in parse(body) or () if it.missed}


def _same(one: str, other: str) -> bool:
    """Whether people see the same. GitHub trims what it stores."""
    return visible(one).replace("\r\n", "\n").strip() == visible(other).strip()

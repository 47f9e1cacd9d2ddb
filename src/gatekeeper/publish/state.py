"""What the one comment remembers, hidden in itself: which job said what, about which commit.

Several jobs write the same comment, each only its own part. The state says where each part ends, so
that a part can be kept as it is by a job that knows nothing of its contents.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence
from hashlib import sha256

import msgspec
from msgspec import Struct

from gatekeeper.model.verdict import VerdictWord
from gatekeeper.publish.subject import WORST_FIRST
from gatekeeper.reports.comment_parts import MARKS
from gatekeeper.reports.github_markdown import code
from gatekeeper.text.patterns import regex

# The first thing in the comment: text that is quoted further down cannot pass for it.
_MARK = regex(r"<!-- gatekeeper:1 ([A-Za-z0-9+/=]{1,20000}) -->\r?\n")
_MOST_STATE = 256 * 1024
MOST_PARTS = 40
# A job that has not reported for so many versions of the comment is no longer waited for.
_MOST_MISSED = 3


class Part(Struct, frozen=True, array_like=True):
    """What one job said last. `brief` is a line of it; `text` all of it, kept beside the state.

    `missed`: how many newer commits others have reported on since.
    """

    name: str
    commit: str
    run: int
    attempt: int
    verdict: VerdictWord
    brief: str
    digest: str = ""
    length: int = 0
    missed: int = 0
    text: str = ""


class _State(Struct, array_like=True):
    parts: tuple[Part, ...]


def part_of(
    name: str, commit: str, run: int, attempt: int, verdict: VerdictWord, brief: str, text: str
) -> Part:
    """A part with what tells whether its text is still as it was written."""
    return Part(name, commit, run, attempt, verdict, brief, _digest(text), len(text), 0, text)


def parse(body: str) -> tuple[Part, ...] | None:
    """The parts of a comment of ours; None for any other. A text that was changed is empty."""
    found = _MARK.match(body)
    if found is None:
        return None
    try:
        packed = base64.b64decode(found[1], validate=True)
        raw = zlib.decompressobj().decompress(packed, _MOST_STATE)
        state = msgspec.msgpack.decode(raw, type=_State)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        return ()  # ours, and spoilt: it is written anew
    # The parts are the end of it, one after another.
    many = len(state.parts) > 1
    at = len(body) - sum(it.length + len(_name(it, many=many)) for it in state.parts)
    parts = []
    for it in state.parts:
        at += len(_name(it, many=many))
        text = body[at : at + it.length] if it.length >= 0 and at >= 0 else ""
        at += max(it.length, 0)
        intact = bool(it.digest) and _digest(text) == it.digest
        parts.append(msgspec.structs.replace(it, text=text if intact else ""))
    return tuple(parts)


def compose(parts: Sequence[Part], head: str, limit: int) -> str:
    """The comment: the state, one line over several parts, and the parts, in at most `limit` bytes.

    A part about an older commit is only named; so is one that there is no room for.
    """
    many = len(parts) > 1
    shown = []
    for it in sorted(parts, key=lambda it: (WORST_FIRST.index(it.verdict), it.name)):
        stale = it.commit != head
        shown.append(_short(it, head) if stale or not it.text else it)
    body = _written(shown, head, many=many)
    # The largest gives way first, and what blocks last.
    order = sorted(shown, key=lambda it: (it.verdict == "block", -len(it.text)))
    while len(body.encode("utf-8", "replace")) > limit and order:
        name = order.pop(0).name
        shown = [_short(it, head) if it.name == name else it for it in shown]
        body = _written(shown, head, many=many)
    return body


def merged(known: Sequence[Part], ours: Part, head: str) -> tuple[Part, ...]:
    """The parts with ours among them, unless what is there is newer."""
    by_name = {it.name: it for it in known}
    before = by_name.get(ours.name)
    if before is None or not newer(before, ours, head):
        advanced = before is None or before.commit != ours.commit
        by_name[ours.name] = ours
        if advanced:
            by_name = {
                name: it if it.commit == ours.commit or name == ours.name
                else msgspec.structs.replace(it, missed=it.missed + 1)
                for name, it in by_name.items()
            }  # fmt: skip
    kept = [it for it in by_name.values() if it.missed < _MOST_MISSED]
    return tuple(kept[:MOST_PARTS])


def joined(states: Sequence[Sequence[Part]], head: str) -> tuple[Part, ...]:
    """Of each part the newest, from comments or versions of one that several jobs wrote at once."""
    best: dict[str, Part] = {}
    for parts in states:
        for it in parts:
            there = best.get(it.name)
            if there is None or newer(it, there, head):
                best[it.name] = it
    return tuple(best.values())


def newer(one: Part, other: Part, head: str) -> bool:
    """Whether `one` has the last word over `other`.

    The pull request's head is the newest commit there is. On one commit the later run decides; of
    one run's jobs that did not tell themselves apart, the worse verdict.
    """

    def rank(it: Part) -> tuple[bool, int, int, int, bool]:
        worse = -WORST_FIRST.index(it.verdict)
        return (it.commit == head, it.run, it.attempt, worse, bool(it.text))

    return rank(one) > rank(other)


def visible(body: str) -> str:
    """What people see of a comment."""
    found = _MARK.match(body)
    return body[found.end() :] if found else body


def _written(parts: Sequence[Part], head: str, *, many: bool) -> str:
    # Texts are found again by their lengths, so the state has those that are shown.
    kept = [msgspec.structs.replace(it, text="", length=len(it.text)) for it in parts]
    raw = zlib.compress(msgspec.msgpack.encode(_State(tuple(kept))), 9)
    mark = f"<!-- gatekeeper:1 {base64.b64encode(raw).decode('ascii')} -->\n"
    shown = "".join(_name(it, many=many) + it.text for it in parts)
    return mark + (_overall(parts, head) if many else "") + shown


def _name(it: Part, *, many: bool) -> str:
    """What stands above a part with a text, where there are several. A line names itself."""
    return f"#### {code(it.name, 100)}\n\n" if many and it.digest else ""


def _overall(parts: Sequence[Part], head: str) -> str:
    current = [it for it in parts if it.commit == head]
    words = {it.verdict for it in current} or {"inconclusive"}
    word = next(it for it in WORST_FIRST if it in words)
    bad = sum(it.verdict != "pass" for it in current)
    waiting = len(parts) - len(current)
    said = f"{bad} of {len(current)} do not pass" if bad else f"all {len(current)} pass"
    if waiting:
        said += f", {waiting} not reported yet"
        word = "inconclusive" if word == "pass" else word
    return f"### {MARKS[word]} gatekeeper: {said}\n\n"


def _short(it: Part, head: str) -> Part:
    """The part as a line, which is not kept as its text."""
    line = f"{_line(it, stale=it.commit != head)}\n\n"
    return msgspec.structs.replace(it, text=line, digest="")


def _line(it: Part, *, stale: bool) -> str:
    name = code(it.name, 100)
    if stale:
        return f"- {MARKS['inconclusive']} {name}: not reported for the newest commit yet"
    return f"- {MARKS[it.verdict]} {name}: {it.brief}"


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]

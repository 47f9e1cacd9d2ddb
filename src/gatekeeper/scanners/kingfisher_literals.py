"""Texts that must occur where a rule of Kingfisher matches, and the table made of them.

Never imported by a run. When the lock moves to another version, write the table anew from the
root of the repository, with that version's program:

    kingfisher rules list --format json > rules.json
    python -m gatekeeper.scanners.kingfisher_literals 2.14.0 < rules.json
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from collections.abc import Sequence as Items
from pathlib import Path

import msgspec

from gatekeeper.scanners.kingfisher_pattern import UnsupportedError, parse
from gatekeeper.scanners.kingfisher_proof import TABLE, Rule
from gatekeeper.scanners.kingfisher_stretches import stretches
from gatekeeper.scanners.kingfisher_tree import (
    Bytes,
    Choice,
    Mark,
    Node,
    Repeat,
    Sequence,
    flattened,
    lowered,
)

_SHORTEST = 2  # bytes; shorter texts are in every file
_LONGEST = 8  # bytes beyond which a text makes no file rarer
_MOST = 64  # texts of one rule
_MANY = 24  # texts for one stretch of a pattern


class Listed(msgspec.Struct):
    """A rule as `kingfisher rules list` tells it."""

    id: str
    pattern: str


def literals(node: Node) -> list[bytes]:
    """Texts of which lower-cased content that the lowered tree matches holds at least one.

    None at all when nothing is certain.
    """
    best: list[bytes] = []
    for candidate in _candidates(node):
        if len(candidate) <= _MOST and _worth(candidate) > _worth(best):
            best = candidate
    if not best or len(min(best, key=len)) < _SHORTEST:
        return []
    # Where a text holds another one, the other one is enough.
    return sorted(text for text in set(best) if not any(one in text for one in best if one != text))


def _worth(candidate: Items[bytes]) -> tuple[int, int]:
    """Long is better than short, few better than many."""
    if not candidate:
        return (0, 0)
    return (min(_LONGEST, *map(len, candidate)), -len(candidate))


def _candidates(node: Node) -> Iterator[list[bytes]]:
    """Lists of texts; every match holds at least one of each list."""
    items = flattened(node)
    if len(items) > 1:
        run = [b""]
        for item in items:
            texts = _texts(item)
            joined = _joined([run, texts])
            if joined is None:
                yield from _candidates(item)
                joined = texts if texts is not None and len(texts) <= _MANY else [b""]
            run = joined
            yield run
        return
    match items[0] if items else Sequence(()):
        case Choice(options):
            every = [literals(option) for option in options]
            if all(every):
                yield [text for best in every for text in best]
        case Repeat(item, low) if low:
            yield from _candidates(Sequence((item,) * min(low, _LONGEST)))
        case other:
            yield _texts(other) or []


def _texts(node: Node) -> list[bytes] | None:
    """Every text the node takes; None when they are too many."""
    match node:
        case Bytes(allowed) if len(allowed) <= 4:
            return [bytes([byte]) for byte in sorted(allowed)]
        case Mark():
            return [b""]
        case Choice(options):
            each = [_texts(option) for option in options]
            known = [texts for texts in each if texts is not None]
            found = sorted({text for texts in known for text in texts})
            return found if len(known) == len(each) and len(found) <= _MOST else None
        case Repeat(item, low, high) if high is not None and high <= _LONGEST:
            times = (Sequence((item,) * count) for count in range(low, high + 1))
            return _texts(Choice(tuple(times)))
        case Sequence(items):
            return _joined([_texts(item) for item in items])
    return None


def _joined(parts: Items[list[bytes] | None]) -> list[bytes] | None:
    """One text of each part after the other, in all ways; None when they are too many."""
    run = [b""]
    for texts in parts:
        if texts is None or len(run) * len(texts) > _MANY:
            return None
        run = [head + tail for head in run for tail in texts]
    return run


def rule(listed: Listed) -> Rule:
    """What is certain about a rule: nothing, when its pattern is not understood."""
    try:
        tree = lowered(parse(listed.pattern))
    except UnsupportedError:
        return Rule(listed.id)
    texts = tuple(text.decode("latin-1") for text in literals(tree))
    return Rule(listed.id, texts, tuple(stretches(tree)))


def table(version: str, listing: bytes) -> bytes:
    """The table for what `kingfisher rules list --format json` prints; one rule a line."""
    rules = [rule(listed) for listed in msgspec.json.decode(listing, type=list[Listed])]
    lines = b",\n".join(msgspec.json.encode(each) for each in rules)
    return b'{"version":%s,"rules":[\n%s\n]}\n' % (msgspec.json.encode(version), lines)


if __name__ == "__main__":
    (Path(__file__).parent / TABLE).write_bytes(table(sys.argv[1], sys.stdin.buffer.read()))

"""What every match of a Kingfisher rule must contain: the table behind kingfisher_proof.

Never imported by a run. When the lock moves to another version, write the table anew from the
root of the repository:

    kingfisher rules list --format json > rules.json
    python -m gatekeeper.scanners.kingfisher_literals 2.14.0 < rules.json

Everything is about lower-cased content, and only ever weaker than the rule: a condition may hold
where the rule does not match, never the other way round.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence as Items
from pathlib import Path

import msgspec

from gatekeeper.scanners.kingfisher_pattern import (
    LETTERS,
    Bytes,
    Choice,
    Mark,
    Node,
    Repeat,
    Sequence,
    Unsupported,
    parse,
)
from gatekeeper.scanners.kingfisher_proof import Rule, Table

TABLE = Path(__file__).with_name("kingfisher_rules.json")
_SHORTEST = 2  # bytes of a literal; shorter ones are in every file
_MOST = 64  # literals of one rule
_MANY = 24  # texts that a stretch of a pattern may stand for
_CHOICES = 400_000  # ways to divide one place of a file among the quantifiers of a pattern
LINE_ENDS = frozenset(b"\r\n")
_UPPER = frozenset(range(ord("A"), ord("Z") + 1))


class Listed(msgspec.Struct):
    """A rule as `kingfisher rules list` tells it."""

    id: str
    pattern: str


def lowered(node: Node) -> Node:
    """The tree for lower-cased content."""
    match node:
        case Bytes(allowed):
            return Bytes(frozenset(byte | 0x20 if byte in _UPPER else byte for byte in allowed))
        case Sequence(items):
            return Sequence(tuple(lowered(item) for item in items))
        case Choice(options):
            return Choice(tuple(lowered(option) for option in options))
        case Repeat(item, low, high):
            return Repeat(lowered(item), low, high)
        case _:
            return node


def flattened(node: Node) -> list[Node]:
    """The node as a sequence without sequences in it."""
    if isinstance(node, Sequence):
        return [inner for item in node.items for inner in flattened(item)]
    if isinstance(node, Repeat) and node.low == node.high == 1:
        return flattened(node.item)
    return [node]


def texts(node: Node) -> list[bytes] | None:
    """Every text the node matches; None when they are too many."""
    match node:
        case Bytes(allowed):
            return [bytes([byte]) for byte in sorted(allowed)] if len(allowed) <= 4 else None
        case Mark():
            return [b""]
        case Choice(options):
            found = [texts(option) for option in options]
            known = [each for each in found if each is not None]
            every = sorted({text for each in known for text in each})
            return every if len(known) == len(found) and len(every) <= _MOST else None
        case Repeat(item, low, high):
            if high is None or high > 8:
                return None
            return _sums([counted for n in range(low, high + 1) if (counted := _times(item, n))])
        case Sequence(items):
            return _products(items)
    raise AssertionError(node)


def _times(item: Node, count: int) -> Node:
    return Sequence((item,) * count)


def _sums(nodes: Items[Node]) -> list[bytes] | None:
    return texts(Choice(tuple(nodes)))


def _products(items: Items[Node]) -> list[bytes] | None:
    found = [b""]
    for item in items:
        each = texts(item)
        if each is None or len(found) * len(each) > _MANY:
            return None
        found = [head + tail for head in found for tail in each]
    return found


def literals(node: Node) -> list[bytes]:
    """Texts of which every match contains at least one; none at all when nothing is certain."""
    best: list[bytes] = []
    for candidate in _candidates(node):
        if candidate and len(candidate) <= _MOST and _worth(candidate) > _worth(best):
            best = candidate
    return sorted(_needed(best)) if best and min(map(len, best)) >= _SHORTEST else []


def _worth(candidate: Items[bytes]) -> tuple[int, int]:
    """Long and few is best; beyond a few bytes, length makes no file rarer."""
    if not candidate:
        return (0, 0)
    return (min(8, *(len(text) for text in candidate), 8), -len(candidate))


def _needed(candidate: Items[bytes]) -> set[bytes]:
    """Without texts that contain another one."""
    return {
        text
        for text in candidate
        if not any(other in text for other in candidate if other != text)
    }


def _candidates(node: Node) -> Iterator[list[bytes]]:
    """Lists of texts of each of which every match contains at least one."""
    items = flattened(node)
    if len(items) > 1:
        run: list[bytes] = [b""]
        for item in items:
            each = texts(item)
            if each is not None and len(run) * len(each) <= _MANY:
                run = [head + tail for head in run for tail in each]
                yield run
                continue
            yield from _candidates(item)
            run = each if each is not None and len(each) <= _MANY else [b""]
            yield run
        return
    match items[0] if items else Sequence(()):
        case Choice(options):
            each_best = [literals(option) for option in options]
            if all(each_best):
                yield [text for best in each_best for text in best]
        case Repeat(item, low) if low:
            yield from _candidates(_times(item, min(low, 8)))
        case other:
            if found := texts(other):
                yield found


def stretches(node: Node) -> list[str]:
    """Python patterns that all occur in lower-cased content in which the rule matches.

    The pattern is cut where searching it could take long, and at both ends to what is needed.
    """
    items = flattened(node)
    found: list[str] = []
    while items:
        head, items = _head(items)
        found.append(_shown(Sequence(tuple(_trimmed(head)))))
    return [text for text in dict.fromkeys(found) if len(text) > 3]


def _head(items: list[Node]) -> tuple[list[Node], list[Node]]:
    """The nodes up to where a search could take long, and the rest, of which a match needs some."""
    taken: list[Node] = []
    ways = 1
    for number, item in enumerate(items):
        rest = items[number + 1 :]
        item = _greedy(item, rest)
        ways *= _spread(item)
        if ways <= _CHOICES:
            taken.append(item)
            continue
        least = _least(item)
        if isinstance(item, Choice):
            # Some of the options may be harmless: those are followed further.
            heads = [_head([*flattened(option), *rest])[0] for option in item.options]
            if _spread(item) > _CHOICES:
                taken.append(Choice(tuple(Sequence(tuple(head)) for head in heads)))
        taken.extend(least)
        return taken, [*least, *rest]
    return taken, []


def _greedy(item: Node, rest: list[Node]) -> Node:
    """A repeated byte that what follows cannot begin with: only the longest run can match."""
    if not isinstance(item, Repeat) or not isinstance(item.item, Bytes) or item.low == item.high:
        return item
    begin = _first(rest)
    if begin is None or begin & item.item.allowed:
        return item
    return Repeat(item.item, item.low, item.high, greedy=True)


def _first(items: Items[Node]) -> frozenset[int] | None:
    """The bytes a match of the nodes begins with or stands before; None when it could be empty."""
    found: frozenset[int] = frozenset()
    for item in items:
        match item:
            case Bytes(allowed):
                return found | allowed
            case Mark("end"):
                return found | LINE_ENDS
            case Repeat(inner, low):
                begin = _first(flattened(inner))
                if begin is None:
                    return None
                found |= begin
                if low:
                    return found
            case Choice(options):
                each = [_first(flattened(option)) for option in options]
                if any(begin is None for begin in each):
                    return None
                return found.union(*(begin for begin in each if begin is not None))
            case _:
                return None
    return None


def _spread(node: Node) -> int:
    """In how many ways the node can divide a text, at most; beyond `_CHOICES` is endless."""
    match node:
        case Sequence(items):
            ways = 1
            for item in items:
                ways *= _spread(item)
            return ways
        case Choice(options):
            known = texts(node)
            if known is None:
                return sum(_spread(option) for option in options)
            return 1 + sum(
                any(text.startswith(other) for other in known if other != text) for text in known
            )
        case Repeat(item, low, high, greedy):
            if greedy:
                return 1
            if high is None or high > 1000 or (high > 8 and _spread(item) > 1):
                return _CHOICES + 1
            return (high - low + 1) * _spread(item) ** high
        case _:
            return 1


def _least(node: Node) -> list[Node]:
    """What the node matches at the least, in one piece; nothing when that is unknown."""
    if isinstance(node, Repeat) and node.low and isinstance(node.item, Bytes):
        return [Repeat(node.item, node.low, node.low)]
    return []


def _trimmed(items: list[Node]) -> list[Node]:
    """Without what may be empty at the ends, where a search does not need it."""
    items = list(items)
    while items and _nullable(items[0]):
        del items[0]
    while items and _nullable(items[-1]) and not _marked(items[-1]):
        del items[-1]
    for end in (0, -1) if items else ():
        if isinstance(node := items[end], Repeat):
            items[end] = Repeat(node.item, node.low, node.low)
    return items


def _marked(node: Node) -> bool:
    """Whether it says something about its place even when empty."""
    match node:
        case Mark(kind):
            return kind != "any"
        case Sequence(items):
            return all(_nullable(item) for item in items) and any(map(_marked, items))
        case Choice(options):
            return all(_marked(option) for option in options if _nullable(option))
        case _:
            return False


def _nullable(node: Node) -> bool:
    match node:
        case Bytes():
            return False
        case Sequence(items):
            return all(_nullable(item) for item in items)
        case Choice(options):
            return any(_nullable(option) for option in options)
        case Repeat(item, low):
            return not low or _nullable(item)
        case _:
            return True


def _shown(node: Node) -> str:
    """The node in Python's syntax, for bytes."""
    match node:
        case Bytes(allowed):
            return _bytes_shown(allowed)
        case Mark(kind):
            return {"start": r"(?<![^\r\n])", "end": r"(?![^\r\n])", "edge": r"\b", "any": ""}[kind]
        case Sequence(items):
            return "".join(_shown(item) for item in items)
        case Choice(options):
            return f"(?:{'|'.join(map(_shown, options))})"
        case Repeat(item, low, high, greedy):
            inner = _shown(item) if isinstance(item, Bytes) else f"(?:{_shown(item)})"
            if low == high:
                return f"{inner}{{{low}}}" if low != 1 else inner
            count = "?" if (low, high) == (0, 1) else f"{{{low},{'' if high is None else high}}}"
            return inner + count + ("+" if greedy else "")
    raise AssertionError(node)


def _bytes_shown(allowed: frozenset[int]) -> str:
    if len(allowed) == 256:
        return r"[\s\S]"
    # Content is lower-cased: whether a set has capitals in it makes no difference.
    if len(allowed) == 1:
        return _byte_shown(*allowed)
    negated = len(allowed) > 128
    shown = []
    left = sorted(set(range(256)) - allowed if negated else allowed)
    while left:
        length = 1
        while length < len(left) and left[length] == left[0] + length:
            length += 1
        ends = _byte_shown(left[0]), _byte_shown(left[length - 1])
        shown.append(ends[0] if length == 1 else "".join(ends) if length == 2 else "-".join(ends))
        left = left[length:]
    return f"[{'^' if negated else ''}{''.join(shown)}]"


def _byte_shown(byte: int) -> str:
    return chr(byte) if byte in LETTERS or chr(byte) in "0123456789_" else f"\\x{byte:02x}"


def table(version: str, listing: bytes) -> bytes:
    """The table for what `kingfisher rules list --format json` prints."""
    rules = []
    for rule in msgspec.json.decode(listing, type=list[Listed]):
        try:
            tree = lowered(parse(rule.pattern))
        except Unsupported:
            rules.append(Rule(rule.id))
            continue
        rules.append(
            Rule(rule.id, tuple(text.decode() for text in literals(tree)), tuple(stretches(tree)))
        )
    return msgspec.json.format(msgspec.json.encode(Table(version, tuple(rules))), indent=1) + b"\n"


if __name__ == "__main__":
    TABLE.write_bytes(table(sys.argv[1], sys.stdin.buffer.read()))

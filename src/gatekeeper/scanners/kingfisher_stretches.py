"""Python patterns that must occur where a rule of Kingfisher matches.

They are searched in lower-cased content, often hostile content. So a pattern is cut where a
search could try many ways, and each piece is only ever weaker than its part of the rule.
"""

from __future__ import annotations

from collections.abc import Sequence as Items

from gatekeeper.scanners.kingfisher_tree import (
    Bytes,
    Choice,
    Mark,
    Node,
    Repeat,
    Sequence,
    flattened,
    nullable,
    python_pattern,
)

# Ways to divide what stands at one place of a file among the quantifiers of a piece. That many
# are never met: quantifiers side by side hardly ever take the same bytes.
_WAYS = 400_000
_LINE_ENDS = frozenset(b"\r\n")


def stretches(node: Node) -> list[str]:
    """The pieces, all of which occur in content that the lowered tree matches."""
    items = flattened(node)
    found: list[str] = []
    while items:
        head, items = _head(items)
        least = _trimmed(head)
        found.append(python_pattern(Sequence(tuple(least))))
        if least and head[:2] == [Mark("edge"), least[0]]:
            # Apart: searching for edges of words is slow, and hardly ever gets this far.
            found.append(python_pattern(Sequence((head[0], *least))))
    return [text for text in dict.fromkeys(found) if len(text) > 3]


def _head(items: list[Node]) -> tuple[list[Node], list[Node]]:
    """The nodes up to where a search takes long, and further ones that have to match as well."""
    taken: list[Node] = []
    ways = 1
    for number, each in enumerate(items):
        rest = items[number + 1 :]
        item = _greedy(each, rest)
        spread = 1 if taken and _linear(taken[-1], item) else _spread(item)
        ways *= spread
        if ways <= _WAYS:
            taken.append(item)
            continue
        if isinstance(item, Choice) and spread > _WAYS:
            # Some of the options may be harmless, and can be followed further.
            heads = (_head([*flattened(option), *rest])[0] for option in item.options)
            taken.append(Choice(tuple(Sequence(tuple(head)) for head in heads)))
        least = _least(item)
        return [*taken, *least], [*least, *rest]
    return taken, []


def _greedy(item: Node, rest: Items[Node]) -> Node:
    """Repeated bytes with which what follows cannot begin: only the longest run can match."""
    if not isinstance(item, Repeat) or not isinstance(item.item, Bytes) or item.low == item.high:
        return item
    begin = _first(rest)
    if begin is None or begin & item.item.allowed:
        return item
    return Repeat(item.item, item.low, item.high, greedy=True)


def _linear(before: Node, item: Node) -> bool:
    """Whether all searches for the item together look at each byte of a file once.

    So it is with a longest run that only ever starts behind a byte that is not in it.
    """
    return (
        isinstance(item, Repeat)
        and item.greedy
        and isinstance(item.item, Bytes)
        and isinstance(before, Bytes)
        and not before.allowed & item.item.allowed
    )


def _first(items: Items[Node]) -> frozenset[int] | None:
    """The bytes that must follow where the nodes match; None when any might."""
    found: frozenset[int] = frozenset()
    for item in items:
        begin, last = _begin(item)
        if begin is None:
            return None
        found |= begin
        if last:
            return found
    return None


def _begin(item: Node) -> tuple[frozenset[int] | None, bool]:
    """As `_first`, for one node, and whether nothing after it matters."""
    match item:
        case Bytes(allowed):
            return allowed, True
        case Mark("end"):
            return _LINE_ENDS, True
        case Choice(options):
            each = [_first(flattened(option)) for option in options]
            known = [begin for begin in each if begin is not None]
            return (frozenset().union(*known) if len(known) == len(each) else None), True
        case Repeat(inner, low):
            return _first(flattened(inner)), bool(low)
        case _:
            return None, True


def _spread(node: Node) -> int:
    """In how many ways the node can take bytes from one place on, at most; or more than _WAYS."""
    match node:
        case Sequence(items):
            ways = 1
            for item in items:
                ways *= _spread(item)
            return ways
        case Choice(options):
            return sum(_spread(option) for option in options)
        case Repeat(item, low, high, greedy):
            if high is None or high > 1000 or (high > 8 and _spread(item) > 1):
                return _WAYS + 1
            if greedy:
                return 1
            ways = high - low + 1
            for _ in range(high if _spread(item) > 1 else 0):
                ways *= _spread(item)
            return ways
        case _:
            return 1


def _least(node: Node) -> list[Node]:
    """What the node takes at the least, in one piece; nothing when that is unknown."""
    if isinstance(node, Repeat) and node.low and isinstance(node.item, Bytes):
        return [Repeat(node.item, node.low, node.low)]
    return []


def _trimmed(nodes: Items[Node]) -> list[Node]:
    """Without what may be empty at the ends, where a search does not need it."""
    items = list(nodes)
    while items and nullable(items[0]):
        del items[0]
    while items and nullable(items[-1]) and not _marked(items[-1]):
        del items[-1]
    for end in (0, -1) if items else ():
        if isinstance(node := items[end], Repeat):
            items[end] = Repeat(node.item, node.low, node.low)
    return items


def _marked(node: Node) -> bool:
    """Whether the node says something about its place even where it takes no byte."""
    match node:
        case Mark(kind):
            return kind != "any"
        case Choice(options):
            return all(_marked(option) for option in options if nullable(option))
        case _:
            return False

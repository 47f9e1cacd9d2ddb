"""The same weakness, found by several scanners at the same place, is one finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from gatekeeper.model.finding import CONFIDENCES, SEVERITIES, Finding
from gatekeeper.model.verdict import Judged
from gatekeeper.pipeline.weakness import weaknesses

_Key = tuple[bool, bool, int, int, int, str, int, int]


def fold(judged: Sequence[Judged]) -> list[Judged]:
    """One finding for each weakness and place; those of other scanners are in its `also`.

    Findings are the same when they are of the same gate, of different scanners, on overlapping
    lines of one file, and about the same weakness. What blocks leads, then what is new, what is
    worse, what is surer, and what comes later. A waiver that names the fingerprint of one covers
    all. Otherwise what is waived or ignored inline hides nothing but itself: it stays a finding
    of its own. The order is kept, and what no other scanner found is left as it is.
    """
    places: dict[tuple[str, str], list[int]] = {}
    for index, it in enumerate(judged):
        if it.finding.path and it.finding.line and weaknesses(it.finding):
            places.setdefault((it.gate, it.finding.path), []).append(index)
    result: dict[int, Judged] = dict(enumerate(judged))
    for indices in places.values():
        if len({judged[index].finding.scanner for index in indices}) > 1:
            for group in _groups(judged, indices):
                for index in group:
                    del result[index]
                for lead in _folded([(index, judged[index]) for index in group]):
                    result[lead[0]] = lead[1]
    return [result[index] for index in sorted(result)]


def _groups(judged: Sequence[Judged], indices: Iterable[int]) -> list[list[int]]:
    """Findings of one weakness at one place, two or more each, whoever leads first."""
    left = sorted(indices, key=lambda index: _rank(judged[index], index))
    about = {index: weaknesses(judged[index].finding) for index in left}
    groups: list[list[int]] = []
    while left:
        first, *left = left
        lead = judged[first].finding
        partners: dict[str, list[int]] = {}
        for index in left:
            other = judged[index].finding
            if (
                other.scanner != lead.scanner
                and overlap(lead, other)
                and about[first] & about[index]
            ):
                partners.setdefault(other.scanner, []).append(index)
        group = [first]
        for found in partners.values():
            # What starts elsewhere within the lines is another place, when something is nearer.
            nearest = min(abs(judged[index].finding.line - lead.line) for index in found)
            group += [
                index for index in found if abs(judged[index].finding.line - lead.line) == nearest
            ]
        left = [index for index in left if index not in group]
        if len(group) > 1:
            groups.append(group)
    return groups


def overlap(one: Finding, other: Finding) -> bool:
    """Whether two findings of one file share a line."""
    return one.line <= max(other.line, other.end_line) and other.line <= max(one.line, one.end_line)


def _rank(it: Judged, index: int) -> _Key:
    """The smallest one leads."""
    finding = it.finding
    return (
        not it.blocks,
        it.state != "new",
        -SEVERITIES.index(finding.severity),
        -CONFIDENCES.index(finding.confidence),
        -index,
        finding.rule,
        finding.line,
        finding.column,
    )


def _folded(group: list[tuple[int, Judged]]) -> list[tuple[int, Judged]]:
    """The group as one finding, and one each for what is waived and what is ignored."""
    waiver = next((it.waiver for _, it in group if it.waiver and it.waiver.fingerprint), None)
    if waiver:
        group = [
            (
                index,
                it
                if it.state in ("waived", "suppressed")
                else msgspec.structs.replace(it, state="waived", blocks=False, waiver=waiver),
            )
            for index, it in group
        ]
    kinds: dict[str, list[tuple[int, Judged]]] = {}
    for index, it in sorted(group, key=lambda item: _rank(item[1], item[0])):
        kind = it.state if it.state in ("waived", "suppressed") else "open"
        kinds.setdefault(kind, []).append((index, it))
    return [one for members in kinds.values() for one in _led(members)]


def _led(members: list[tuple[int, Judged]]) -> list[tuple[int, Judged]]:
    """The first with those of other scanners; what its own scanner found besides is left alone."""
    (index, lead), *others = members
    own = [(at, it) for at, it in others if it.finding.scanner == lead.finding.scanner]
    joined = [it for _, it in others if it.finding.scanner != lead.finding.scanner]
    whole = msgspec.structs.replace(
        lead,
        state="new" if any(it.state == "new" for it in joined) else lead.state,
        fresh=lead.fresh or any(it.fresh for it in joined),
        also=tuple(it.finding for it in joined),
    )
    return [(index, whole), *own]

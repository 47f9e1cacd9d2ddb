"""New or existing: a finding is new when head has more of its fingerprint than the base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from gatekeeper.model.finding import Finding, Unchecked


def is_new(
    findings: Sequence[Finding], base: Iterable[Finding], touched: Collection[str] | None
) -> list[bool]:
    """For each finding, whether the change brought it in.

    `touched` are the paths whose findings are compared with `base`; those in other files existed
    before. None: everything counts as new. Findings ignored inline are compared among themselves,
    so removing an ignore brings its finding in.
    """
    if touched is None:
        return [True] * len(findings)
    old = list(base)
    new = [False] * len(findings)
    for ignored in (False, True):
        candidates = [
            index
            for index, finding in enumerate(findings)
            if finding.path in touched and (finding.suppression is not None) is ignored
        ]
        before = [finding for finding in old if (finding.suppression is not None) is ignored]
        for index in _surplus(findings, candidates, before):
            new[index] = True
    return new


# From "the same one in the same place" down to "the same content, wherever": code that moves takes
# its surroundings along, code that is edited around stays in its file.
_ALIKE: tuple[Callable[[Finding], tuple[str, ...]], ...] = (
    lambda finding: (finding.fingerprint, finding.path, finding.context),
    lambda finding: (finding.fingerprint, finding.context),
    lambda finding: (finding.fingerprint, finding.path),
    lambda finding: (finding.fingerprint,),
)


def _surplus(
    findings: Sequence[Finding], candidates: list[int], before: list[Finding]
) -> list[int]:
    """The candidates left over when each finding from before has taken one with its fingerprint.

    It takes the one most like itself, and the first of several in path and line order, so that
    the one that was there before is not the one called new.
    """
    left = sorted(candidates, key=lambda index: _order(findings[index]))
    for key in _ALIKE:
        available = Counter(map(key, before))
        taken: Counter[tuple[str, ...]] = Counter()
        rest: list[int] = []
        for index in left:
            wanted = key(findings[index])
            if taken[wanted] < available[wanted]:
                taken[wanted] += 1
            else:
                rest.append(index)
        left = rest
        before = _without(before, key, taken)
    return left


def _without(
    before: list[Finding],
    key: Callable[[Finding], tuple[str, ...]],
    taken: Counter[tuple[str, ...]],
) -> list[Finding]:
    rest: list[Finding] = []
    for finding in sorted(before, key=_order):
        if taken[key(finding)] > 0:
            taken[key(finding)] -= 1
        else:
            rest.append(finding)
    return rest


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    return (finding.path, finding.line, finding.column, finding.message, finding.context)


def newly_unchecked(
    unchecked: Sequence[Unchecked],
    base: Iterable[Unchecked],
    touched: Collection[str] | None,
    same_content: dict[str, str],
) -> list[bool]:
    """For each file that was not checked, whether the change has to answer for it.

    It does when it touches the file, unless the file, or the same subject in it, could not be
    checked before for the same reason. What has no path is about all of it. `same_content` maps a
    path to a base path with exactly its content: a renamed file.
    """
    if touched is None:
        return [True] * len(unchecked)
    before = {(item.path, item.subject, item.reason) for item in base}
    return [
        (item.path in touched or not item.path)
        and (item.path, item.subject, item.reason) not in before
        and (same_content.get(item.path, item.path), item.subject, item.reason) not in before
        for item in unchecked
    ]

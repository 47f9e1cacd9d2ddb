"""New or existing: a finding is new when head has more of its fingerprint than the base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

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


def _surplus(
    findings: Sequence[Finding], candidates: list[int], before: list[Finding]
) -> list[int]:
    """The candidates left over when each finding from before has taken one with its fingerprint.

    Those that also agree in path and surroundings are taken first, so that of two equal findings
    the one that was there before is not the one called new.
    """
    for exact in (True, False):
        available = Counter(_key(finding, exact) for finding in before)
        taken: Counter[tuple[str, ...]] = Counter()
        left: list[int] = []
        for index in candidates:
            key = _key(findings[index], exact)
            if taken[key] < available[key]:
                taken[key] += 1
            else:
                left.append(index)
        candidates = left
        rest: list[Finding] = []
        for finding in before:
            key = _key(finding, exact)
            if taken[key] > 0:
                taken[key] -= 1
            else:
                rest.append(finding)
        before = rest
    return candidates


def _key(finding: Finding, exact: bool) -> tuple[str, ...]:
    if exact:
        return (finding.fingerprint, finding.path, finding.context)
    return (finding.fingerprint,)


def newly_unchecked(
    unchecked: Sequence[Unchecked],
    base: Iterable[Unchecked],
    touched: Collection[str] | None,
    same_content: dict[str, str],
) -> list[bool]:
    """For each file that was not checked, whether the change has to answer for it.

    It does when it touches the file, unless the file could not be checked before for the same
    reason. `same_content` maps a path to a base path with exactly its content: a renamed file.
    """
    if touched is None:
        return [True] * len(unchecked)
    before = {(item.path, item.reason) for item in base}
    return [
        item.path in touched
        and (item.path, item.reason) not in before
        and (same_content.get(item.path, item.path), item.reason) not in before
        for item in unchecked
    ]

"""OSV's evaluation rules, read word by word and as slowly as that is: what the matcher has to equal.

Takes records as they are published and versions as they are written, and shares no code with
gatekeeper. Local versions compare as PEP 440 says for specifiers: a candidate's local version counts
only against a version that has one itself.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

Record = dict[str, Any]


class UnorderedError(Exception):
    """A version that the ecosystem cannot order."""


@cache
def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        raise UnorderedError from None


def is_vulnerable(record: Record, ecosystem: str, package: str, version: str) -> bool:
    """Whether a record, unless it is withdrawn, says that the version is affected.

    Raises UnorderedError when that hangs on a version that has no place in the order.
    """
    if record.get("withdrawn"):
        return False
    return any(
        _listed(ecosystem, version, affected.get("versions") or ())
        or _in_ranges(ecosystem, version, affected)
        for affected in record.get("affected") or ()
        if _is_package(affected.get("package") or {}, ecosystem, package)
    )


def _is_package(package: Record, ecosystem: str, name: str) -> bool:
    if package.get("ecosystem") != ecosystem:
        return False
    if ecosystem == "PyPI":
        return canonicalize_name(package["name"]) == canonicalize_name(name)
    return bool(package["name"] == name)


def _listed(ecosystem: str, version: str, versions: Any) -> bool:
    for listed in versions:
        if listed == version:
            return True
        try:
            if _compare(ecosystem, version, listed) == 0:
                return True
        except UnorderedError:
            continue
    return False


def _in_ranges(ecosystem: str, version: str, affected: Record) -> bool:
    for it in affected.get("ranges") or ():
        if it["type"] == "GIT":
            continue
        if _all_ordered(ecosystem, it["events"]):
            if _before_limits(ecosystem, version, it) and _in_range(ecosystem, version, it):
                return True
        elif not affected.get("versions"):
            widest = {"events": _widest(ecosystem, it["events"])}
            if _before_limits(ecosystem, version, widest) and _in_range(ecosystem, version, widest):
                raise UnorderedError
    return False


def _widest(ecosystem: str, events: Any) -> list[Record]:
    """The events that have a place in the order; the others make the range as large as it may be."""
    kept = [it for it in events if _all_ordered(ecosystem, [it])]
    if any("introduced" in it for it in events if it not in kept):
        kept.append({"introduced": "0"})
    if any("limit" in it for it in events if it not in kept):
        kept = [it for it in kept if "limit" not in it]
    return kept


def _all_ordered(ecosystem: str, events: Any) -> bool:
    """A range with an end that has no place in the order says nothing; the list says it instead."""
    try:
        for event in events:
            for version in event.values():
                if version not in ("0", "*"):
                    _compare(ecosystem, version, version)
    except UnorderedError:
        return False
    return True


def _before_limits(ecosystem: str, version: str, one_range: Record) -> bool:
    limits = [event["limit"] for event in one_range["events"] if "limit" in event]
    return not limits or any(
        limit == "*" or _compare(ecosystem, version, limit) < 0 for limit in limits
    )


def _in_range(ecosystem: str, version: str, one_range: Record) -> bool:
    vulnerable = False
    for event in _sorted(ecosystem, one_range["events"]):
        (kind, bound), *_ = event.items()
        if kind == "introduced":
            if bound == "0" or _compare(ecosystem, version, bound) >= 0:
                vulnerable = True
        elif kind == "fixed":
            if _compare(ecosystem, version, bound) >= 0:
                vulnerable = False
        elif kind == "last_affected" and _compare(ecosystem, version, bound) > 0:
            vulnerable = False
    return vulnerable


def _sorted(ecosystem: str, events: Any) -> list[Record]:
    """By insertion, so that equal versions keep their order."""
    done: list[Record] = []
    for event in events:
        (kind, version), *_ = event.items()
        if kind == "limit":
            continue
        place = len(done)
        while place and _later(ecosystem, done[place - 1], version):
            place -= 1
        done.insert(place, event)
    return done


def _later(ecosystem: str, event: Record, version: str) -> bool:
    (kind, other), *_ = event.items()
    if kind == "introduced" and other == "0":
        return False
    if version == "0":
        return True
    return _compare_bounds(ecosystem, other, version) > 0


def _compare(ecosystem: str, version: str, bound: str) -> int:
    """-1, 0, 1: where a candidate stands to a version of an advisory."""
    if ecosystem == "PyPI":
        candidate, other = _version(version), _version(bound)
        if other.local is None:
            candidate = _version(candidate.public)
        return (candidate > other) - (candidate < other)
    return _compare_bounds(ecosystem, version, bound)


def _compare_bounds(ecosystem: str, one: str, other: str) -> int:
    if ecosystem == "PyPI":
        left, right = _version(one), _version(other)
        return (left > right) - (left < right)
    return _compare_semver(_semver(one), _semver(other))


_SEMVER = re.compile(
    r"[=v]?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+.*)?"
)


def _semver(text: str) -> tuple[list[int], list[str]]:
    found = _SEMVER.fullmatch(text)
    if not found:
        raise UnorderedError
    return [int(part or 0) for part in found.groups()[:3]], (found[4] or "").split(".")


def _compare_semver(one: tuple[list[int], list[str]], other: tuple[list[int], list[str]]) -> int:
    if one[0] != other[0]:
        return 1 if one[0] > other[0] else -1
    if [""] in (one[1], other[1]):
        return (one[1] == [""]) - (other[1] == [""])
    for left, right in zip(one[1], other[1], strict=False):
        if left.isdigit() and right.isdigit():
            if int(left) != int(right):
                return 1 if int(left) > int(right) else -1
        elif left.isdigit() != right.isdigit():
            return -1 if left.isdigit() else 1
        elif left != right:
            return 1 if left > right else -1
    return (len(one[1]) > len(other[1])) - (len(one[1]) < len(other[1]))

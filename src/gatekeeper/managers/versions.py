"""Whether a version of a Python package satisfies a specifier."""

from __future__ import annotations

import operator
from collections.abc import Callable

from gatekeeper.text.patterns import regex

# Nearly all specifiers are of these; `packaging` takes longer to load than a lock to read.
_CLAUSE = regex(r"\s*(>=|<=|==|!=|>|<)\s*([0-9]{1,9}(?:\.[0-9]{1,9}){0,9})\s*")
_PLAIN = regex(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,9}")
_Release = tuple[int, ...]
_COMPARE: dict[str, Callable[[_Release, _Release], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


def allows(specifier: str, version: str) -> bool | None:
    """Alternatives are divided by `||`. None when one of both cannot be understood.

    A pre-release satisfies what it lies within: it is locked, so somebody wanted it.
    """
    if (plainly := _plainly(specifier, version)) is not None:
        return plainly
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        parsed = Version(version)
        return any(
            SpecifierSet(part.strip()).contains(parsed, prereleases=True)
            for part in specifier.split("||")
        )
    except (InvalidSpecifier, InvalidVersion):
        return None


def _plainly(specifier: str, version: str) -> bool | None:
    """The answer where all that is compared are numbers; None where more has to be known."""
    if not _PLAIN.fullmatch(version):
        return None
    own = _release(version)
    holds = True
    for clause in specifier.split(","):
        found = _CLAUSE.fullmatch(clause)
        if found is None:
            return None
        holds = holds and _COMPARE[found[1]](own, _release(found[2]))
    return holds


def _release(text: str) -> _Release:
    """The numbers; zeros at the end say nothing."""
    numbers = list(map(int, text.split(".")))
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)

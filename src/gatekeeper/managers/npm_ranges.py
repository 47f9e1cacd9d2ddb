"""Whether a version of an npm package satisfies a range, as npm's own semver reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper.text.patterns import regex

_LONGEST = 256
_VERSION = regex(
    r"[v=\s]*(\d{1,15})\.(\d{1,15})\.(\d{1,15})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?"
)
_PARTIAL = regex(
    r"[v=\s]*([xX*]|\d{1,15})(?:\.([xX*]|\d{1,15})(?:\.([xX*]|\d{1,15})"
    r"(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?)?)?"
)
_GAP = regex(r"(~>|[<>]=?|[~^=])\s+")
_SIMPLE = regex(r"(~>|[<>]=?|[~^=]|)(.*)")
_HYPHEN = regex(r"(\S+)\s+-\s+(\S+)")

_Pre = tuple[tuple[int, int, str], ...]


class _Key(NamedTuple):
    """A version in its order: a pre-release comes before what it is one of."""

    numbers: tuple[int, int, int]
    final: bool
    pre: _Pre


class _Partial(NamedTuple):
    """As much of a version as a range names: one to three numbers, or none at all."""

    numbers: tuple[int, ...]
    pre: str

    def low(self) -> _Key:
        return _key((*self.numbers, 0, 0, 0)[:3], self.pre)

    def above(self, place: int) -> _Key:
        """The least of what begins with the next number at a place."""
        numbers = (*self.numbers[:place], self.numbers[place] + 1, 0, 0, 0)[:3]
        return _key(numbers, "0")


_Comparator = tuple[str, _Key]
_NOTHING: _Comparator = ("<", _Key((0, 0, 0), final=False, pre=()))


def npm_allows(wanted: str, version: str) -> bool | None:
    """None when one of both cannot be understood, as a tag such as `latest`."""
    if len(wanted) > _LONGEST or len(version) > _LONGEST:
        return None
    found = _VERSION.fullmatch(version.strip())
    if found is None:
        return None
    key = _key((int(found[1]), int(found[2]), int(found[3])), found[4] or "")
    try:
        return any(_holds(list(_comparators(part.strip())), key) for part in wanted.split("||"))
    except ValueError:
        return None


def _key(numbers: tuple[int, ...], pre: str) -> _Key:
    parts = tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in pre.split(".") if part
    )
    return _Key((numbers[0], numbers[1], numbers[2]), not parts, parts)


def _holds(comparators: list[_Comparator], key: _Key) -> bool:
    if not all(_compare(operator, key, bound) for operator, bound in comparators):
        return False
    # A pre-release is only let in by a range that names one of the same version.
    return key.final or any(
        not bound.final and bound.numbers == key.numbers for _, bound in comparators
    )


def _compare(operator: str, key: _Key, bound: _Key) -> bool:
    if operator == ">=":
        return key >= bound
    if operator == "<=":
        return key <= bound
    if operator == ">":
        return key > bound
    return key < bound if operator == "<" else key == bound


def _comparators(text: str) -> Iterator[_Comparator]:
    """All have to hold. Raises ValueError for what is no range."""
    if hyphen := _HYPHEN.fullmatch(text):
        yield from _simple(">=", hyphen[1])
        yield from _simple("<=", hyphen[2])
        return
    for part in _GAP.sub(r"\1", text).split():
        found = _SIMPLE.fullmatch(part)
        if found is None:
            raise ValueError(part)
        yield from _simple(found[1], found[2])


def _simple(operator: str, text: str) -> Iterator[_Comparator]:
    it = _partial(text)
    size = len(it.numbers)
    if not size:
        if operator in ("<", ">"):
            yield _NOTHING
        return
    if operator == "^":
        yield ">=", it.low()
        # The first number that is not 0 stays; of zeros alone, the last that is named.
        place = next((at for at, number in enumerate(it.numbers) if number), size - 1)
        yield "<", it.above(place)
    elif operator in ("~", "~>"):
        yield ">=", it.low()
        yield "<", it.above(min(1, size - 1))
    elif size == 3:
        yield operator or "=", it.low()
    elif operator in ("", "="):
        yield ">=", it.low()
        yield "<", it.above(size - 1)
    elif operator == ">":
        yield ">=", _key(it.above(size - 1).numbers, "")
    elif operator == "<=":
        yield "<", it.above(size - 1)
    else:
        yield operator, it.low() if operator == ">=" else _key(it.low().numbers, "0")


def _partial(text: str) -> _Partial:
    found = _PARTIAL.fullmatch(text)
    if found is None:
        raise ValueError(text)
    numbers: list[int] = []
    for part in found.groups()[:3]:
        if part is None or not part.isdigit():
            break
        numbers.append(int(part))
    return _Partial(tuple(numbers), (found[4] or "") if len(numbers) == 3 else "")

"""Names that pass for those of well-known packages: typosquats and their kin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal

from msgspec import Struct

from gatekeeper.model.finding import Confidence
from gatekeeper.text.patterns import regex

Kind = Literal["separators", "characters", "swapped", "letter", "order", "affix"]
# Shorter names are near to each other by nature.
_SHORTEST = 5
_SHORT = 6
# So many of the best-known names are worth an attack by an affix.
_FAMOUS = 400
_SEPARATORS = regex(r"[-_.@/]+")
_NO_SEPARATORS = dict.fromkeys(map(ord, "-_.@/"))
_DIGITS = regex(r"\d+$")
_PREFIXES = ("python-", "python3-", "py-", "node-", "npm-", "js-", "the-", "real-", "official-")
_SUFFIXES = (
    "-python", "-python3", "-py", "-node", "-npm", "-js", "-lib", "-library", "-package",
    "-official", "-original", "-latest", "-patched", "-fixed", "-secure", "-safe", ".js",
)  # fmt: skip
# What looks like another character in the fonts that reviews are read in.
_PAIRS = (("rn", "m"), ("vv", "w"))
_ALIKE = str.maketrans(
    {
        "0": "o", "1": "l", "i": "l", "5": "s", "а": "a", "е": "e", "о": "o", "р": "p", "с": "c",
        "х": "x", "у": "y", "і": "l", "ѕ": "s", "ԁ": "d", "һ": "h", "ԛ": "q", "ѡ": "w", "ո": "n",
        "α": "a", "ο": "o", "ν": "v", "ɡ": "g", "ı": "l", "ӏ": "l",
    }
)  # fmt: skip

_SKELETON = {**_ALIKE, **_NO_SEPARATORS}


class Lookalike(Struct, frozen=True):
    """The well-known name that another one passes for, how, and how sure that is no accident."""

    target: str
    kind: Kind
    confidence: Confidence


class KnownNames:
    """The well-known names of one ecosystem, normalised as it does.

    Those of `worth`, the best known first, are worth an imitation; all others are merely innocent.
    """

    def __init__(self, names: Iterable[str], worth: Sequence[str]) -> None:
        self._known = frozenset((*names, *worth))
        self._scopes = frozenset(it.partition("/")[0] for it in self._known if it.startswith("@"))
        self._worth = worth
        self._longest = max(map(len, worth), default=0)
        self._famous = frozenset(worth[:_FAMOUS])
        self._answers: dict[str, Lookalike | None] = {}

    # Most of what anybody depends on is well known, so these are seldom needed.
    @cached_property
    def _squashed(self) -> dict[str, str]:
        return _first((_squash(it), it) for it in self._worth)

    @cached_property
    def _skeletons(self) -> dict[str, str]:
        return _first((_skeleton(it), it) for it in self._worth)

    @cached_property
    def _orders(self) -> dict[str, str]:
        parted = (it for it in self._worth if not it.isalnum())
        return _first((_order(it), it) for it in parted if len(_tokens(it)) > 1)

    @cached_property
    def _by_length(self) -> dict[int, list[tuple[int, int, str]]]:
        """The characters of each, as bits, its rank, and itself."""
        found: dict[int, list[tuple[int, int, str]]] = {}
        for rank, it in enumerate(self._worth):
            if len(it) >= _SHORTEST:
                found.setdefault(len(it), []).append((_characters(it), rank, it))
        return found

    def like(self, name: str) -> Lookalike | None:
        """What a name passes for; None for one that is well known itself, or like no other."""
        if name in self._known or not name or name.partition("/")[0] in self._scopes:
            # Who owns a scope of npm owns all names in it.
            return None
        # Manifests and locks name the same packages.
        if name not in self._answers:
            found = self._spelt(name) or self._edited(name) or self._put_together(name)
            self._answers[name] = found
        return self._answers[name]

    def _spelt(self, name: str) -> Lookalike | None:
        if (found := self._squashed.get(_squash(name))) and not _moved_into_scope(name, found):
            # A scope is often where a publisher went with packages that had none.
            sure: Confidence = "low" if found.startswith("@") else "high"
            return Lookalike(found, "separators", sure)
        found = self._skeletons.get(_skeleton(name))
        if found and len(found) > 3 and not _moved_into_scope(name, found):
            return Lookalike(found, "characters", "high")
        return None

    def _edited(self, name: str) -> Lookalike | None:
        """One letter more, less, another, or two in another order."""
        # A name of a million letters has as many neighbours, and passes for none of ours.
        if not _SHORTEST - 1 <= len(name) <= self._longest + 1:
            return None
        own = _characters(name)
        # One slip brings in one character at most, and takes one away: nearly all differ in more.
        near = [
            target
            for _, target in sorted(
                (rank, target)
                for size in (len(name) - 1, len(name), len(name) + 1)
                for bits, rank, target in self._by_length.get(size, ())
                if (bits ^ own).bit_count() <= 2 and target.startswith("@") == name.startswith("@")
            )
        ]
        for target in near:
            if _swapped(name, target):
                return Lookalike(target, "swapped", "high" if len(target) >= _SHORT else "medium")
        for target in near:
            if _one_letter(name, target) and not _another_version(name, target):
                sure: Confidence = "medium" if len(target) > _SHORT else "low"
                return Lookalike(target, "letter", sure)
        return None

    def _put_together(self, name: str) -> Lookalike | None:
        found = self._orders.get(_order(name)) if len(_tokens(name)) > 1 else None
        if found:
            return Lookalike(found, "order", "low")
        for bare in _stripped(name):
            if bare in self._famous and len(bare) > 3:
                return Lookalike(bare, "affix", "low")
        return None


def _first(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By key; of two with one key the better known one."""
    found: dict[str, str] = {}
    for key, name in pairs:
        found.setdefault(key, name)
    return found


def _squash(name: str) -> str:
    return name.translate(_NO_SEPARATORS)


def _skeleton(name: str) -> str:
    """What is left when characters that look alike are one."""
    plain = name.lower() if name.isascii() else _compatible(name)
    # Separators go, and characters that look alike become one, in one step.
    text = plain.translate(_SKELETON)
    for pair, one in _PAIRS:
        text = text.replace(pair, one)
    return text


def _compatible(name: str) -> str:
    from unicodedata import normalize

    return normalize("NFKC", name).casefold()


def _tokens(name: str) -> list[str]:
    # Most names have none, or only the one that indexes normalise to.
    if name.isascii() and name.replace("-", "").isalnum():
        return [it for it in name.split("-") if it]
    return [it for it in _SEPARATORS.split(name) if it]


def _order(name: str) -> str:
    return " ".join(sorted(_tokens(name)))


def _moved_into_scope(name: str, target: str) -> bool:
    """`@babel/core` belongs to whoever has `@babel`; nobody takes it for `babel-core`."""
    return name.startswith("@") and not target.startswith("@")


def _characters(name: str) -> int:
    bits = 0
    for char in name:
        bits |= 1 << (ord(char) & 63)
    return bits


def _deletions(name: str) -> list[str]:
    return [name[:at] + name[at + 1 :] for at in range(len(name))]


def _swapped(name: str, target: str) -> bool:
    if len(name) != len(target):
        return False
    at = [index for index in range(len(name)) if name[index] != target[index]]
    return (
        len(at) == 2
        and at[1] == at[0] + 1
        and name[at[0]] == target[at[1]]
        and name[at[1]] == target[at[0]]
    )


def _one_letter(name: str, target: str) -> bool:
    if len(name) == len(target):
        return sum(a != b for a, b in zip(name, target, strict=True)) == 1
    short, long = sorted((name, target), key=len)
    return len(long) == len(short) + 1 and short in _deletions(long)


def _another_version(name: str, target: str) -> bool:
    """`psycopg3` is the successor of `psycopg2`, and no slip of the keyboard."""
    return _DIGITS.sub("", name) == _DIGITS.sub("", target)


def _stripped(name: str) -> Iterator[str]:
    if name.startswith(_PREFIXES):
        yield from (name.removeprefix(it) for it in _PREFIXES if name.startswith(it))
    if name.endswith(_SUFFIXES):
        yield from (name.removesuffix(it) for it in _SUFFIXES if name.endswith(it))

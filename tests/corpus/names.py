"""Names as different authors would choose them, each used once per file."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

_PLACE = re.compile(
    r"Z(?:REST|ROUTE|RES|PARAMS|PRE|SUF|SAFE\d|FAIL|BODY|ARGS|KEY|OUT|LIT|IN|FN|PATH|[TFCK]\d)"
)


class Names:
    """Fresh names of every kind; `taken` are words that the file uses otherwise."""

    def __init__(self, rng: random.Random, pools: Mapping[str, Sequence[str]]) -> None:
        self._rng = rng
        self._pools = pools
        self._camel = rng.random() < 0.12
        self.taken: set[str] = set()

    def fresh(self, kind: str) -> str:
        """A name of the pool `kind` that the file does not have yet."""
        pool = [name for name in self._pools[kind] if self._styled(kind, name) not in self.taken]
        name = self._styled(kind, self._rng.choice(pool or list(self._pools[kind])))
        number = 2
        while name in self.taken:
            name = f"{name.rstrip('0123456789_')}_{number}"
            number += 1
        self.taken.add(name)
        return name

    def _styled(self, kind: str, name: str) -> str:
        if self._camel and kind in ("variable", "function"):
            head, *rest = name.split("_")
            return head + "".join(part.capitalize() for part in rest)
        return name


_KINDS = {"T": "variable", "F": "function", "C": "class", "K": "constant"}


class Scope:
    """What the placeholders of one piece stand for."""

    def __init__(self, names: Names, known: Mapping[str, str]) -> None:
        self._names = names
        self.known = dict(known)

    def fill(self, text: str) -> str:
        """The text with every placeholder replaced that is known or can be invented."""
        return _PLACE.sub(self._one, text)

    def _one(self, match: re.Match[str]) -> str:
        word = match[0]
        if word not in self.known:
            if word == "ZKEY":
                self.known[word] = self._names.fresh("key")
            elif word[1] in _KINDS and word[2:].isdigit():
                self.known[word] = self._names.fresh(_KINDS[word[1]])
            else:
                return word
        return self.known[word]


def words_of(text: str) -> set[str]:
    """All identifiers in a text."""
    return set(re.findall(r"[A-Za-z_]\w*", text))

"""Which rules of our own can match in which files, told from what the files hold.

The engine's own look ahead takes parts of words for words and gives up at choices, and a flow rule
costs tens of milliseconds in every file that it is not kept from. A file that lacks what a rule
needs cannot match it, so nothing is lost. needs.json is made from the rules by rulepack/needs.py,
which says what a need is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from gatekeeper.text.patterns import regex

_WORD = regex(r"[A-Za-z_]\w*", re.ASCII)
_LETTERS = regex(r"\w+", re.ASCII)
# Between texts that are put together: the engine reads them as one.
_JOINT = regex(r"[\"'](?:[\s\\+()]|#[^\n]*+)++[bfruBFRU]{0,2}[\"']")
# An expression, and `word` or `regex`: where it has to match.
Look = tuple[re.Pattern[str], str]
# Parts of marks that are no names.
_SIGNS = frozenset({"def", "class"})


class File:
    """A file, and what is known about it. `marks` grow fewer: those of its words, then of its code."""

    def __init__(self, content: bytes) -> None:
        # All encodings that Python reads keep the letters of words where they are.
        text = content.decode("latin-1")
        joined, count = _JOINT.subn("\0", text)
        more = [it.replace("\0", "") for it in joined.split("\n") if "\0" in it] if count else []
        self.text = "\n".join((text, *more))
        self.lower = self.text.lower()
        self.words = frozenset(_WORD.findall(self.text))
        self.marks: set[str] = set()
        self.told: dict[Condition, bool] = {}
        self._found: dict[Look, bool] = {}

    def show(self, marks: set[str]) -> None:
        """From now on it has these marks."""
        self.marks = marks
        self.told.clear()

    @cached_property
    def _vocabulary(self) -> str:
        # A word of a text can start with a digit.
        return " ".join({*_LETTERS.findall(self.text)})

    def finds(self, look: Look) -> bool:
        """Whether its text, or one of its words, has a match."""
        if look not in self._found:
            expression, where = look
            text = self._vocabulary if where == "word" else self.text
            self._found[look] = expression.search(text) is not None
        return self._found[look]


class Condition:
    """Marks, texts, expressions and conditions of which a file has to hold all, or any one."""

    def __init__(self, kind: str, parts: Sequence[Any], known: dict[str, Condition]) -> None:
        self._all = kind == "all"
        # Most conditions below others are nothing but marks, which need no condition of their own.
        self._sets = [frozenset(it["all"]) for it in parts if not self._all and _only_marks(it)]
        parts = [it for it in parts if self._all or not _only_marks(it)]
        plain = [it for it in parts if isinstance(it, str)]
        self._marks = frozenset(it for it in plain if _is_mark(it))
        self._words = frozenset(it[1:] for it in plain if it[0] == '"')
        self._texts = [it[1:] for it in plain if it[0] == "~"]
        groups = [it for it in parts if isinstance(it, dict)]
        self._looks = [look for it in groups for look in _looks(it)]
        below = (_condition(it, known) for it in groups if not _looks(it))
        # What looks through the text takes longest and comes last.
        self._below = sorted(below, key=lambda it: it.slow)
        self.slow: bool = bool(self._texts or self._looks) or any(it.slow for it in self._below)

    @property
    def marks(self) -> frozenset[str]:
        """All marks that it asks for itself."""
        return self._marks.union(*self._sets)

    def met(self, file: File) -> bool:
        """Whether the file holds it."""
        if self not in file.told:
            file.told[self] = self._met(file)
        return file.told[self]

    def _met(self, file: File) -> bool:
        if self._all:
            return (
                self._marks <= file.marks
                and self._words <= file.words
                and all(it in file.lower for it in self._texts)
                and all(it.met(file) for it in self._below)
                and all(map(file.finds, self._looks))
            )
        return (
            not self._marks.isdisjoint(file.marks)
            or any(map(file.marks.issuperset, self._sets))
            or not self._words.isdisjoint(file.words)
            or any(it in file.lower for it in self._texts)
            or any(it.met(file) for it in self._below)
            or any(map(file.finds, self._looks))
        )


def _is_mark(need: Any) -> bool:
    return isinstance(need, str) and need[0] not in '"~'


def _only_marks(need: Any) -> bool:
    return isinstance(need, dict) and "all" in need and all(map(_is_mark, need["all"]))


def _looks(need: Mapping[str, str]) -> list[Look]:
    return [(regex(need[where]), where) for where in ("regex", "word") if where in need]


def _condition(need: Any, known: dict[str, Condition]) -> Condition:
    # Flow rules share their sources: one condition stands for all that are the same.
    key = repr(need)
    if key not in known:
        if isinstance(need, dict) and not _looks(need):
            ((kind, parts),) = need.items()
        else:
            kind, parts = "all", [] if need is None else [need]
        known[key] = Condition(kind, parts, known)
    return known[key]


class Needs:
    """What every rule needs, by its id, as rulepack/needs.py writes it."""

    def __init__(self, needs: Mapping[str, Any]) -> None:
        self._known: dict[str, Condition] = {}
        self._needs = {rule: self.condition(need) for rule, need in needs.items()}

    def condition(self, need: Any) -> Condition:
        """Another need, that files can be asked about from now on."""
        return _condition(need, self._known)

    @cached_property
    def _marks(self) -> frozenset[str]:
        """Every mark that anything asks for."""
        return frozenset().union(*(condition.marks for condition in self._known.values()))

    @cached_property
    def _words(self) -> dict[str, list[tuple[str, frozenset[str]]]]:
        """Marks by the last word in them, each with all words that it is made of; some have none."""
        found: dict[str, list[tuple[str, frozenset[str]]]] = {"": []}
        for mark in self._marks:
            words = [it for it in _WORD.findall(mark) if it not in _SIGNS] or [""]
            found.setdefault(words[-1], []).append((mark, frozenset(words) - {""}))
        return found

    @cached_property
    def _lefts(self) -> dict[str, set[str]]:
        """What marks ask for behind a name, by the name."""
        found: dict[str, set[str]] = {}
        for mark in self._marks:
            left, dot, behind = mark.partition(".")
            if left and dot:
                found.setdefault(left, set()).add(behind)
        return found

    @classmethod
    def load(cls, path: str) -> Needs:
        """From the file that ships with the rules."""
        with open(path, "rb") as file:
            return cls(msgspec.json.decode(file.read(), type=dict[str, Any]))

    def possible(self, content: bytes) -> tuple[frozenset[str], File]:
        """The rules that may match in a file of this content, whatever its encoding, and the file."""
        file = File(content)
        # The words alone keep most rules from most files, and take a tenth of the time.
        told = self._words
        file.show(
            {
                mark
                for word in ("", *(told.keys() & file.words))
                for mark, words in told[word]
                if words <= file.words
            }
        )
        possible = self._met(self._needs, file)
        if possible:
            from gatekeeper.scanners.python_marks import marks_of

            marks = marks_of(content, self._lefts)
            if marks is not None:
                file.show(file.marks & marks)
                possible = self._met(possible, file)
        return frozenset(possible), file

    def _met(self, rules: Iterable[str], file: File) -> list[str]:
        return [rule for rule in rules if self._needs[rule].met(file)]

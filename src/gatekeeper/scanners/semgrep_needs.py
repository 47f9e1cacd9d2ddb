"""Which rules of our own can match in which files, told from the words that the files hold.

The engine's own look ahead takes parts of words for words and gives up at choices, and a flow rule
costs tens of milliseconds in every file that it is not kept from. A file that lacks what a rule
needs cannot match it, so nothing is lost. needs.json is made from the rules by rulepack/needs.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from gatekeeper.text.patterns import regex

# What another start of the engine costs, in rules tried on a file.
_START = 8
_WORD = regex(r"[A-Za-z_]\w*", re.ASCII)


class Condition:
    """Words, expressions and conditions of which a file has to hold all, or any one."""

    def __init__(self, kind: str, parts: Sequence[Any], known: dict[str, Condition]) -> None:
        self._all = kind == "all"
        self._words = frozenset(it for it in parts if isinstance(it, str))
        self._regexes = [
            regex(it["regex"]) for it in parts if isinstance(it, dict) and "regex" in it
        ]
        self._below = [
            _condition(it, known) for it in parts if isinstance(it, dict) and "regex" not in it
        ]

    def met(self, text: str, words: set[str], told: dict[Condition, bool]) -> bool:
        """Whether the text holds it; `told` is what is known about the text already."""
        if self not in told:
            told[self] = self._met(text, words, told)
        return told[self]

    def _met(self, text: str, words: set[str], told: dict[Condition, bool]) -> bool:
        if self._all:
            return (
                self._words <= words
                and all(it.met(text, words, told) for it in self._below)
                and all(it.search(text) for it in self._regexes)
            )
        return (
            not self._words.isdisjoint(words)
            or any(it.met(text, words, told) for it in self._below)
            or any(it.search(text) for it in self._regexes)
        )


def _condition(need: Any, known: dict[str, Condition]) -> Condition:
    # Flow rules share their sources: one condition stands for all that are the same.
    key = repr(need)
    if key not in known:
        if isinstance(need, dict) and "regex" not in need:
            ((kind, parts),) = need.items()
        else:
            kind, parts = "all", [] if need is None else [need]
        known[key] = Condition(kind, parts, known)
    return known[key]


class Needs:
    """What every rule needs, by its id, as rulepack/needs.py writes it."""

    def __init__(self, needs: Mapping[str, Any]) -> None:
        known: dict[str, Condition] = {}
        self._needs = {rule: _condition(need, known) for rule, need in needs.items()}

    @classmethod
    def load(cls, path: str) -> Needs:
        """From the file that ships with the rules."""
        with open(path, "rb") as file:
            return cls(msgspec.json.decode(file.read(), type=dict[str, Any]))

    def possible(self, content: bytes) -> frozenset[str]:
        """The rules that may match in a file of this content, whatever its encoding."""
        # All encodings that Python reads keep the letters of words where they are.
        text = content.decode("latin-1")
        words = set(_WORD.findall(text))
        told: dict[Condition, bool] = {}
        return frozenset(rule for rule, it in self._needs.items() if it.met(text, words, told))


class Run:
    """Files that are looked at with the same rules."""

    def __init__(self, rules: frozenset[str], paths: Sequence[str]) -> None:
        self.rules = rules
        self.paths = list(paths)

    def cost_with(self, rules: frozenset[str], count: int) -> int:
        """How many more rules are tried on files when `count` files with `rules` come along."""
        return len(rules - self.rules) * len(self.paths) + len(self.rules - rules) * count


def runs(possible: Mapping[str, frozenset[str]]) -> list[Run]:
    """Runs of the engine that try every rule on the files where it may match, and on few others.

    Files that no rule can match are in none.
    """
    alike: dict[frozenset[str], list[str]] = {}
    for path, rules in possible.items():
        if rules:
            alike.setdefault(rules, []).append(path)
    found: list[Run] = []
    for rules, paths in sorted(alike.items(), key=lambda it: (-len(it[1]), sorted(it[0]))):
        best = min(found, key=lambda run: run.cost_with(rules, len(paths)), default=None)
        if best is None or best.cost_with(rules, len(paths)) > _START:
            found.append(Run(rules, paths))
        else:
            best.rules |= rules
            best.paths += paths
    return found

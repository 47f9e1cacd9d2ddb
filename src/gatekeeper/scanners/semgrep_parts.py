"""The rules of our own as the engine takes them, put together from parts for the files at hand.

What cannot match in a file is left out of a rule there. And of a flow rule, what ends a flow takes
three quarters of the time in files where nothing flows at all. Whatever the rule finds, it also finds
without that: so a file is first looked at with the rest of it, and done where this finds nothing.
parts.json is made from the rules by rulepack/parts.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from gatekeeper.scanners.semgrep_needs import Condition, File, Needs
from gatekeeper.text.patterns import regex

_LISTS = ("pattern-sources", "pattern-propagators", "pattern-sanitizers", "pattern-sinks")
_ENDS = "pattern-sanitizers"
# What stands for itself in the engine's patterns of paths.
_ODD = regex(r"[^A-Za-z0-9_./-]+", re.ASCII)


class _Part:
    """A part that only some files can match."""

    def __init__(self, condition: Condition, formula: Any) -> None:
        self.condition = condition
        self.formula = formula


class Parts:
    """All rules, by their ids. Its needs count among those that files are asked about."""

    def __init__(self, rules: Mapping[str, Any], parts: Sequence[Any], needs: Needs) -> None:
        def read(part: Any) -> Any:
            if isinstance(part, list):
                return [read(it) for it in part]
            if not isinstance(part, dict):
                return part
            if "needs" in part:
                return _Part(needs.condition(part["needs"]), read(part["is"]))
            return {key: read(it) for key, it in part.items()}

        self._rules = {rule_id: read(rule) for rule_id, rule in rules.items()}
        self._parts = [read(part) for part in parts]
        self.flows = frozenset(it for it, rule in rules.items() if rule.get("mode") == "taint")

    @classmethod
    def load(cls, path: str, needs: Needs) -> Parts:
        """From the file that ships with the rules."""
        with open(path, "rb") as file:
            document = msgspec.json.decode(file.read(), type=dict[str, Any])
        return cls(document["rules"], document["parts"], needs)

    def whole(self, rule_id: str, file: File | None = None) -> dict[str, Any]:
        """The rule, of which a file is told to leave what it cannot match."""
        return self._put_together(rule_id, _LISTS, file)

    def first(self, rule_id: str, file: File) -> dict[str, Any]:
        """What is tried first of a flow rule in a file, without what ends a flow."""
        lists = [key for key in _LISTS if key != _ENDS]
        rule = self._put_together(rule_id, lists, file)
        return {**rule, "message": rule_id, "metadata": {}}

    def _put_together(
        self, rule_id: str, lists: Sequence[str], file: File | None
    ) -> dict[str, Any]:
        kept = {key: it for key, it in self._rules[rule_id].items() if key not in _LISTS}
        rule: dict[str, Any] = _cut(kept, file)
        for key in lists:
            numbers = self._rules[rule_id].get(key, ())
            if found := _cut([self._parts[number] for number in numbers], file):
                rule[key] = found
        return rule


def within(rule: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """The rule for these paths alone, and those that the engine cannot tell from them."""
    include = [_pattern(path) for path in paths]
    return {**rule, "paths": {**rule.get("paths", {}), "include": include}}


def _cut(part: Any, file: File | None) -> Any:
    """The part without what the file cannot match; None: nothing is left."""
    if isinstance(part, _Part):
        held = file is None or part.condition.met(file)
        return _cut(part.formula, file) if held else None
    if isinstance(part, list):
        return [kept for it in part if (kept := _cut(it, file)) is not None]
    return {key: _cut(it, file) for key, it in part.items()} if isinstance(part, dict) else part


def _pattern(path: str) -> str:
    # It may match other files, too.
    return "/" + _ODD.sub("*", path)

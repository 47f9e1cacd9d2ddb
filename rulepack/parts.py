"""All rules in one file, as the engine takes them, in parts that name what a file has to hold.

Whatever is one of several, a part of a flow rule, a choice or what excludes a match, and needs
anything, stands in `{"needs": need, "is": formula}`. src/gatekeeper/scanners/semgrep_parts.py puts
rules together again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rulepack.needs import need_of_formula

_LISTS = ("pattern-sources", "pattern-propagators", "pattern-sanitizers", "pattern-sinks")
_NOT = {"pattern-not": "pattern", "pattern-not-inside": "pattern-inside"}


def render(rules: Iterable[Mapping[str, Any]]) -> str:
    """The text of the file for these rules. Parts that several rules have are in it once."""
    parts: list[Any] = []
    places: dict[str, int] = {}
    found: dict[str, Any] = {}
    for rule in rules:
        told = found[rule["id"]] = {key: _cut(key, it) for key, it in rule.items()}
        told["metadata"] = {key: it for key, it in rule["metadata"].items() if key != "needs"}
        for key in _LISTS:
            if key in rule:
                told[key] = []
                for formula in rule[key]:
                    part = _part(formula)
                    number = places.setdefault(json.dumps(part), len(parts))
                    parts += [part] if number == len(parts) else []
                    told[key].append(number)
    return json.dumps({"rules": found, "parts": parts}, indent=0, separators=(",", ":")) + "\n"


def _part(formula: Mapping[str, Any]) -> Any:
    return _with_need(formula, {key: _cut(key, value) for key, value in formula.items()})


def _with_need(formula: Mapping[str, Any], cut: Any) -> Any:
    need = need_of_formula(formula)
    return cut if need is None else {"needs": need, "is": cut}


def _cut(key: str, value: Any) -> Any:
    if key == "pattern-either":
        return [_part(it) for it in value]
    if key == "patterns":
        return [_of_all(it) for it in value]
    if key in ("pattern-inside", *_NOT) and not isinstance(value, str):
        return {name: _cut(name, it) for name, it in value.items()}
    return value


def _of_all(formula: Mapping[str, Any]) -> Any:
    """What has to hold beside others: without it they match more, unless it excludes something."""
    cut = {key: _cut(key, value) for key, value in formula.items()}
    ((key, value),) = formula.items() if len(formula) == 1 else (("", None),)
    return _with_need({_NOT[key]: value}, cut) if key in _NOT else cut

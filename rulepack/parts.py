"""All rules in one file, as the engine takes them, in parts that name what a file has to hold.

Parts of flow rules, and every choice within them, that need anything stand in
`{"needs": need, "is": formula}`. src/gatekeeper/scanners/semgrep_parts.py puts rules together again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rulepack.needs import need_of_formula

_PARTS = ("pattern-sources", "pattern-propagators", "pattern-sanitizers", "pattern-sinks")


def render(rules: Iterable[Mapping[str, Any]]) -> str:
    """The text of the file for these rules. Parts that several rules have are in it once."""
    parts: list[Any] = []
    places: dict[str, int] = {}
    found: dict[str, Any] = {}
    for rule in rules:
        told = found[rule["id"]] = dict(rule)
        told["metadata"] = {key: it for key, it in rule["metadata"].items() if key != "needs"}
        for key in _PARTS:
            if key in rule:
                told[key] = []
                for formula in rule[key]:
                    part = formula if key == "pattern-sanitizers" else _part(formula)
                    number = places.setdefault(json.dumps(part), len(parts))
                    parts += [part] if number == len(parts) else []
                    told[key].append(number)
    return json.dumps({"rules": found, "parts": parts}, indent=0, separators=(",", ":")) + "\n"


def _part(formula: Mapping[str, Any]) -> Any:
    need = need_of_formula(formula)
    cut = {key: _cut(key, value) for key, value in formula.items()}
    return cut if need is None else {"needs": need, "is": cut}


def _cut(key: str, value: Any) -> Any:
    if key == "pattern-either":
        return [_part(it) for it in value]
    if key == "patterns":
        return [{name: _cut(name, it) for name, it in formula.items()} for formula in value]
    if key == "pattern-inside" and not isinstance(value, str):
        return {name: _cut(name, it) for name, it in value.items()}
    return value

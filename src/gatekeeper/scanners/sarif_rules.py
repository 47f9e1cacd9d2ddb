"""The rules of a SARIF run: which one a result means, and what it says about the result."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import isfinite

from gatekeeper.model.finding import Confidence, Severity
from gatekeeper.scanners.sarif_types import (
    Bag,
    Component,
    Level,
    Reference,
    Result,
    Rule,
    Run,
    ToolComponent,
    item,
)
from gatekeeper.text.patterns import regex

_LEVELS: dict[Level, Severity] = {
    "error": "high",
    "warning": "medium",
    "note": "low",
    "none": "info",
}
_PRECISIONS: dict[str, Confidence] = {
    "very-high": "high",
    "high": "high",
    "medium": "medium",
    "low": "low",
}
# Each part is bounded or starts at a fixed place, so long tags cost no more than their length.
_CWE_TAG = regex(r"(?:^|/)cwe[-:]0{0,9}([1-9]\d{0,5})(?!\d)", re.IGNORECASE)
_CWE_ID = regex(r"(?:cwe-)?0{0,9}([1-9]\d{0,5})", re.IGNORECASE)
_MOST_TAGS = 100


class Rules:
    """The rules and taxa that a run's results refer to."""

    def __init__(self, run: Run) -> None:
        self.driver = run.tool.driver
        self._extensions = run.tool.extensions or []
        self._taxonomies = run.taxonomies or []
        self._by_id: dict[str, Rule] = {}
        for component in (self.driver, *self._extensions):
            for rule in component.rules or ():
                self._by_id.setdefault(rule.id or "", rule)

    def find(self, result: Result) -> tuple[str, Rule]:
        """The rule's id, and the rule as far as the run describes it."""
        reference = result.rule or Reference()
        told = result.rule_id or reference.id or ""
        index = result.rule_index if reference.index is None else reference.index
        component = _component(reference.tool_component, self._extensions) or self.driver
        rule = item(component.rules, index)
        # Some tools count the index in another component than they say: the id is told twice.
        if rule is not None and _fits(told, rule.id or ""):
            return told or rule.id or "unknown", rule
        if told:
            parent = told.rpartition("/")[0]
            return told, self._by_id.get(told) or self._by_id.get(parent) or Rule()
        return next((taxon.id for taxon in result.taxa or () if taxon.id), "unknown"), Rule()

    def cwe(self, result: Result, rule: Rule) -> tuple[str, ...]:
        """Weaknesses, as `CWE-79`, that the rule's tags or the taxa name."""
        numbers = [match[1] for tag in tags(result, rule) if (match := _CWE_TAG.search(tag))]
        targets = [relation.target for relation in (rule.relationships or ())[:_MOST_TAGS]]
        for reference in (*(result.taxa or ())[:_MOST_TAGS], *targets):
            numbers += self._weakness(reference)
        return tuple(dict.fromkeys(f"CWE-{number}" for number in numbers))

    def _weakness(self, reference: Reference) -> Iterator[str]:
        wanted = reference.tool_component or Component()
        taxonomy = _component(wanted, self._taxonomies)
        name = (taxonomy.name if taxonomy else wanted.name) or ""
        taxon = item(taxonomy.taxa, reference.index) if taxonomy else None
        told = reference.id or (taxon.id if taxon else None) or ""
        match = _CWE_ID.fullmatch(told)
        if match and (name.upper() == "CWE" or told[:4].upper() == "CWE-"):
            yield match[1]


def _fits(told: str, rule_id: str) -> bool:
    """Whether a result's rule id, which may go on in more detail, is that of the rule."""
    return not told or told == rule_id or told.startswith(rule_id + "/")


def _component(wanted: Component | None, known: Sequence[ToolComponent]) -> ToolComponent | None:
    if wanted is None:
        return None
    if (found := item(known, wanted.index)) is not None:
        return found
    for component in known:
        if wanted.guid and component.guid == wanted.guid:
            return component
        if wanted.name and component.name == wanted.name:
            return component
    return None


def tags(result: Result, rule: Rule) -> list[str]:
    """The tags of the rule and of the result."""
    found: list[str] = []
    for bag in (rule.properties, result.properties):
        if bag is not None and isinstance(bag.tags, list):
            found += [tag[:200] for tag in bag.tags[:_MOST_TAGS] if isinstance(tag, str)]
    return found


def severity(result: Result, rule: Rule) -> Severity:
    """From the security severity if there is one, else from the level."""
    if result.kind in ("open", "review"):
        return "info"
    for bag in (result.properties, rule.properties):
        score = _score(bag)
        if score > 0:
            if score >= 9:
                return "critical"
            return "high" if score >= 7 else "medium" if score >= 4 else "low"
    default = rule.default_configuration.level if rule.default_configuration else None
    return _LEVELS[result.level or default or "warning"]


def _score(bag: Bag | None) -> float:
    value = bag.security_severity if bag is not None else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return 0.0
    try:
        score = float(value)
    except (ValueError, OverflowError):
        return 0.0
    return score if isfinite(score) else 0.0


def confidence(result: Result, rule: Rule) -> Confidence:
    """From the precision; a tool that tells none is believed."""
    for bag in (result.properties, rule.properties):
        if bag is not None and isinstance(bag.precision, str):
            return _PRECISIONS.get(bag.precision.lower(), "high")
    return "high"

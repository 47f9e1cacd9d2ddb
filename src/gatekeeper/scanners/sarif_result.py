"""From a result in a SARIF run to a finding."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from gatekeeper.model.finding import Suppression
from gatekeeper.scanners.interface import RawFinding
from gatekeeper.scanners.sarif_paths import Paths
from gatekeeper.scanners.sarif_rules import Rules, confidence, severity, tags
from gatekeeper.scanners.sarif_types import (
    BaselineState,
    Location,
    PhysicalLocation,
    Region,
    Result,
    Rule,
    Run,
    Text,
    ToolComponent,
)
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

# Every part is bounded, so that no result can blow up what it says.
_LONGEST_MESSAGE = 1000
_LONGEST_TEMPLATE = 2000
_LONGEST_ARGUMENT = 300
_LAST_LINE = 10_000_000
_PLACEHOLDER = regex(r"\{\{|\}\}|\{(\d{1,3})\}")
_LINK = regex(r"\[([^\[\]]{1,200})\]\(\d{1,9}\)")
_PLACE = regex(r"\b(lines?|columns?|col|row)([ :]{1,3})\d+|:\d+\b", re.IGNORECASE)
_NOT_A_FINDING = frozenset({"pass", "notApplicable", "informational"})
# Hard-coded credentials: what such a finding points at is not for reports to show.
_SECRETS = frozenset({"CWE-259", "CWE-321", "CWE-798"})


class Told(Struct, frozen=True):
    """A finding with what tells whether it is new.

    `content` is the same wherever the finding stands: it holds neither path nor line.
    """

    finding: RawFinding
    content: tuple[str, ...]
    baseline: BaselineState | None


def findings_of(run: Run, has_file: Callable[[str], bool]) -> list[Told]:
    """The problems a run reports; what it calls passed or absent is none."""
    rules = Rules(run)
    paths = Paths(run, has_file)
    return [
        _told(result, rules, paths)
        for result in run.results or ()
        if result.kind not in _NOT_A_FINDING and result.baseline_state != "absent"
    ]


def _told(result: Result, rules: Rules, paths: Paths) -> Told:
    rule_id, rule = rules.find(result)
    name = f"{_name(rules.driver.name) or 'unnamed'}/{_name(rule_id)}"
    place = _place(result.locations)
    path, why_not = paths.find(place.artifact_location)
    region = place.region if path and place.region else Region()
    line = _count(region.start_line)
    message = _message(result, rule, rules.driver)
    suppression = _suppression(result)
    cwe = rules.cwe(result, rule)
    placeless = _PLACE.sub(r"\1\2", message)
    finding = RawFinding(
        path=path,
        rule=name,
        message=f"{message} ({why_not})" if why_not else message,
        severity=severity(result, rule),
        confidence=confidence(result, rule),
        line=line,
        end_line=max(_count(region.end_line), line) if line else 0,
        column=_count(region.start_column) if line else 0,
        cwe=cwe,
        help_url=_web_address(rule.help_uri),
        suppression=suppression,
        sensitive=not _SECRETS.isdisjoint(cwe) or "secret" in tags(result, rule),
        # Without a line there is no content to identify it by, but what is said about it.
        anchor="" if line else placeless,
    )
    prints = sorted((result.partial_fingerprints or {}).items())
    marks = (part for pair in prints for part in pair)
    # A finding that is suppressed at one side only is not the same at both.
    content = (name, "suppressed" if suppression else "", placeless, *marks)
    return Told(finding, content, result.baseline_state)


def _name(text: str) -> str:
    return printable(" ".join(text[:200].split()))


def _place(locations: list[Location] | None) -> PhysicalLocation:
    first = locations[0].physical_location if locations else None
    return first or PhysicalLocation()


def _count(number: int | None) -> int:
    """A line or column, 0 when it is none."""
    return number if number is not None and 0 < number <= _LAST_LINE else 0


def _web_address(uri: str | None) -> str:
    if not uri or len(uri) > 2000 or not uri.isprintable() or " " in uri:
        return ""
    return uri if uri.lower().startswith(("https://", "http://")) else ""


def _message(result: Result, rule: Rule, driver: ToolComponent) -> str:
    """What the result says, on one line of bounded length."""
    said = result.message
    template = said.text
    if not template and said.id:
        for strings in (rule.message_strings, driver.global_message_strings):
            if template := _words((strings or {}).get(said.id)):
                break
    template = (
        template
        or said.markdown
        or _words(rule.short_description)
        or _words(rule.full_description)
        or "the tool gives no message"
    )[:_LONGEST_TEMPLATE]
    if said.arguments or not said.text:
        template = _filled(template, [value[:_LONGEST_ARGUMENT] for value in said.arguments or ()])
    # Links to related locations mean nothing outside of the document.
    text = printable(" ".join(_LINK.sub(r"\1", template).split()))
    return text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE] + "\u2026"


def _words(text: Text | None) -> str:
    return (text.text or text.markdown or "") if text else ""


def _filled(template: str, arguments: list[str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        index = int(match[1])
        return arguments[index] if index < len(arguments) else match[0]

    return _PLACEHOLDER.sub(value, template)


def _suppression(result: Result) -> Suppression | None:
    """The suppression in force; one that is rejected or under review keeps the finding open."""
    records = result.suppressions or []
    if not records or any(record.status not in (None, "accepted") for record in records):
        return None
    reason = next((record.justification for record in records if record.justification), "")
    return Suppression("sarif suppression", printable(" ".join(reason.split()))[:200])

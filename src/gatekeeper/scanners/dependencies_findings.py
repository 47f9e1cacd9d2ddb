"""Findings about vulnerable dependencies: how severe, why, who brought it in, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from msgspec import UNSET, Struct

from gatekeeper.config.dependency_options import DependenciesOptions
from gatekeeper.model.advisory import Vulnerability
from gatekeeper.model.finding import SEVERITIES, Severity, Suppression
from gatekeeper.scanners.dependencies_items import Item
from gatekeeper.scanners.interface import RawFinding
from gatekeeper.text.names import printable

_SUMMARY = 200
_WORTH_TELLING = 0.01
_OSV = "https://osv.dev/vulnerability/"


class Told(Struct, frozen=True):
    """A finding with what identifies it. `always`: it blocks, whoever brought it in."""

    finding: RawFinding
    identity: str
    always: bool = False

    @property
    def place(self) -> tuple[str, str]:
        """The file and the identity."""
        return self.finding.path, self.identity


def surplus(findings: Sequence[Told], base: Sequence[Told]) -> list[bool]:
    """For each finding whether head has more of it than the base, its own file first."""
    new = [True] * len(findings)
    places = Counter(it.place for it in base)
    for index, it in enumerate(findings):
        if places[it.place] > 0:
            places[it.place] -= 1
            new[index] = False
    elsewhere: Counter[str] = Counter()
    for place, count in places.items():
        elsewhere[place[1]] += count
    for index, it in enumerate(findings):
        if new[index] and elsewhere[it.identity] > 0:
            elsewhere[it.identity] -= 1
            new[index] = False
    return new


def told(found: Iterable[Item], today: str, options: DependenciesOptions) -> list[Told]:
    """One finding per vulnerability, package version and folder: a lock's before a manifest's.

    The same package at the same version, in two files of one folder, is one problem.
    """
    first: dict[tuple[str, ...], list[tuple[Item, Vulnerability]]] = {}
    for it in found:
        if it.left_out:
            continue
        for one in it.vulnerabilities:
            folder = it.dependency.place.path.rpartition("/")[0]
            first.setdefault((folder, it.subject, one.id), []).append((it, one))
    return [_one(group, today, options) for group in first.values()]


def _one(
    group: Sequence[tuple[Item, Vulnerability]], today: str, options: DependenciesOptions
) -> Told:
    # What holds transitive dependencies tells who brought it in.
    it, one = max(group, key=lambda pair: (pair[0].inventory.complete, len(pair[0].via)))
    others = sorted(
        {other.dependency.place.path for other, _ in group} - {it.dependency.place.path}
    )
    severity = severity_of(one, options)
    due = due_date(one, severity, options)
    overdue = bool(due) and due < today
    place = it.dependency.place
    anchor = f"{it.dependency.ecosystem}:{it.dependency.name}:{min(one.ids or (one.id,))}"
    unfixed = options.ignore_until_fixed and not one.fixed and not one.malicious
    return Told(
        RawFinding(
            path=place.path,
            rule=one.id,
            message=_message(it, one, due, overdue=overdue, others=others),
            severity=severity,
            line=place.line,
            end_line=place.line,
            cwe=one.cwe,
            help_url=f"{_OSV}{one.id}",
            anchor=anchor,
            subject=it.subject,
            suppression=Suppression("ignore_until_fixed", "no version fixes it yet")
            if unfixed
            else None,
        ),
        anchor,
        always=one.malicious or (overdue and options.due.overdue_blocks),
    )


def severity_of(one: Vulnerability, options: DependenciesOptions) -> Severity:
    """What it counts as: as rated, and more when it is exploited or malicious."""
    candidates: list[Severity] = [one.severity or options.unknown_severity]
    if one.kev:
        candidates.append(options.exploited_severity)
    if one.epss is not None and options.epss_from < 1 and one.epss >= options.epss_from:
        candidates.append("high")
    if one.malicious:
        candidates.append("critical")
    return max(candidates, key=SEVERITIES.index)


def due_date(one: Vulnerability, severity: Severity, options: DependenciesOptions) -> str:
    """The ISO date until which it has to be dealt with; empty when nothing demands one."""
    from datetime import date, timedelta

    dates = [one.kev[:10]] if one.kev else []
    days = getattr(options.due, severity, UNSET)
    if days is not UNSET and one.published:
        with suppress(ValueError, OverflowError):
            dates.append((date.fromisoformat(one.published[:10]) + timedelta(days)).isoformat())
    return min(dates, default="")


def _message(
    it: Item, one: Vulnerability, due: str, *, overdue: bool, others: Sequence[str]
) -> str:
    name = printable(it.dependency.display or it.dependency.name)
    summary = " ".join(one.summary.split())
    if len(summary) > _SUMMARY:
        summary = summary[: _SUMMARY - 1].rstrip() + "…"
    what = "is malicious" if one.malicious else "is vulnerable"
    said = f"{name} {printable(it.dependency.version)} {what}: {printable(summary) or one.id}"
    parts = [said.rstrip(".") + "."]
    if also := [alias for alias in one.ids if alias != one.id]:
        parts.append(f"Also known as {', '.join(also[:4])}.")
    parts.append(_what_to_do(it, one))
    if len(it.via) > 1:
        way = " > ".join(printable(step.display or step.name) for step in it.via)
        parts.append(f"Brought in by {way}.")
    parts += _urgency(one)
    if due:
        parts.append(f"Overdue since {due}." if overdue else f"Due {due}.")
    if one.found_by not in ((), ("gatekeeper",)):
        parts.append(f"Found by {', '.join(one.found_by)}.")
    if others:
        parts.append(f"Also in {', '.join(printable(path) for path in others[:3])}.")
    return " ".join(parts)


def _what_to_do(it: Item, one: Vulnerability) -> str:
    if one.malicious:
        return "Remove it, and treat every machine that installed it as compromised."
    if it.fix:
        alone = one.fixed[0] if one.fixed else it.fix
        first = f"; {alone} fixes this one alone" if alone != it.fix else ""
        return f"Update it to {it.fix}, which has no known vulnerability{first}."
    if one.fixed:
        return f"Fixed in {', '.join(one.fixed[:3])}."
    return "No version fixes it yet."


def _urgency(one: Vulnerability) -> Iterator[str]:
    if one.kev:
        yield f"Known to be exploited (CISA: fix by {one.kev[:10]})."
    if one.epss is not None and one.epss >= _WORTH_TELLING:
        yield f"Probability of exploitation within 30 days: {one.epss:.0%}."
    if one.severity is None and not one.malicious:
        yield "Nobody has rated how severe it is."

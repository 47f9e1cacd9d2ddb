"""Findings about vulnerable dependencies: how severe, why, who brought it in, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from msgspec import UNSET

from gatekeeper.config.dependency_options import DependenciesOptions
from gatekeeper.model.advisory import Vulnerability
from gatekeeper.model.finding import SEVERITIES, Severity, Suppression
from gatekeeper.scanners.dependencies_dissent import dissent
from gatekeeper.scanners.dependencies_items import Item
from gatekeeper.scanners.dependencies_told import Told
from gatekeeper.scanners.dependencies_vex import Statements
from gatekeeper.scanners.interface import RawFinding
from gatekeeper.text.names import printable

_SUMMARY = 200
_WORTH_TELLING = 0.01
# Advice, and no proof: it changes nothing else.
_IMPORTED = {
    "imported": "The project imports it.",
    "not-found": "No file of the project imports it by name.",
}
_OSV = "https://osv.dev/vulnerability/"


def told(
    found: Iterable[Item],
    today: str,
    options: DependenciesOptions,
    statements: Statements | None = None,
) -> list[Told]:
    """One finding per vulnerability, package version and folder: a lock's before a manifest's.

    The same package at the same version, in two files of one folder, is one problem. What one of
    the `statements` settles is told as ignored, with the reason.
    """
    statements = statements or Statements((), today)
    first: dict[tuple[str, ...], list[tuple[Item, Vulnerability]]] = {}
    for it in found:
        if it.left_out:
            continue
        for one in it.vulnerabilities:
            folder = it.dependency.place.path.rpartition("/")[0]
            first.setdefault((folder, it.subject, one.id), []).append((it, one))
    return [_one(group, today, options, statements) for group in first.values()]


def _one(
    group: Sequence[tuple[Item, Vulnerability]],
    today: str,
    options: DependenciesOptions,
    statements: Statements,
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
    ignored = _ignored(it, one, options, statements)
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
            suppression=ignored,
        ),
        # What was ignored before, and is not any more, was not there before.
        f"{anchor} ignored" if ignored else anchor,
        always=one.malicious or (overdue and options.due.overdue_blocks and not ignored),
    )


def _ignored(
    it: Item, one: Vulnerability, options: DependenciesOptions, statements: Statements
) -> Suppression | None:
    if (said := statements.settled(it.dependency, one)) is not None:
        place = f"{printable(said.place.path)}:{said.place.line}"
        return Suppression(f"{said.status} in {place}, {said.key}", printable(said.reason))
    if options.ignore_until_fixed and not one.fixed and not one.malicious:
        return Suppression("ignore_until_fixed", "no version fixes it yet")
    return None


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
        parts += _how(it, one)
    if it.imported in _IMPORTED:
        parts.append(_IMPORTED[it.imported])
    parts += _urgency(one)
    if due:
        parts.append(f"Overdue since {due}." if overdue else f"Due {due}.")
    if it.auditors and (apart := dissent(one, it.auditors)):
        parts.append(apart)
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


def _how(it: Item, one: Vulnerability) -> Iterator[str]:
    """How to update what others bring in."""
    advice = it.advice
    if advice and not one.malicious and advice.kind in ("lock", "parent"):
        yield f"{'To do so,' if advice.kind == 'lock' else 'But'} {advice.message}."


def _urgency(one: Vulnerability) -> Iterator[str]:
    if one.kev:
        yield f"Known to be exploited (CISA: fix by {one.kev[:10]})."
    if one.epss is not None and one.epss >= _WORTH_TELLING:
        yield f"Probability of exploitation within 30 days: {one.epss:.0%}."
    if one.severity is None and not one.malicious:
        yield "Nobody has rated how severe it is."

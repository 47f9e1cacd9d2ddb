"""Every dependency and what became of it, as a table for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper.model.account import Account, AccountStatus
from gatekeeper.model.advice import Advice
from gatekeeper.model.outcome import Failed, Ran
from gatekeeper.model.verdict import Report
from gatekeeper.text.names import printable

_ORDER: tuple[AccountStatus, ...] = ("vulnerable", "not-checked", "left-out", "clean")


def accounts_of(report: Report) -> tuple[Account, ...]:
    """The accounts of all scanners that keep some."""
    return tuple(
        it
        for outcome in report.outcomes
        if isinstance(outcome.outcome, Ran)
        for it in outcome.outcome.accounts
    )


def render_accounts(report: Report, width: int) -> str:
    """What is vulnerable first, then what was not checked; a line for each."""
    accounts = accounts_of(report)
    lines = [
        f"{it.scanner}: {it.outcome.message}"
        for it in report.outcomes
        if isinstance(it.outcome, Failed)
    ]
    for status in _ORDER:
        some = [it for it in accounts if it.status == status]
        if some:
            lines += ["", f"{status} ({len(some):,})", *_rows(some, width)]
    if not accounts and not lines:
        lines.append("no manifests and no lock files")
    return "\n".join(lines).lstrip("\n") + "\n"


def _rows(accounts: Iterable[Account], width: int) -> Iterator[str]:
    rows = [(f"{_place(it)}", f"{it.name} {it.version}".strip(), _why(it)) for it in accounts]
    rows = [(printable(a), printable(b), printable(c)) for a, b, c in rows]
    places = min(max(len(row[0]) for row in rows), 40)
    names = min(max(len(row[1]) for row in rows), 40)
    for place, name, why in sorted(rows):
        line = f"  {name:<{names}}  {place:<{places}}  {why}".rstrip()
        yield line if len(line) <= width else line[: width - 1] + "…"


def _place(it: Account) -> str:
    return f"{it.place.path}:{it.place.line}" if it.place.line else it.place.path


def _why(it: Account) -> str:
    parts: list[str] = []
    if it.vulnerabilities:
        more = len(it.vulnerabilities) - 3
        named = ", ".join(it.vulnerabilities[:3]) + (f" and {more} more" if more > 0 else "")
        parts.append(named + (f"; fixed in {it.fixed}" if it.fixed else "; no fix"))
        if it.imported != "unknown":
            parts.append("imported" if it.imported == "imported" else "not imported by name")
    elif it.message:
        parts.append(it.message)
    if len(it.via) > 1:
        parts.append(f"by {' > '.join(it.via[:-1])}")
    if it.advice and it.advice.kind != "none" and not _is_plain(it, it.advice):
        parts.append(it.advice.message)
    return "; ".join(parts)


def _is_plain(it: Account, advice: Advice) -> bool:
    """Whether the advice says no more than which version is fixed."""
    return advice.kind == "raise" and [step.name for step in advice.steps] == [it.name.lower()]

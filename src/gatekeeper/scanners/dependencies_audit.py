"""The work of the scanner dependencies: read both versions, ask what is known, compare, judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from gatekeeper.advisories.assessing import assess
from gatekeeper.model.account import Account, AccountStatus, Analysis
from gatekeeper.model.dependency import Inventory
from gatekeeper.model.finding import Measurement
from gatekeeper.ports.advisories import Advisories
from gatekeeper.scanners.change_interface import Change, ChangeScanned
from gatekeeper.scanners.dependencies_dissent import Heard
from gatekeeper.scanners.dependencies_findings import told
from gatekeeper.scanners.dependencies_hygiene import hygiene
from gatekeeper.scanners.dependencies_items import Item, fixes, items
from gatekeeper.scanners.dependencies_sources import inventories, unreadable
from gatekeeper.scanners.dependencies_told import Told, surplus
from gatekeeper.scanners.dependencies_vex import Statements, vex_files
from gatekeeper.scanners.interface import RawUnchecked
from gatekeeper.text.names import plural, printable

SCANNER = "dependencies"
_SHOWN = 20
_REASON = 160


def audit(change: Change, head: Sequence[Inventory], advisories: Advisories) -> ChangeScanned:
    """The account of every dependency; what the change did not bring in existed before.

    Raises AdvisoriesError when nothing can be said about any.
    """
    options = change.config.scanners.dependencies
    base: Sequence[Inventory] = inventories(change, change.base) if change.base else ()
    if options.resolve:
        from gatekeeper.scanners.dependencies_resolving import Closing

        closing = Closing(change)
        head, base = closing.closed(head), closing.closed(base)
    if change.config.scanners.action_pins.verify:
        from gatekeeper.scanners.dependencies_actions import Naming

        naming = Naming(change)
        head, base = naming.named(head), naming.named(base)
    everything = [it for one in (*head, *base) for it in one.dependencies]
    assessment = assess(everything, advisories)
    others = Heard()
    if options.auditors:
        from gatekeeper.scanners.dependencies_auditors import heard

        others = heard(change.auditors(), options.auditors, everything)
        assessment = others.added(everything, assessment)
    safe = fixes(everything, assessment, advisories)
    now = items(head, assessment, options, safe, others.judges)
    if any(it.vulnerabilities for it in now):
        from gatekeeper.scanners.dependencies_advice import advised
        from gatekeeper.scanners.dependencies_imports import with_imports

        now = with_imports(change, advised(now))
    before = items(base, assessment, options, safe, others.judges)
    now, asked = _asked(change, now, before, head)
    said = Statements(vex_files(change.head, options.vex, head=True), change.today, options)
    findings = [*told(now, change.today, options, said), *said.told()]
    findings += [*hygiene(change, head), *asked]
    fresh = surplus(findings, _before(change, before, base))
    accounts = [_account(it, said) for it in now]
    return ChangeScanned(
        new=[it.finding for it, new in zip(findings, fresh, strict=True) if new or it.always],
        existing=[
            it.finding for it, new in zip(findings, fresh, strict=True) if not (new or it.always)
        ],
        unchecked=[*unreadable(head), *others.unchecked, *_left_open(now, options.tolerate)],
        base_unchecked=[*unreadable(base), *_left_open(before, options.tolerate)],
        measurements=list(_measurements(accounts)),
        summary=_summary(accounts, advisories),
        accounts=accounts,
        notes=[
            *_notes(accounts, options.tolerate),
            *others.told((it.dependency, one) for it in now for one in it.vulnerabilities),
            *_settled(accounts),
        ],
    )


def _asked(
    change: Change, now: list[Item], before: Sequence[Item], head: Sequence[Inventory]
) -> tuple[list[Item], Sequence[Told]]:
    """The items, of which some may now be not checked, and what package indexes told."""
    if not change.config.scanners.dependencies.asks_indexes:
        return now, ()
    from gatekeeper.scanners.dependencies_index import looked_up

    looked = looked_up(change, now, before, head)
    return looked.items, looked.told


def _before(change: Change, before: Sequence[Item], base: Sequence[Inventory]) -> list[Told]:
    """What there was to tell at the base, by its own documents about exploitability."""
    if change.base is None:
        return []
    options = change.config.scanners.dependencies
    said = Statements(vex_files(change.base, options.vex, head=False), change.today, options)
    known = hygiene(change, base)
    return [*told(before, change.today, options, said), *said.told(), *known]


def _left_open(found: Iterable[Item], tolerate: Sequence[str]) -> Iterator[RawUnchecked]:
    for it in found:
        why = it.left_open
        if why is None or it.left_out or why.reason in tolerate:
            continue
        name = it.dependency.display or it.dependency.name
        version = f" {it.dependency.version}" if it.dependency.version else ""
        remedy = f"; {why.remedy}" if why.remedy else ""
        place = it.dependency.place
        yield RawUnchecked(
            place.path,
            why.reason,
            f"{printable(name)}{printable(version)} was not audited: {why.message}{remedy}",
            f"{it.dependency.ecosystem}:{it.dependency.name}",
            place.line,
        )


def _account(it: Item, said: Statements) -> Account:
    dependency = it.dependency
    status: AccountStatus = "clean"
    reason = message = ""
    if it.vulnerabilities:
        status = "vulnerable"
    elif it.left_out:
        status, message = "left-out", it.left_out
    elif it.left_open is not None:
        status, reason, message = "not-checked", it.left_open.reason, it.left_open.message
    return Account(
        ecosystem=dependency.ecosystem,
        name=dependency.display or dependency.name,
        version=dependency.version,
        place=dependency.place,
        status=status,
        reason=reason,
        message=message,
        direct=dependency.direct,
        scope=dependency.scope,
        via=tuple(one.display or one.name for one in it.via),
        vulnerabilities=tuple(one.id for one in it.vulnerabilities),
        fixed=it.fix,
        imported=it.imported,
        advice=it.advice,
        analyses=tuple(Analysis(one, said.settled(dependency, one)) for one in it.vulnerabilities),
    )


def _measurements(accounts: Sequence[Account]) -> Iterator[Measurement]:
    counts = Counter(str(it.status) for it in accounts)
    yield Measurement(SCANNER, "dependencies.total", float(len(accounts)), "dependencies")
    for status in ("vulnerable", "clean", "not-checked", "left-out"):
        name = f"dependencies.{status.replace('-', '_')}"
        yield Measurement(SCANNER, name, float(counts[status]), "dependencies")


def _summary(accounts: Sequence[Account], advisories: Advisories) -> str:
    counts = Counter(str(it.status) for it in accounts)
    parts = [plural(len(accounts), "dependency")]
    for status, words in (
        ("vulnerable", "vulnerable"), ("not-checked", "not checked"), ("left-out", "left out"),
    ):  # fmt: skip
        if counts[status]:
            parts.append(f"{counts[status]:,} {words}")
    as_of = advisories.source().as_of[:10]
    return ", ".join(parts) + (f", by advisories of {as_of}" if as_of else "")


def _notes(accounts: Sequence[Account], tolerate: Sequence[str]) -> Iterator[str]:
    """What is tolerated is still told."""
    for reason in tolerate:
        left = [it for it in accounts if it.status == "not-checked" and it.reason == reason]
        if left:
            named = ", ".join(sorted({printable(it.name) for it in left})[:3])
            more = f" and {len(left) - 3} more" if len(left) > 3 else ""
            yield f"not audited ({reason}): {named}{more}"


def _settled(accounts: Iterable[Account]) -> Iterator[str]:
    """What a statement settles is never just gone."""
    said = {
        f"{printable(it.name)} {printable(it.version)}: {printable(one.vulnerability.id)} is"
        f" {one.settled.status.replace('_', ' ')} ({printable(one.settled.place.path)}:"
        f"{one.settled.place.line}: {printable(one.settled.reason)[:_REASON]})"
        for it in accounts
        for one in it.analyses
        if one.settled and it.status == "vulnerable"
    }
    yield from sorted(said)[:_SHOWN]
    if len(said) > _SHOWN:
        yield f"{len(said) - _SHOWN:,} more vulnerabilities are settled by statements"

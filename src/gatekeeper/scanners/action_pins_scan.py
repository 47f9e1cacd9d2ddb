"""The work of the scanner action-pins: ask each repository once, judge every pin, compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gatekeeper.model.dependency import Dependency, Inventory
from gatekeeper.model.finding import Measurement, Severity
from gatekeeper.scanners.change_interface import Change, ChangeScanned
from gatekeeper.scanners.dependencies_sources import inventories, unreadable
from gatekeeper.scanners.dependencies_told import Told, surplus
from gatekeeper.scanners.interface import RawFinding, RawUnchecked
from gatekeeper.supplychain.standing import Pin, Repositories, Standing, State, address_of
from gatekeeper.text.names import plural, printable

SCANNER = "action-pins"
_MANAGER = "github-actions"
_RULES: Mapping[State, tuple[str, Severity]] = {
    "impostor": ("impostor-commit", "high"),
    "mismatch": ("version-mismatch", "medium"),
}
_REMEDY = "Look at the commit before anything else; `gatekeeper pin` pins the tag anew."


def pinned(found: Iterable[Inventory]) -> list[Dependency]:
    """The actions and reusable workflows that are called by a commit."""
    return [
        it
        for one in found
        if one.manager == _MANAGER
        for it in one.dependencies
        if it.ecosystem == _MANAGER and it.hashes
    ]


def scan(change: Change, head: Sequence[Inventory]) -> ChangeScanned:
    """What the change brings in that is not what it says it is, or could not be told."""
    base = inventories(change, change.base) if change.base is not None else ()
    remotes = change.remotes()
    server = change.config.scanners.action_pins.server or remotes.server
    now = [(it, _pin(it, server)) for it in pinned(head)]
    before = [(it, _pin(it, server)) for it in pinned(base)]
    asked = {pin for _, pin in (*now, *before) if pin.address}
    known = Repositories(remotes).standings(asked)
    findings = list(_told(now, known))
    fresh = surplus(findings, list(_told(before, known)))
    ours = [it for it in head if it.manager == _MANAGER]
    theirs = [it for it in base if it.manager == _MANAGER]
    counts: Counter[str] = Counter(known[pin].state if pin in known else "open" for _, pin in now)
    return ChangeScanned(
        new=[it.finding for it, new in zip(findings, fresh, strict=True) if new],
        existing=[it.finding for it, new in zip(findings, fresh, strict=True) if not new],
        unchecked=[*unreadable(ours), *_left_open(now, known)],
        base_unchecked=[*unreadable(theirs), *_left_open(before, known)],
        measurements=[
            Measurement(SCANNER, f"action_pins.{name}", counts[name], "actions")
            for name in ("confirmed", "unclaimed", "impostor", "mismatch", "open")
        ],
        summary=_summary(len(now), counts),
    )


def _pin(it: Dependency, server: str) -> Pin:
    name = "/".join(it.display.split("/")[:2])
    return Pin(address_of(server, name), it.requirement.lower(), it.claim)


def _told(pins: Iterable[tuple[Dependency, Pin]], known: Mapping[Pin, Standing]) -> Iterator[Told]:
    for it, pin in pins:
        if pin not in known or known[pin].state not in _RULES:
            continue
        rule, severity = _RULES[known[pin].state]
        anchor = f"{rule} {it.name} {pin.commit} {pin.claim}"
        yield Told(
            RawFinding(
                path=it.place.path,
                rule=rule,
                message=f"{printable(it.display)}: {known[pin].message}. {_REMEDY}",
                severity=severity,
                line=it.place.line,
                end_line=it.place.line,
                anchor=anchor,
                subject=f"{_MANAGER}:{it.name}@{it.version or it.requirement}",
            ),
            anchor,
        )


def _left_open(
    pins: Iterable[tuple[Dependency, Pin]], known: Mapping[Pin, Standing]
) -> Iterator[RawUnchecked]:
    for it, pin in pins:
        why, remedy = "this is no name of a repository", "write it as in `owner/name@<commit>`"
        if pin in known:
            if known[pin].state != "open":
                continue
            why, remedy = known[pin].message, known[pin].remedy
        said = f" # {it.claim}" if it.claim else ""
        yield RawUnchecked(
            it.place.path,
            "service-unavailable",
            f"{printable(it.display)} was not verified: {why}" + (f"; {remedy}" if remedy else ""),
            # Another commit, or another claim, is another question: the base did not ask it.
            f"{_MANAGER}:{it.name}@{pin.commit}{said}",
            it.place.line,
        )


def _summary(total: int, counts: Mapping[str, int]) -> str:
    parts = [plural(total, "pinned action")]
    for state, words in (
        ("impostor", "of no branch or tag"), ("mismatch", "of another version"),
        ("unclaimed", "without a version"), ("open", "not verified"),
    ):  # fmt: skip
        if counts[state]:
            parts.append(f"{counts[state]:,} {words}")
    return ", ".join(parts)

"""Findings of several auditors as one per vulnerability and package version."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from gatekeeper.advisories.aliases import Aliases, for_people
from gatekeeper.advisories.names import normal
from gatekeeper.advisories.versions import bound_of
from gatekeeper.model.advisory import Vulnerability
from gatekeeper.model.dependency import Ecosystem
from gatekeeper.model.finding import SEVERITIES

Where = tuple[str, str, str]


def merge(found: Iterable[Vulnerability]) -> tuple[Vulnerability, ...]:
    """One for all that are aliases of each other, over all of their names; who found it is kept.

    Where they differ, the higher severity and the earlier date stand. Ordered by package and id.
    """
    everything = list(found)
    aliases = Aliases()
    for it in everything:
        aliases.join((it.id, *it.ids))
    groups: dict[tuple[Where, str], list[Vulnerability]] = {}
    for it in everything:
        groups.setdefault((_where(it), aliases.find(it.id)), []).append(it)
    merged = [_one(group) for group in groups.values()]
    return tuple(sorted(merged, key=lambda it: (_where(it), it.id)))


def _where(it: Vulnerability) -> Where:
    ecosystem: Ecosystem = it.ecosystem
    key = bound_of(ecosystem, it.version)
    # `1.0` and `1.0.0` are one version, whichever way an auditor writes it.
    return (ecosystem, normal(ecosystem, it.name), key.full.hex() if key else it.version)


def _one(group: list[Vulnerability]) -> Vulnerability:
    if len(group) == 1:
        return group[0]
    # Who knows most says what is not decided below.
    first = max(group, key=lambda it: (it.severity is not None, len(it.ids), it.summary))
    ids = sorted({name for it in group for name in (it.id, *it.ids)})
    malicious = any(it.malicious for it in group)
    rated = max(
        group,
        key=lambda it: (
            SEVERITIES.index(it.severity) if it.severity else -1,
            -1 if it.score is None else it.score,
        ),
    )
    return replace(
        first,
        id=for_people(ids, malicious=malicious),
        ids=tuple(ids),
        summary=first.summary or next((it.summary for it in group if it.summary), ""),
        severity=rated.severity,
        score=rated.score,
        vector=rated.vector,
        fixed=_fixed(first.ecosystem, group),
        cwe=tuple(sorted({cwe for it in group for cwe in it.cwe})),
        url=first.url or next((it.url for it in group if it.url), ""),
        published=min((it.published for it in group if it.published), default=""),
        kev=min((it.kev for it in group if it.kev), default=""),
        epss=max((it.epss for it in group if it.epss is not None), default=None),
        malicious=malicious,
        found_by=tuple(dict.fromkeys(name for it in group for name in it.found_by)),
    )


def _fixed(ecosystem: Ecosystem, group: list[Vulnerability]) -> tuple[str, ...]:
    """Our own matcher has left out what does not fix it; without it, all that anybody names."""
    own = next((it.fixed for it in group if "gatekeeper" in it.found_by and it.fixed), None)
    if own is not None:
        return own
    named = {version for it in group for version in it.fixed}
    return tuple(sorted(named, key=lambda version: (_order(ecosystem, version), version)))


def _order(ecosystem: Ecosystem, version: str) -> bytes:
    key = bound_of(ecosystem, version)
    return key.full if key else b"\xff"

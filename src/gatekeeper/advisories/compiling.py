"""Advisories to what matching needs: by package, with versions as keys and aliases together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from gatekeeper.advisories.aliases import Aliases, all_upstream, for_people
from gatekeeper.advisories.evaluation import in_ranges
from gatekeeper.advisories.names import ECOSYSTEMS, normal
from gatekeeper.advisories.severity import Rating, rate
from gatekeeper.advisories.versions import BEFORE_ALL, Key, bound_of
from gatekeeper.model.advisory import (
    Advisory,
    Affected,
    Bound,
    Cluster,
    Entry,
    Event,
    PackageAdvisories,
    Priority,
    Range,
)
from gatekeeper.model.dependency import Ecosystem

Named = tuple[Ecosystem, str]
Scores = tuple[tuple[str, str], ...]


class _Claim(NamedTuple):
    """What one advisory says about one package, before clusters are known."""

    id: str
    ranges: tuple[tuple[Bound, ...], ...]
    versions: tuple[bytes, ...]
    literal: tuple[str, ...]
    unsure: tuple[tuple[Bound, ...], ...]
    severity: Scores


class _Held(NamedTuple):
    """The part of an advisory that is kept until all have been read."""

    modified: str
    withdrawn: bool
    aliases: tuple[str, ...]
    upstream: tuple[str, ...]
    summary: str
    severity: Scores
    url: str
    published: str
    cwe: tuple[str, ...]
    malicious: bool
    claims: tuple[tuple[Named, _Claim], ...]


class Compiler:
    """Takes advisories one by one, and holds of each only what the index needs."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}
        self._unreadable: dict[Named, list[str]] = {}
        self._aliases = Aliases()

    def add(self, advisory: Advisory) -> bool:
        """Take one, unless a newer version of it has been taken. What is withdrawn says nothing."""
        known = self._held.get(advisory.id)
        if known and known.modified >= advisory.modified:
            return False
        claims = () if advisory.withdrawn else _claims(advisory)
        self._held[advisory.id] = _Held(
            modified=advisory.modified,
            withdrawn=bool(advisory.withdrawn),
            aliases=advisory.aliases,
            upstream=advisory.upstream,
            summary=advisory.summary,
            severity=advisory.severity,
            url=advisory.references[0] if advisory.references else "",
            published=advisory.published,
            cwe=advisory.cwe,
            malicious=advisory.malicious,
            claims=claims,
        )
        return True

    def add_unreadable(self, packages: Iterable[tuple[str, str]], what: str) -> None:
        """An advisory that could not be read: nothing clean can be said about its packages."""
        for theirs, name in packages:
            if ecosystem := ECOSYSTEMS.get(theirs):
                named = (ecosystem, normal(ecosystem, name))
                self._unreadable.setdefault(named, []).append(what)

    def finish(self, priorities: Mapping[str, Priority]) -> Iterator[PackageAdvisories]:
        """Every package, in the order of names."""
        said = {name: it for name, it in self._held.items() if not it.withdrawn}
        claims: dict[Named, list[_Claim]] = {named: [] for named in self._unreadable}
        for name, held in said.items():
            self._aliases.join((name, *held.aliases))
            for named, claim in held.claims:
                claims.setdefault(named, []).append(claim)
        upstream: dict[str, list[str]] = {}
        for name, held in said.items():
            upstream.setdefault(self._aliases.find(name), []).extend(held.upstream)
        clusters = _Clusters(said, self._aliases, upstream, priorities)
        for ecosystem, name in sorted(claims):
            named = (ecosystem, name)
            own = sorted(claims[named], key=lambda it: it.id)
            by_root: dict[str, list[_Claim]] = {}
            for claim in own:
                by_root.setdefault(self._aliases.find(claim.id), []).append(claim)
            numbers = {root: number for number, root in enumerate(sorted(by_root))}
            yield PackageAdvisories(
                ecosystem=ecosystem,
                name=name,
                clusters=tuple(clusters.of(root, by_root[root]) for root in numbers),
                entries=tuple(
                    Entry(
                        claim.id,
                        numbers[self._aliases.find(claim.id)],
                        claim.ranges,
                        claim.versions,
                        claim.literal,
                        claim.unsure,
                    )
                    for claim in own
                ),
                unreadable=tuple(sorted(set(self._unreadable.get(named, ())))),
            )


class _Clusters:
    """Puts together what all aliases of one vulnerability say, for one package."""

    def __init__(
        self,
        said: Mapping[str, _Held],
        aliases: Aliases,
        upstream: Mapping[str, Sequence[str]],
        priorities: Mapping[str, Priority],
    ) -> None:
        self._said = said
        self._aliases = aliases
        self._groups = aliases.groups()
        self._upstream = upstream
        self._priorities = priorities

    def of(self, root: str, claims: Sequence[_Claim]) -> Cluster:
        """The cluster with that standing name; `claims` are what it says about the package."""
        ids = self._groups[root]
        # No name that is only seen upstream stands in the groups.
        above = [
            name
            for it in all_upstream([root], self._upstream, self._aliases)
            for name in self._groups.get(it, [it])
        ]
        said = {name: self._said[name] for name in ids if name in self._said}
        malicious = any(it.malicious for it in said.values())
        name = for_people(ids, malicious=malicious)
        shown = min(said, key=lambda it: (it != name, not said[it].summary, it))
        rating = self._rating(claims, ids, above, malicious=malicious)
        known = [self._priorities[name] for name in (*ids, *above) if name in self._priorities]
        return Cluster(
            id=name,
            ids=tuple(ids),
            summary=said[shown].summary
            or next((it.summary for it in said.values() if it.summary), ""),
            severity=rating.severity if rating else None,
            score=rating.score if rating else None,
            vector=rating.vector if rating else "",
            cwe=tuple(sorted({cwe for it in said.values() for cwe in it.cwe})),
            url=said[shown].url or f"https://osv.dev/vulnerability/{shown}",
            published=min((it.published for it in said.values() if it.published), default=""),
            kev=min((it.kev for it in known if it.kev), default=""),
            epss=max((it.epss for it in known if it.epss is not None), default=None),
            malicious=malicious,
        )

    def _rating(
        self, claims: Sequence[_Claim], ids: list[str], above: list[str], *, malicious: bool
    ) -> Rating | None:
        """What is said about this package goes before what is said in general, and upstream."""
        for scores in (
            [score for claim in claims for score in claim.severity],
            [score for name in ids if name in self._said for score in self._said[name].severity],
            [score for name in above if name in self._said for score in self._said[name].severity],
        ):
            if rating := rate(scores):
                return Rating("critical", rating.score, rating.vector) if malicious else rating
        return Rating("critical") if malicious else None


def _claims(advisory: Advisory) -> tuple[tuple[Named, _Claim], ...]:
    return tuple(
        ((ecosystem, normal(ecosystem, it.name)), _claim(ecosystem, advisory.id, it))
        for it in advisory.affected
        if (ecosystem := ECOSYSTEMS.get(it.ecosystem))
    )


def _claim(ecosystem: Ecosystem, advisory: str, it: Affected) -> _Claim:
    ranges: list[tuple[Bound, ...]] = []
    unsure: list[tuple[Bound, ...]] = []
    for one in it.ranges:
        if one.kind != "GIT":
            bounds, sure = _bounds(ecosystem, one)
            if sure:
                ranges.append(bounds)
            elif not it.versions:
                # Where the affected versions are listed as well, such a range says nothing more.
                unsure.append(bounds)
    keys: list[bytes] = []
    literal: list[str] = []
    # A range that ends at a local version tells apart what a listed version does not.
    compact = not any(bound.local for bounds in ranges for bound in bounds)
    for version in it.versions:
        key = _key(ecosystem, version)
        if key is None:
            literal.append(version)
        elif not (compact and in_ranges(ranges, key)):
            keys.append(key.full)
    return _Claim(
        advisory,
        tuple(ranges),
        tuple(sorted(set(keys))),
        tuple(sorted(set(literal))),
        tuple(unsure),
        it.severity,
    )


def _bounds(ecosystem: Ecosystem, it: Range) -> tuple[tuple[Bound, ...], bool]:
    """The events in order, and whether all of them have a place in it.

    One that has none makes the range as large as it may be.
    """
    bounds: list[Bound] = []
    limited = sure = True
    for event in it.events:
        key = _event_key(ecosystem, event)
        if event.kind == "limit" and event.version == "*":
            limited = False
        elif key is not None:
            bounds.append(Bound(event.kind, key.full, event.version, key.local))
        else:
            sure = False
            limited = limited and event.kind != "limit"
            if event.kind == "introduced":
                bounds.append(Bound("introduced", BEFORE_ALL, "0"))
    if not limited:
        bounds = [bound for bound in bounds if bound.kind != "limit"]
    # Equal versions keep the order that they were written in.
    return tuple(sorted(bounds, key=lambda bound: bound.key)), sure


_key = lru_cache(maxsize=1 << 16)(bound_of)


def _event_key(ecosystem: Ecosystem, event: Event) -> Key | None:
    if event.kind == "introduced" and event.version == "0":
        return Key(BEFORE_ALL, BEFORE_ALL)
    return _key(ecosystem, event.version)

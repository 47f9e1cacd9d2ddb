"""Versions of packages against what is known of them: one vulnerability per alias cluster."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from gatekeeper.advisories.evaluation import affects, may_affect
from gatekeeper.advisories.versions import Key, bound_of, key_of
from gatekeeper.model.advisory import Entry, Open, PackageAdvisories, Vulnerability

FOUND_BY = "gatekeeper"


def match(
    known: PackageAdvisories, version: str, display: str = ""
) -> tuple[tuple[Vulnerability, ...], Open | None]:
    """The vulnerabilities of one version, and why the answer is not complete (None: it is).

    `display` is the name to show for the package.
    """
    if not known.entries and not known.unreadable:
        return (), None
    key = key_of(known.ecosystem, version)
    hit: dict[int, list[Entry]] = {}
    for entry in known.entries:
        if affects(entry, version, key):
            hit.setdefault(entry.cluster, []).append(entry)
    found = []
    for number in sorted(hit):
        same = [entry for entry in known.entries if entry.cluster == number]
        cluster = known.clusters[number]
        found.append(
            Vulnerability(
                id=cluster.id,
                ids=cluster.ids,
                ecosystem=known.ecosystem,
                name=display or known.name,
                version=version,
                summary=cluster.summary,
                severity=cluster.severity,
                score=cluster.score,
                vector=cluster.vector,
                fixed=_fixed(known, same, key),
                cwe=cluster.cwe,
                url=cluster.url,
                published=cluster.published,
                kev=cluster.kev,
                epss=cluster.epss,
                malicious=cluster.malicious,
                found_by=(FOUND_BY,),
            )
        )
    return tuple(sorted(found, key=lambda it: it.id)), _open(known, version, key)


def joined(one: PackageAdvisories, other: PackageAdvisories) -> PackageAdvisories:
    """What is known under two names of the same package."""
    offset = len(one.clusters)
    return PackageAdvisories(
        one.ecosystem,
        one.name,
        one.clusters + other.clusters,
        one.entries + tuple(replace(it, cluster=it.cluster + offset) for it in other.entries),
        one.unreadable + other.unreadable,
    )


def _fixed(known: PackageAdvisories, entries: Sequence[Entry], key: Key | None) -> tuple[str, ...]:
    """Versions after this one that fix it, by what all of the cluster's advisories say."""
    if key is None:
        return ()
    fixes: dict[bytes, str] = {}
    for entry in entries:
        for bounds in entry.ranges:
            for bound in bounds:
                if bound.kind != "fixed" or bound.key <= key.full or bound.key in fixes:
                    continue
                fixed = bound_of(known.ecosystem, bound.version)
                if fixed and not any(
                    affects(it, bound.version, fixed) or may_affect(it, fixed) for it in entries
                ):
                    fixes[bound.key] = bound.version
    return tuple(fixes[it] for it in sorted(fixes))


def _open(known: PackageAdvisories, version: str, key: Key | None) -> Open | None:
    if key is None and known.entries:
        return Open(
            "invalid-version",
            f"{version!r} is no version that {known.ecosystem} can order",
            "pin a version that the package index has",
        )
    hit = {entry.id for entry in known.entries if affects(entry, version, key)}
    for entry in known.entries:
        if entry.id not in hit and may_affect(entry, key):
            return Open(
                "unreadable",
                f"{entry.id} ends at a version that {known.ecosystem} cannot order",
                "read the advisory, and waive it if this version is not affected",
            )
    if known.unreadable:
        return Open(
            "unreadable",
            f"{', '.join(known.unreadable[:3])} could not be read when the snapshot was made",
            "run `gatekeeper advisories sync` again; tell the database's maintainers if it stays",
        )
    return None

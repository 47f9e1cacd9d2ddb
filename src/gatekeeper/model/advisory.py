"""A known vulnerability or malicious package, as OSV's schema describes it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from gatekeeper.model.dependency import Ecosystem, OpenReason
from gatekeeper.model.finding import Severity

RangeKind = Literal["SEMVER", "ECOSYSTEM", "GIT"]
EventKind = Literal["introduced", "fixed", "last_affected", "limit"]


class Event(Struct, frozen=True, array_like=True):
    """Where in the order of versions something begins or ends."""

    kind: EventKind
    version: str


class Range(Struct, frozen=True, array_like=True):
    """Affected versions between events."""

    kind: RangeKind
    events: tuple[Event, ...]


class Affected(Struct, frozen=True, array_like=True):
    """One package that an advisory is about: `versions` by name, or within `ranges`."""

    ecosystem: str
    name: str
    ranges: tuple[Range, ...] = ()
    versions: tuple[str, ...] = ()
    severity: tuple[tuple[str, str], ...] = ()


class Advisory(Struct, frozen=True, kw_only=True):
    """One record. Times are RFC 3339, empty when not given; `severity` holds (type, score).

    A severity in a word has the type `word`.
    """

    id: str
    modified: str = ""
    published: str = ""
    withdrawn: str = ""
    aliases: tuple[str, ...] = ()
    upstream: tuple[str, ...] = ()
    summary: str = ""
    details: str = ""
    severity: tuple[tuple[str, str], ...] = ()
    affected: tuple[Affected, ...] = ()
    references: tuple[str, ...] = ()
    cwe: tuple[str, ...] = ()
    malicious: bool = False


class Cluster(Struct, frozen=True, array_like=True):
    """What is known of one vulnerability: all advisories that are aliases of each other, together.

    `id` is the name to use for people, `ids` all names. `kev` is the date by which CISA wants it
    fixed; `epss` a probability from 0 to 1.
    """

    id: str
    ids: tuple[str, ...]
    summary: str = ""
    severity: Severity | None = None
    score: float | None = None
    vector: str = ""
    cwe: tuple[str, ...] = ()
    url: str = ""
    published: str = ""
    kev: str = ""
    epss: float | None = None
    malicious: bool = False


class Bound(Struct, frozen=True, array_like=True):
    """An event as it is compared: `key` sorts as the ecosystem orders versions.

    `local` says that the version has a local part; the local part of a dependency's version counts
    only against those.
    """

    kind: EventKind
    key: bytes
    version: str
    local: bool = False


class Entry(Struct, frozen=True, array_like=True):
    """What one advisory says about one package: ranges in order, and versions outside of them.

    `cluster` is the position in the package's clusters. `literal` are versions that nobody can
    order: they match by name. `unsure` are ranges with an end that nobody can order, as large as
    they may be: what is only in one of them is neither affected nor clean.
    """

    id: str
    cluster: int
    ranges: tuple[tuple[Bound, ...], ...] = ()
    versions: tuple[bytes, ...] = ()
    literal: tuple[str, ...] = ()
    unsure: tuple[tuple[Bound, ...], ...] = ()


class PackageAdvisories(Struct, frozen=True, array_like=True):
    """Everything known about one package. `unreadable` are advisories that could not be read."""

    ecosystem: Ecosystem
    name: str
    clusters: tuple[Cluster, ...] = ()
    entries: tuple[Entry, ...] = ()
    unreadable: tuple[str, ...] = ()


class Priority(Struct, frozen=True, array_like=True):
    """What CISA and FIRST say about a CVE: the date to fix it by, and how likely it is used."""

    kev: str = ""
    epss: float | None = None


class Open(Struct, frozen=True, array_like=True):
    """Why a package version could not be judged; `remedy` says what to do next."""

    reason: OpenReason
    message: str
    remedy: str = ""


class Vulnerability(Struct, frozen=True, kw_only=True):
    """One vulnerability of one version of a package: all advisories that are aliases of each other.

    `id` is the name to use for people (a CVE or GHSA before others), `ids` all names. `fixed` are
    the versions that first no longer have it, the nearest first. `score` is the CVSS base score,
    None when nobody gave one; `severity` None likewise. `kev` is the date by which CISA wants it
    fixed, empty when it is not in that list; `epss` a probability from 0 to 1. `found_by` names
    the auditors.
    """

    id: str
    ids: tuple[str, ...]
    ecosystem: Ecosystem
    name: str
    version: str
    summary: str = ""
    severity: Severity | None = None
    score: float | None = None
    vector: str = ""
    fixed: tuple[str, ...] = ()
    cwe: tuple[str, ...] = ()
    url: str = ""
    published: str = ""
    kev: str = ""
    epss: float | None = None
    malicious: bool = False
    found_by: tuple[str, ...] = ()

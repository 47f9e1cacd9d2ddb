"""OSV records (schema 1.x) as they come: hostile JSON in, an `Advisory` out."""

from __future__ import annotations

import re
from typing import Any, get_args

import msgspec
from msgspec import Raw, Struct

from gatekeeper.advisories.format import LARGEST_RECORD
from gatekeeper.model.advisory import Advisory, Affected, Event, EventKind, Range, RangeKind
from gatekeeper.text.patterns import regex

_ID = regex(r"[A-Za-z0-9][A-Za-z0-9._:+~-]{0,199}")
_TIME = regex(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")
_KINDS: dict[str, RangeKind] = {kind: kind for kind in get_args(RangeKind)}
_EVENTS: tuple[EventKind, ...] = get_args(EventKind)
_SUMMARY = 300


class RecordError(ValueError):
    """A record that cannot be read. `packages` are those it is about, as far as that can be told."""

    def __init__(
        self, message: str, name: str = "", packages: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(message)
        self.name = name
        self.packages = packages


class _Package(Struct):
    ecosystem: str = ""
    name: str = ""


class _Event(Struct):
    introduced: str | None = None
    fixed: str | None = None
    last_affected: str | None = None
    limit: str | None = None


class _Range(Struct):
    type: str
    events: list[_Event] | None = None


class _Score(Struct):
    type: str
    score: str


class _Affected(Struct):
    package: _Package | None = None
    ranges: list[_Range] | None = None
    versions: list[str] | None = None
    severity: list[_Score] | None = None


class _Reference(Struct):
    type: str = ""
    url: str = ""


class _Record(Struct):
    id: str
    schema_version: str | None = None
    modified: str | None = None
    published: str | None = None
    withdrawn: str | None = None
    aliases: list[str] | None = None
    upstream: list[str] | None = None
    summary: str | None = None
    details: str | None = None
    severity: list[_Score] | None = None
    affected: list[_Affected] | None = None
    references: list[_Reference] | None = None
    database_specific: Raw = Raw(b"null")


_READ = msgspec.json.Decoder(_Record)


def read_record(data: bytes) -> Advisory:
    """The advisory in a JSON document. Errors: RecordError."""
    if len(data) > LARGEST_RECORD:
        raise RecordError(f"larger than {LARGEST_RECORD >> 20} MiB")
    try:
        record = _READ.decode(data)
        if not _ID.fullmatch(record.id):
            raise RecordError("its id is no OSV id")
        if record.schema_version and record.schema_version.split(".")[0] != "1":
            raise RecordError(f"its schema is {record.schema_version[:20]!r}, and not 1.x")
        if not _TIME.fullmatch(record.modified or ""):
            raise RecordError("`modified` is no RFC 3339 time")
        if record.withdrawn is not None and not _TIME.fullmatch(record.withdrawn):
            raise RecordError("`withdrawn` is no RFC 3339 time")
        return _advisory(record)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, RecordError) as error:
        raise _explained(data, error) from None


def _advisory(record: _Record) -> Advisory:
    more = _read_more(record.database_specific)
    severity = [(it.type, it.score) for it in record.severity or ()]
    if isinstance(word := more.get("severity"), str):
        severity.append(("word", word))
    weaknesses = more.get("cwe_ids")
    references = sorted(record.references or (), key=lambda it: it.type != "ADVISORY")
    return Advisory(
        id=record.id,
        modified=record.modified or "",
        published=_time(record.published),
        withdrawn=record.withdrawn or "",
        aliases=_ids(record.aliases),
        upstream=_ids(record.upstream),
        summary=_summary(record.summary or record.details or ""),
        details=record.details or "",
        severity=tuple(severity),
        affected=tuple(
            _affected(it, malicious=record.id.startswith("MAL-"))
            for it in record.affected or ()
            if it.package and it.package.name and it.package.ecosystem
        ),
        references=tuple(it.url for it in references if it.url.startswith(("https://", "http://"))),
        cwe=tuple(
            it for it in weaknesses if isinstance(it, str) and re.fullmatch(r"CWE-\d{1,6}", it)
        )
        if isinstance(weaknesses, list)
        else (),
        malicious=record.id.startswith("MAL-"),
    )


def _affected(it: _Affected, *, malicious: bool) -> Affected:
    ranges = [_range(one) for one in it.ranges or ()]
    versions = tuple(it.versions or ())
    if malicious and not versions and not any(one.kind != "GIT" for one in ranges):
        # Nobody said which versions of a malicious package are the bad ones.
        ranges.append(Range("ECOSYSTEM", (Event("introduced", "0"),)))
    package = it.package or _Package()
    return Affected(
        ecosystem=package.ecosystem.partition(":")[0],
        name=package.name,
        ranges=tuple(ranges),
        versions=versions,
        severity=tuple((one.type, one.score) for one in it.severity or ()),
    )


def _range(it: _Range) -> Range:
    if it.type not in _KINDS:
        raise RecordError(f"there is no range type {it.type[:40]!r}")
    events = [
        Event(kind, version)
        for event in it.events or ()
        for kind in _EVENTS
        if (version := getattr(event, kind)) is not None
    ]
    if not any(event.kind == "introduced" for event in events):
        # The schema asks for one. Without it nothing would ever be affected.
        events.insert(0, Event("introduced", "0"))
    return Range(_KINDS[it.type], tuple(events))


def _read_more(raw: Raw) -> dict[str, Any]:
    """What databases add of their own has no common schema: whatever is odd is left out."""
    try:
        more = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, RecursionError):
        return {}
    return more if isinstance(more, dict) else {}


def _ids(names: list[str] | None) -> tuple[str, ...]:
    return tuple(name for name in names or () if _ID.fullmatch(name))


def _time(text: str | None) -> str:
    return text if text and _TIME.fullmatch(text) else ""


def _summary(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= _SUMMARY else line[: _SUMMARY - 1] + "…"


def _explained(data: bytes, error: Exception) -> RecordError:
    """What is wrong, and which packages it is about: those are open, and all others are not."""
    try:
        document = msgspec.json.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return RecordError("it is no JSON")
    if not isinstance(document, dict):
        return RecordError("it is no JSON object")
    name = document.get("id")
    affected = document.get("affected")
    packages = [
        it.get("package") for it in affected if isinstance(it, dict)
    ] if isinstance(affected, list) else []  # fmt: skip
    named = [
        (it["ecosystem"].partition(":")[0], it["name"])
        for it in packages
        if isinstance(it, dict)
        and isinstance(it.get("ecosystem"), str)
        and isinstance(it.get("name"), str)
    ]
    # A package that cannot be told leaves every package open, so then none is named.
    whole = isinstance(affected, list) and len(named) == len(affected)
    return RecordError(
        str(error)[:200],
        name if isinstance(name, str) and _ID.fullmatch(name) else "",
        tuple(named) if whole else (),
    )


def utc(text: str) -> str:
    """An RFC 3339 time in UTC, to the second, so that times compare as text; empty if it is none."""
    if not _TIME.fullmatch(text):
        return ""
    if text[-1] in "Zz":
        return f"{text[:10]}T{text[11:19]}Z"
    from datetime import UTC, datetime

    try:
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return ""

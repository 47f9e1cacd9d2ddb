"""OSV's API, version 1, over a snapshot: requests in, answers out, and no network.

What the snapshot cannot answer is an error and never an empty list, which would mean clean.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from gatekeeper.advisories.evaluation import affects, may_affect
from gatekeeper.advisories.names import ECOSYSTEMS, OSV_NAMES, candidates, read_purl
from gatekeeper.advisories.versions import bound_of, key_of
from gatekeeper.model.advisory import PackageAdvisories
from gatekeeper.model.dependency import Ecosystem
from gatekeeper.text.patterns import regex

LARGEST_REQUEST = 8 * 1024 * 1024
_MOST_QUERIES = 1000
_MOST_RECORDS = 1000
_MOST_IDS = 50_000
# OSV answers with at most 32 MiB.
_LARGEST_ANSWER = 24 * 1024 * 1024
_VULN = "/v1/vulns/"
_TOKEN = regex(r"[0-9]{1,9}")
# Statuses of HTTP by codes of gRPC, which is what OSV speaks.
_STATUS = {3: 400, 5: 404, 9: 400, 12: 501, 13: 500}


class Records(Protocol):
    """What answers are made from; AdvisoryFile is one."""

    def covers(self, ecosystem: str) -> bool: ...

    def package(self, ecosystem: Ecosystem, name: str) -> PackageAdvisories | None: ...

    def record(self, name: str) -> bytes | None: ...

    def modified(self, name: str) -> str: ...


class Reply(NamedTuple):
    """A status of HTTP and a JSON document."""

    status: int
    body: bytes


class _ApiError(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Package(Struct):
    name: str = ""
    ecosystem: str = ""
    purl: str = ""


class _Query(Struct):
    package: _Package | None = None
    version: str = ""
    commit: str = ""
    page_token: str = ""


class _Batch(Struct):
    queries: list[_Query]


def answer(method: str, path: str, body: bytes, records: Records) -> Reply:
    """The answer to one request. What the snapshot itself raises passes through."""
    try:
        return Reply(200, _route(method, path.partition("?")[0], body, records))
    except _ApiError as error:
        return failure(error.code, str(error))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return failure(3, f"the request cannot be read: {str(error)[:200]}")


def failure(code: int, message: str, status: int = 0) -> Reply:
    """An error as OSV writes it."""
    body = msgspec.json.encode({"code": code, "message": message, "details": []})
    return Reply(status or _STATUS[code], body)


def _route(method: str, path: str, body: bytes, records: Records) -> bytes:
    if method == "POST" and path == "/v1/query":
        return _query(msgspec.json.decode(body, type=_Query), records)
    if method == "POST" and path == "/v1/querybatch":
        return _batch(msgspec.json.decode(body, type=_Batch), records)
    if method == "GET" and path.startswith(_VULN):
        found = records.record(unquote(path[len(_VULN) :]))
        if found is None:
            raise _ApiError(5, "Bug not found.")
        return found
    raise _ApiError(5, "there is nothing here")


def _query(query: _Query, records: Records) -> bytes:
    names = _matching(query, records)
    start = _start(query, names)
    parts: list[bytes] = []
    size = 0
    for name in names[start : start + _MOST_RECORDS]:
        found = records.record(name)
        if found is None:
            raise _ApiError(13, f"the record {name} is missing")
        size += len(found)
        if parts and size > _LARGEST_ANSWER:
            break
        parts.append(found)
    if not parts:
        return b"{}"
    end = start + len(parts)
    more = b',"next_page_token":"%d"' % end if end < len(names) else b""
    return b'{"vulns":[' + b",".join(parts) + b"]" + more + b"}"


def _batch(batch: _Batch, records: Records) -> bytes:
    if len(batch.queries) > _MOST_QUERIES:
        raise _ApiError(3, "Too many queries.")
    left = _MOST_IDS
    results: list[dict[str, object]] = []
    for query in batch.queries:
        names = _matching(query, records)
        start = _start(query, names)
        shown = names[start : start + min(_MOST_RECORDS, left)]
        left -= len(shown)
        result: dict[str, object] = {}
        if shown:
            result["vulns"] = [{"id": it, "modified": records.modified(it)} for it in shown]
        if start + len(shown) < len(names):
            result["next_page_token"] = str(start + len(shown))
        results.append(result)
    return msgspec.json.encode({"results": results})


def _matching(query: _Query, records: Records) -> list[str]:
    """The ids of all records about what is asked for, sorted."""
    ecosystem, name, version = _asked(query)
    if not records.covers(OSV_NAMES[ecosystem]):
        raise _ApiError(9, f"this snapshot holds no advisories about {OSV_NAMES[ecosystem]}")
    found: set[str] = set()
    for candidate in candidates(ecosystem, name):
        known = records.package(ecosystem, candidate)
        if known is None:
            continue
        if known.unreadable:
            raise _ApiError(13, f"the record {known.unreadable[0]} about {name} cannot be read")
        key = key_of(ecosystem, version) or bound_of(ecosystem, version)
        hits = {
            it.id
            for it in known.entries
            if not version or affects(it, version, key) or may_affect(it, key)
        }
        if version and key is None and not hits and known.entries:
            raise _ApiError(3, f"{version[:100]!r} is no version that can be compared")
        found |= hits
    return sorted(found)


def _asked(query: _Query) -> tuple[Ecosystem, str, str]:
    if query.commit:
        raise _ApiError(12, "a snapshot knows nothing of commits")
    package = query.package or _Package()
    if package.purl:
        if package.name or package.ecosystem:
            raise _ApiError(3, "name or ecosystem specified in a query by purl")
        asked = read_purl(package.purl)
        if asked is None:
            raise _ApiError(3, "Invalid purl, or one of an ecosystem that is not known here")
        ecosystem, name, version = asked
        if version and query.version:
            raise _ApiError(3, "version specified in params and purl query")
        return ecosystem, name, version or query.version
    if not package.name or not package.ecosystem:
        raise _ApiError(3, "Invalid query: package.name and package.ecosystem, or purl, is needed")
    known = ECOSYSTEMS.get(package.ecosystem.partition(":")[0])
    if known is None:
        raise _ApiError(3, "Invalid ecosystem, or one that is not known here")
    return known, package.name, query.version


def _start(query: _Query, names: list[str]) -> int:
    if not query.page_token:
        return 0
    if not _TOKEN.fullmatch(query.page_token) or int(query.page_token) > len(names):
        raise _ApiError(3, "Invalid page token.")
    return int(query.page_token)

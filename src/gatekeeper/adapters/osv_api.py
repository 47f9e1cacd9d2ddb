"""OSV's live API: asked in batches, believed only when every answer is whole."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct

from gatekeeper.adapters.fetch import FetchError, Http
from gatekeeper.advisories.compiling import Compiler
from gatekeeper.advisories.format import LARGEST_RECORD
from gatekeeper.advisories.matching import joined
from gatekeeper.advisories.names import OSV_NAMES, candidates
from gatekeeper.advisories.record import RecordError, read_record
from gatekeeper.advisories.versions import key_of
from gatekeeper.model.advisory import Advisory, Open, PackageAdvisories, Priority
from gatekeeper.ports.advisories import AdvisoriesError, AdvisorySource, PackageVersion
from gatekeeper.text.addresses import shown
from gatekeeper.text.patterns import regex

_LARGEST_ANSWER = 32 * 1024 * 1024
_BATCH = 500
_MOST_PAGES = 200
_MOST_RECORDS = 20_000
_AT_ONCE = 8
_ID = regex(r"[A-Za-z0-9][A-Za-z0-9._:+~-]{0,199}")
T = TypeVar("T")
U = TypeVar("U")
Priorities = Callable[[str], Priority]


class _Id(Struct):
    id: str


class _Page(Struct):
    vulns: list[_Id] | None = None
    next_page_token: str | None = None


class _Answer(Struct):
    results: list[_Page]


@contextmanager
def service(url: str, *, offline: bool) -> Iterator[str]:
    """The API's address, for others who ask it. Errors: AdvisoriesError."""
    if offline:
        raise unavailable("offline, and advisories.source is live")
    yield url.rstrip("/")


class OsvApi:
    """See the Advisories port: asks `url` about every package version, at every lookup.

    An answer that is missing, late, cut off or makes no sense means that nothing is known at all.
    `priority` says how urgent a CVE is, where somebody knows.
    """

    def __init__(self, url: str, http: Http, priority: Priorities = lambda cve: Priority()) -> None:
        self._url = url.rstrip("/")
        self._http = http
        self._priority = priority

    def source(self) -> AdvisorySource:
        return AdvisorySource(shown(self._url))

    def lookup(
        self, packages: Collection[PackageVersion]
    ) -> dict[PackageVersion, PackageAdvisories | Open]:
        known = [it for it in packages if it.ecosystem in OSV_NAMES]
        try:
            hits = self._hits(known)
            records, unreadable = self._records({name for names in hits.values() for name in names})
        except FetchError as error:
            raise unavailable(str(error)) from None
        answer: dict[PackageVersion, PackageAdvisories | Open] = {
            it: Open("unsupported-ecosystem", f"there are no advisories about {it.ecosystem} here")
            for it in packages
        }
        answer.update(self._compiled(hits, records, unreadable))
        return answer

    def priority(self, cve: str) -> Priority:
        return self._priority(cve)

    def close(self) -> None:
        self._http.close()

    def _hits(self, packages: Sequence[PackageVersion]) -> dict[PackageVersion, set[str]]:
        """The ids of the advisories about each package version."""
        hits: dict[PackageVersion, set[str]] = {it: set() for it in packages}
        pending = [(it, query) for it in packages for query in _queries(it)]
        for _ in range(_MOST_PAGES):
            if not pending:
                return hits
            pages = self._pages(pending)
            following = []
            for (package, query), page in zip(pending, pages, strict=True):
                hits[package].update(it.id for it in page.vulns or ())
                if page.next_page_token:
                    following.append((package, {**query, "page_token": page.next_page_token}))
            pending = following
        raise FetchError(self._url, "its answer has pages without end")

    def _pages(self, pending: Sequence[tuple[PackageVersion, dict[str, object]]]) -> list[_Page]:
        url = f"{self._url}/v1/querybatch"
        batches = [pending[at : at + _BATCH] for at in range(0, len(pending), _BATCH)]

        def ask(batch: Sequence[tuple[PackageVersion, dict[str, object]]]) -> list[_Page]:
            body = msgspec.json.encode({"queries": [query for _, query in batch]})
            pages = _decoded(self._http.post(url, body, _LARGEST_ANSWER), _Answer, url).results
            if len(pages) != len(batch):
                raise FetchError(url, f"it answers {len(pages)} of {len(batch)} questions")
            if any(not _ID.fullmatch(it.id) for page in pages for it in page.vulns or ()):
                raise FetchError(url, "it names an advisory in a way that no OSV id is written")
            return pages

        return [page for pages in _at_once(ask, batches) for page in pages]

    def _records(self, wanted: Iterable[str]) -> tuple[dict[str, Advisory], dict[str, RecordError]]:
        """All records, and those of their aliases that say how severe they are."""
        names = sorted(wanted)
        if len(names) > _MOST_RECORDS:
            raise FetchError(
                self._url, f"it names {len(names):,} advisories, which is no lock file's"
            )
        records: dict[str, Advisory] = {}
        unreadable: dict[str, RecordError] = {}
        for name, found in zip(names, _at_once(self._record, names), strict=True):
            if isinstance(found, RecordError):
                unreadable[name] = found
            elif found is None or found.id != name:
                raise FetchError(self._url, f"it names {name}, and has no such record")
            else:
                records[name] = found
        # Aliases that are not about the package itself may say how severe it is; nobody has to have
        # them, and what they say about packages is not asked for.
        aliases = sorted(
            {
                alias
                for it in records.values()
                if not it.severity
                for alias in (*it.aliases, *it.upstream)
                if alias not in records and alias.startswith(("GHSA-", "CVE-"))
            }
        )
        for found in _at_once(self._record, aliases):
            if isinstance(found, Advisory):
                records.setdefault(found.id, msgspec.structs.replace(found, affected=()))
        return records, unreadable

    def _record(self, name: str) -> Advisory | RecordError | None:
        url = f"{self._url}/v1/vulns/{quote(name, safe='')}"
        try:
            return read_record(self._http.get(url, LARGEST_RECORD).data)
        except FetchError as error:
            if error.status == 404:
                return None
            raise
        except RecordError as error:
            if not error.name:
                raise FetchError(url, f"its answer makes no sense: {error}") from None
            return error

    def _compiled(
        self,
        hits: dict[PackageVersion, set[str]],
        records: dict[str, Advisory],
        unreadable: dict[str, RecordError],
    ) -> dict[PackageVersion, PackageAdvisories | Open]:
        compiler = Compiler()
        for record in records.values():
            compiler.add(record)
        for package, names in hits.items():
            about = [(OSV_NAMES[package.ecosystem], package.name)]
            for name in sorted(names & unreadable.keys()):
                compiler.add_unreadable(about, name)
        cves = {name for it in records.values() for name in (it.id, *it.aliases, *it.upstream)}
        priorities = {cve: self._priority(cve) for cve in cves if cve.startswith("CVE-")}
        known = {(it.ecosystem, it.name): it for it in compiler.finish(priorities)}
        answer: dict[PackageVersion, PackageAdvisories | Open] = {}
        for package in hits:
            found = PackageAdvisories(package.ecosystem, package.name)
            for name in candidates(package.ecosystem, package.name):
                if more := known.get((package.ecosystem, name)):
                    found = joined(found, more)
            answer[package] = found
        return answer


def unavailable(message: str) -> AdvisoriesError:
    """The service gave no usable answer."""
    return AdvisoriesError(
        "service-unavailable",
        f"nothing is known about any dependency: {message}",
        "try again; or use a snapshot: `gatekeeper advisories sync` and advisories.source: snapshot",
    )


def _queries(package: PackageVersion) -> list[dict[str, object]]:
    """What to ask, so that the answer holds all that the matcher may need."""
    key = key_of(package.ecosystem, package.version)
    versions = [package.version] if key else [""]
    if key and key.local:
        versions.append(package.version.partition("+")[0])
    return [
        {
            "package": {"name": name, "ecosystem": OSV_NAMES[package.ecosystem]},
            **({"version": version} if version else {}),
        }
        for name in candidates(package.ecosystem, package.name)
        for version in versions
    ]


def _decoded(data: bytes, shape: type[T], url: str) -> T:
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        html = data.lstrip()[:1] == b"<"
        raise FetchError(
            url, "its answer is a web page" if html else "its answer makes no sense"
        ) from None


def _at_once(work: Callable[[T], U], several: Sequence[T]) -> list[U]:
    """The results in order; the first error is raised. Each piece of work ends by itself in time."""
    if len(several) < 2:
        return [work(it) for it in several]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        futures = [pool.submit(work, it) for it in several]
        try:
            return [it.result() for it in futures]
        finally:
            for it in futures:
                it.cancel()

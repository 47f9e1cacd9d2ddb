"""What says how urgent a CVE is: CISA's list of exploited ones, FIRST's probabilities."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from gatekeeper.model.advisory import Priority
from gatekeeper.text.patterns import regex

_CVE = regex(r"CVE-\d{4}-\d{4,19}")
_DATE = regex(r"\d{4}-\d\d-\d\d")
_TIME = regex(r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d)\S*)?")
_MOST = 2_000_000


class FeedError(ValueError):
    """A feed that is not what it should be."""


class _Exploited(Struct, rename="camel"):
    due_date: str = ""
    date_added: str = ""
    cve: str = msgspec.field(default="", name="cveID")


class _Catalogue(Struct, rename="camel"):
    date_released: str
    vulnerabilities: list[_Exploited]


def read_kev(data: bytes) -> tuple[dict[str, str], str]:
    """The date by which each exploited CVE is to be fixed, and the time of the list."""
    try:
        catalogue = msgspec.json.decode(data, type=_Catalogue)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise FeedError(f"it is no list of exploited vulnerabilities: {str(error)[:200]}") from None
    found = {}
    for it in catalogue.vulnerabilities:
        due = it.due_date if _DATE.fullmatch(it.due_date) else it.date_added
        if not (_CVE.fullmatch(it.cve) and _DATE.fullmatch(due)):
            raise FeedError(f"the entry {it.cve[:40]!r} has no CVE id or no date")
        found[it.cve] = due
    if not found:
        raise FeedError("the list of exploited vulnerabilities is empty")
    return found, _utc(catalogue.date_released)


def read_epss(lines: Iterable[str]) -> tuple[dict[str, float], str]:
    """The probability that each CVE is exploited within 30 days, and the time of the scores."""
    found: dict[str, float] = {}
    as_of = ""
    columns: list[str] = []
    for number, line in enumerate(lines, start=1):
        if number > _MOST:
            raise FeedError("the list of EPSS scores does not end")
        text = line.strip()
        if text.startswith("#"):
            said = dict(part.partition(":")[::2] for part in text[1:].split(","))
            as_of = as_of or _utc(said.get("score_date", ""))
        elif not columns:
            columns = text.split(",")
            if columns[:2] != ["cve", "epss"]:
                raise FeedError("it is no list of EPSS scores: there are no columns cve and epss")
        elif text:
            cve, _, rest = text.partition(",")
            score = _probability(rest.partition(",")[0])
            if score is None or not _CVE.fullmatch(cve):
                raise FeedError(f"line {number} of the EPSS scores cannot be read")
            found[cve] = score
    if not found:
        raise FeedError("the list of EPSS scores is empty")
    return found, as_of


def together(kev: dict[str, str], epss: dict[str, float]) -> dict[str, Priority]:
    """Both by CVE."""
    return {
        cve: Priority(kev.get(cve, ""), epss.get(cve)) for cve in sorted(kev.keys() | epss.keys())
    }


def _probability(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def _utc(text: str) -> str:
    found = _TIME.match(text)
    return f"{found[1]}T{found[2] or '00:00:00'}Z" if found else ""

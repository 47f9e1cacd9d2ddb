"""Statements that a vulnerability does not matter here: which count, and what is wrong with others.

A version is judged by its own documents, as it is by its own inline ignores: when a statement is
taken away, what it settled is new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from msgspec import UNSET

from gatekeeper.advisories.spans import within
from gatekeeper.advisories.versions import key_of
from gatekeeper.config.dependency_options import DependenciesOptions
from gatekeeper.model.advisory import Vulnerability
from gatekeeper.model.dependency import Dependency, Place
from gatekeeper.model.finding import Severity
from gatekeeper.model.vex import SETTLED, Product, Statement, VexFile, VexProblem
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.dependencies_told import Told
from gatekeeper.scanners.interface import RawFinding
from gatekeeper.text.names import printable

_LARGEST = 16 << 20
_NO_TIME = datetime.min.replace(tzinfo=UTC)


def vex_files(snapshot: Snapshot, paths: Sequence[str], *, head: bool) -> list[VexFile]:
    """The documents of a version. One that is not there is a problem at head only."""
    if not paths:
        return []
    from gatekeeper.managers.vex import read_vex

    found: list[VexFile] = []
    for path in dict.fromkeys(it.removeprefix("./") for it in paths):
        entry = snapshot.entries().get(path)
        if entry is None or not entry.regular:
            if head:
                message = "scanners.dependencies.vex names this file, and it is not there"
                found.append(_unusable(path, message, "write it, or take the name away"))
        elif snapshot.sizes([path]).get(path, 0) > _LARGEST:
            found.append(_unusable(path, f"it is larger than {_LARGEST >> 20} MiB", "divide it"))
        else:
            try:
                found.append(read_vex(path, snapshot.read(path)))
            except OSError as error:
                found.append(_unusable(path, f"it cannot be read: {error.strerror or error}", ""))
    return found


def _unusable(path: str, message: str, remedy: str) -> VexFile:
    return VexFile(path, problems=(VexProblem(Place(path), "", message, remedy),))


class Statements:
    """The statements of one version. Ask `settled` about everything first, then `told`."""

    def __init__(
        self, files: Sequence[VexFile], today: str, options: DependenciesOptions | None = None
    ) -> None:
        self._files = files
        self._today = today
        self._days = options.vex_max_age_days if options else UNSET
        self._used: set[tuple[str, str]] = set()
        self._refused: dict[tuple[str, str], str] = {}
        self._by_name: dict[str, list[Statement]] = {}
        for file in files:
            for it in file.statements:
                for name in dict.fromkeys(name.upper() for name in it.names):
                    self._by_name.setdefault(name, []).append(it)

    def settled(self, dependency: Dependency, one: Vulnerability) -> Statement | None:
        """The statement that makes this nobody's business: the newest about it, if it says so."""
        about = [it for it in self._about(one) if any(covers(p, dependency) for p in it.products)]
        if not about:
            return None
        self._used.update((it.place.path, it.key) for it in about)
        # Of two that are as new as each other the one that settles nothing counts.
        newest = max(about, key=lambda it: (_moment(it), it.status not in SETTLED))
        if newest.status not in SETTLED:
            return None
        why = (
            "a malicious package blocks, whatever is said of it"
            if one.malicious
            else self._too_old(newest)
        )
        if why:
            self._refused[newest.place.path, newest.key] = why
            return None
        return newest

    def _about(self, one: Vulnerability) -> Iterator[Statement]:
        seen: set[tuple[str, str]] = set()
        for name in (one.id, *one.ids):
            for it in self._by_name.get(name.upper(), ()):
                if (it.place.path, it.key) not in seen:
                    seen.add((it.place.path, it.key))
                    yield it

    def _too_old(self, it: Statement) -> str:
        if self._days is UNSET:
            return ""
        if not it.timestamp:
            return "it does not say when it was made, and old ones do not count"
        days = (date.fromisoformat(self._today) - _moment(it).date()).days
        if days < -1:
            return "it is of a day that is still to come"
        if days > self._days:
            return f"it is {days:,} days old, and {self._days:,} are allowed"
        return ""

    def told(self) -> list[Told]:
        """What is wrong with documents, and which statements settle nothing: each a finding."""
        found: list[Told] = []
        for file in self._files:
            for problem in file.problems:
                what = f"{problem.key}: {problem.message}" if problem.key else problem.message
                remedy = f"; {problem.remedy}" if problem.remedy else ""
                message = f"This says nothing that counts: {what}{remedy}."
                found.append(_finding("vex-invalid", "medium", problem.place, message, what))
            for it in file.statements:
                if it.status not in SETTLED:
                    continue
                about = f"{printable(it.vulnerability)} ({it.key}, {it.status})"
                identity = f"{it.vulnerability} {it.products}"
                if why := self._refused.get((it.place.path, it.key)):
                    message = f"The statement about {about} does not count: {why}."
                    found.append(_finding("vex-refused", "low", it.place, message, identity))
                elif (it.place.path, it.key) not in self._used:
                    message = (
                        f"The statement about {about} fits nothing that was found: no"
                        f" {_names(it.products)} has that vulnerability. Remove it, or correct it."
                    )
                    found.append(_finding("vex-unmatched", "info", it.place, message, identity))
        return found


def covers(product: Product, dependency: Dependency) -> bool:
    """Whether a statement's package is this one, in this very version."""
    if (product.ecosystem, product.name) != (dependency.ecosystem, dependency.name):
        return False
    if product.spans:
        return any(within(dependency.ecosystem, dependency.version, it) for it in product.spans)
    if not product.version or product.version == dependency.version:
        return True
    said = key_of(product.ecosystem, product.version)
    return said is not None and said == key_of(dependency.ecosystem, dependency.version)


def _moment(it: Statement) -> datetime:
    return datetime.fromisoformat(it.timestamp) if it.timestamp else _NO_TIME


def _names(products: Sequence[Product]) -> str:
    named = [
        printable(f"{it.name} {it.version or ' or '.join(it.spans)}".strip()) for it in products[:3]
    ]
    return " and no ".join(named) + (" …" if len(products) > 3 else "")


def _finding(rule: str, severity: Severity, place: Place, message: str, what: str) -> Told:
    anchor = f"{rule} {what}"
    raw = RawFinding(
        path=place.path,
        rule=rule,
        message=message,
        severity=severity,
        line=place.line,
        end_line=place.line,
        anchor=anchor,
    )
    return Told(raw, anchor)

"""Asking other auditors about the same versions, beside our own matcher.

Nobody's answer replaces another's: what one of them finds is found, and what one that was asked
did not look at is not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gatekeeper.advisories.assessing import package_of
from gatekeeper.advisories.opinions import opinion
from gatekeeper.advisories.versions import key_of
from gatekeeper.model.auditor import AuditorName
from gatekeeper.model.dependency import Dependency
from gatekeeper.ports.advisories import PackageVersion
from gatekeeper.ports.auditors import Auditors
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.dependencies_dissent import Heard
from gatekeeper.text.patterns import regex

_NAME = regex(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_VERSION = regex(r"[A-Za-z0-9.!+_-]+")
# One package can end a whole run, and it takes a few more to find out which.
_MOST_RUNS = 24


def heard(
    auditors: Auditors, names: Sequence[AuditorName], dependencies: Iterable[Dependency]
) -> Heard:
    """Ask all of them about every exact version of a Python package, each version once."""
    packages = sorted({it for one in dependencies if (it := package_of(one)) and _askable(it)})
    said = Heard()
    for name in dict.fromkeys(names):
        if why := auditors.lacking(name):
            said.notes.append(f"{name} was skipped: {why}")
        elif packages:
            _Asking(auditors, name, said).all(packages)
    return said


class _Asking:
    def __init__(self, auditors: Auditors, name: AuditorName, said: Heard) -> None:
        self._auditors = auditors
        self._name = name
        self._said = said
        self._runs = 0
        self._answers = 0

    def all(self, packages: Sequence[PackageVersion]) -> None:
        lost: list[tuple[PackageVersion, ToolError]] = []
        for one in _rounds(packages):
            lost += self._some(one)
        if lost and not self._answers:
            self._said.fail(self._name, lost[0][1])
            return
        for package, error in lost:
            self._said.miss(self._name, package, error.message)

    def _some(
        self, packages: Sequence[PackageVersion]
    ) -> Iterator[tuple[PackageVersion, ToolError]]:
        """Ask, and give what it has no answer for: halves show which package ends its run."""
        self._runs += 1
        try:
            said = opinion(self._name, self._auditors.ask(self._name, packages), packages)
        except ToolError as error:
            if error.reason != "tool-crashed" or len(packages) == 1 or self._runs >= _MOST_RUNS:
                yield from ((it, error) for it in packages)
                return
        else:
            self._answers += 1
            self._said.take(self._name, packages, said)
            return
        middle = len(packages) // 2
        yield from self._some(packages[:middle])
        yield from self._some(packages[middle:])


def _askable(it: PackageVersion) -> bool:
    """What goes into a list of requirements: nothing in it may mean anything else there."""
    return (
        it.ecosystem == "pypi"
        and bool(_NAME.fullmatch(it.name) and _VERSION.fullmatch(it.version))
        and key_of("pypi", it.version) is not None
    )


def _rounds(packages: Iterable[PackageVersion]) -> list[list[PackageVersion]]:
    """In each of them a package has one version, as in any lock file."""
    seen: dict[str, int] = {}
    rounds: list[list[PackageVersion]] = []
    for it in packages:
        number = seen[it.name] = seen.get(it.name, -1) + 1
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(it)
    return rounds

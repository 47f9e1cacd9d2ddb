"""What other auditors said about dependencies, and where they say something else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gatekeeper.advisories.assessing import Assessment, package_of
from gatekeeper.advisories.matching import FOUND_BY
from gatekeeper.model.advisory import Open, Vulnerability
from gatekeeper.model.auditor import AuditorName, Opinion
from gatekeeper.model.dependency import Dependency
from gatekeeper.ports.advisories import PackageVersion
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.interface import RawUnchecked
from gatekeeper.text.names import plural, printable


class Heard:
    """All that was said, by package; `answered`, `notes` and `unchecked` are about auditors as a
    whole."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.unchecked: list[RawUnchecked] = []
        self.answered: list[AuditorName] = []
        self._found: dict[PackageVersion, list[Vulnerability]] = {}
        self._judged: dict[PackageVersion, list[str]] = {}
        self._silent: dict[PackageVersion, list[str]] = {}

    def take(self, auditor: AuditorName, packages: Iterable[PackageVersion], said: Opinion) -> None:
        """Note what an auditor says about the packages that it was asked about."""
        if auditor not in self.answered:
            self.answered.append(auditor)
        for it in packages:
            if (it.name, it.version) in said.judged:
                self._judged.setdefault(it, []).append(auditor)
            else:
                self.miss(auditor, it, "its report does not name it")
        for one in said.vulnerabilities:
            package = PackageVersion(one.ecosystem, one.name, one.version)
            self._found.setdefault(package, []).append(one)

    def miss(self, auditor: AuditorName, package: PackageVersion, why: str) -> None:
        """Note that an auditor says nothing about a package."""
        self._silent.setdefault(package, []).append(f"{auditor} did not judge it: {why}")

    def fail(self, auditor: AuditorName, error: ToolError) -> None:
        """Note that an auditor says nothing at all."""
        remedy = f"; {error.remedy}" if error.remedy else ""
        message = f"{auditor} did not audit anything: {error.message}{remedy}"
        self.unchecked.append(RawUnchecked("", "not-reported", message, auditor))

    def judges(self, it: Dependency) -> tuple[str, ...]:
        """Who looked at a dependency besides our own matcher; empty when nobody was asked."""
        package = package_of(it)
        return tuple(self._judged.get(package, ())) if package else ()

    def added(self, dependencies: Iterable[Dependency], own: Assessment) -> Assessment:
        """Our own assessment with what others found, one vulnerability per set of aliases."""
        from gatekeeper.advisories.merging import merge

        vulnerable, left = dict(own.vulnerable), dict(own.open)
        for it in {it.key: it for it in dependencies}.values():
            package = package_of(it)
            if package is None:
                continue
            if found := self._found.get(package):
                vulnerable[it.key] = merge([*vulnerable.get(it.key, ()), *found])
            if (silent := self._silent.get(package)) and it.key not in left:
                left[it.key] = Open("service-unavailable", "; ".join(silent))
        clean = own.clean - vulnerable.keys() - left.keys()
        return Assessment(vulnerable, left, clean)

    def told(self, vulnerable: Iterable[tuple[Dependency, Vulnerability]]) -> list[str]:
        """What there is to say about auditors as a whole."""
        if not self.answered:
            return self.notes
        apart = {
            (it.name, it.version, one.id) for it, one in vulnerable if dissent(one, self.judges(it))
        }
        said = f"{_and((FOUND_BY, *self.answered))} agree"
        if apart:
            counted = plural(len(apart), "vulnerability")
            said = f"auditors disagree about {counted}: each finding says who found it"
        return [*self.notes, said]


def dissent(one: Vulnerability, judges: Sequence[str]) -> str:
    """Who found it, when not all who looked did; empty when they agree."""
    looked = (FOUND_BY, *judges)
    others = [name for name in looked if name not in one.found_by]
    if not judges or not others:
        return ""
    return f"Found by {_and(one.found_by)}, and not by {_and(others)}."


def _and(names: Sequence[str]) -> str:
    shown = ["uv audit" if it == "uv" else it for it in map(printable, names)]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)

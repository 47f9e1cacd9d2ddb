"""What is known about the dependencies of a project: vulnerable, clean, or not checked and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from gatekeeper.advisories.matching import match
from gatekeeper.advisories.names import OSV_NAMES, normal
from gatekeeper.model.advisory import Open, PackageAdvisories, Vulnerability
from gatekeeper.model.dependency import Dependency, Origin
from gatekeeper.ports.advisories import Advisories, PackageVersion

_ORIGINS: Mapping[Origin, Open] = {
    "vcs": Open("vcs", "it comes from a repository, so its version may not be the released one"),
    "url": Open("url", "it comes from a URL, so its version may not be the released one"),
    "path": Open("path", "it comes from a folder, so its version may not be the released one"),
}


class Assessment(Struct, frozen=True):
    """The account of all dependencies, by their key: each is in `open`, in `clean`, or vulnerable.

    What is vulnerable may be open as well: what else is wrong with it could not be told.
    """

    vulnerable: dict[str, tuple[Vulnerability, ...]]
    open: dict[str, Open]
    clean: frozenset[str]


def assess(dependencies: Iterable[Dependency], advisories: Advisories) -> Assessment:
    """Judge every dependency. Errors: AdvisoriesError, when nothing can be said about any."""
    by_key: dict[str, Dependency] = {}
    # Several actions of one repository are one dependency, and each may have advisories of its own.
    asked: dict[str, set[PackageVersion]] = {}
    for it in dependencies:
        by_key[it.key] = it
        if package := package_of(it):
            asked.setdefault(it.key, set()).add(package)
    known = advisories.lookup(sorted(set().union(*asked.values()))) if asked else {}
    vulnerable: dict[str, tuple[Vulnerability, ...]] = {}
    left: dict[str, Open] = {}
    for key, it in by_key.items():
        packages = sorted(asked.get(key, ()))
        if not packages:
            left[key] = _unasked(it)
            continue
        answers = [_judge(it, package, known[package]) for package in packages]
        if found := {one.id: one for told, _ in answers for one in told}:
            vulnerable[key] = tuple(found.values())
        if why := next((why for _, why in answers if why), None) or _ORIGINS.get(it.origin):
            left[key] = why
    clean = by_key.keys() - vulnerable.keys() - left.keys()
    return Assessment(vulnerable, left, frozenset(clean))


def package_of(it: Dependency) -> PackageVersion | None:
    """What to ask for; None when there is no exact version, or nobody to ask."""
    if not it.version or it.ecosystem not in OSV_NAMES:
        return None
    # An action may be a folder of its repository, and so may what an advisory is about.
    name = (it.display or it.name) if it.ecosystem == "github-actions" else it.name
    return PackageVersion(it.ecosystem, normal(it.ecosystem, name), it.version)


def _judge(
    it: Dependency, package: PackageVersion, known: PackageAdvisories | Open
) -> tuple[tuple[Vulnerability, ...], Open | None]:
    if isinstance(known, Open):
        return (), known
    return match(known, package.version, it.display or it.name)


def _unasked(it: Dependency) -> Open:
    if it.ecosystem not in OSV_NAMES:
        return Open("unsupported-ecosystem", f"there are no advisories about {it.ecosystem} here")
    if it.ecosystem == "github-actions" and it.hashes:
        # A commit is as exact as can be, and advisories are about versions.
        said = f"its comment says {it.claim}, which" if it.claim else "without a comment the commit"
        return Open(
            "unpinned",
            f"{said} may be any of many versions",
            "`gatekeeper pin` writes the version beside the commit",
        )
    return _ORIGINS.get(it.origin) or Open(
        "unpinned",
        f"{it.requirement or 'no version'} may be any of many versions",
        "pin it, or give a lock file",
    )

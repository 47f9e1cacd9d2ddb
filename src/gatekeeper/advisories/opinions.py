"""What pip-audit, `uv audit` and safety print, as vulnerabilities."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec
from msgspec import Struct

from gatekeeper.advisories.aliases import for_people
from gatekeeper.advisories.names import normal
from gatekeeper.advisories.versions import bound_of, key_of
from gatekeeper.model.advisory import Vulnerability
from gatekeeper.model.auditor import AuditorName, Opinion
from gatekeeper.ports.advisories import PackageVersion
from gatekeeper.ports.process import ToolError

T = TypeVar("T")
_SUMMARY = 1_000


class _Flaw(Struct):
    id: str
    aliases: tuple[str, ...] = ()
    fix_versions: tuple[str, ...] = ()
    description: str | None = None


class _Judged(Struct):
    """pip-audit: without a version it did not look at the package."""

    name: str
    version: str | None = None
    vulns: tuple[_Flaw, ...] | None = None
    skip_reason: str | None = None


class _PipAudit(Struct):
    dependencies: tuple[_Judged, ...]


class _Locked(Struct):
    name: str
    version: str


class _UvFlaw(Struct):
    dependency: _Locked
    id: str
    aliases: tuple[str, ...] = ()
    fix_versions: tuple[str, ...] = ()
    summary: str | None = None
    description: str | None = None
    published: str | None = None


class _UvSummary(Struct):
    audited_packages: int


class _UvAudit(Struct):
    summary: _UvSummary
    vulnerabilities: tuple[_UvFlaw, ...]


class _SafetyFlaw(Struct):
    package_name: str
    analyzed_version: str
    vulnerability_id: str
    CVE: str | None = None
    advisory: str | None = None
    fixed_versions: tuple[str, ...] = ()
    more_info_url: str | None = None


class _Scanned(Struct):
    name: str
    version: str | None = None


class _Safety(Struct):
    scanned_packages: Mapping[str, _Scanned]
    vulnerabilities: tuple[_SafetyFlaw, ...]
    ignored_vulnerabilities: tuple[_SafetyFlaw, ...] = ()


def opinion(auditor: AuditorName, printed: bytes, asked: Sequence[PackageVersion]) -> Opinion:
    """What it says about the packages. What it says of others, or of other versions, counts for
    nothing. Raises ToolError for what is no answer of that auditor."""
    by_name = {it.name: it for it in asked}
    return _READ[auditor](auditor, printed, by_name)


def _decoded(auditor: AuditorName, printed: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(printed, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ToolError(
            "tool-output-invalid",
            f"{auditor} did not print the report it was asked for: {error}",
            "try another version of it, or take it out of scanners.dependencies.auditors",
        ) from None


def _pip_audit(
    auditor: AuditorName, printed: bytes, asked: Mapping[str, PackageVersion]
) -> Opinion:
    answer = _decoded(auditor, printed, _PipAudit)
    judged: set[tuple[str, str]] = set()
    found: list[Vulnerability] = []
    for it in answer.dependencies:
        package = _asked(asked, it.name, it.version)
        if package is None or it.vulns is None or it.skip_reason:
            continue
        judged.add((package.name, package.version))
        found += [
            _flaw(auditor, package, one.id, one.aliases, one.fix_versions, one.description)
            for one in it.vulns
        ]
    return Opinion(tuple(found), frozenset(judged))


def _uv(auditor: AuditorName, printed: bytes, asked: Mapping[str, PackageVersion]) -> Opinion:
    answer = _decoded(auditor, printed, _UvAudit)
    # It names what is vulnerable, and of all others only how many there were.
    whole = answer.summary.audited_packages == len(asked)
    judged = {(it.name, it.version) for it in asked.values()} if whole else set()
    found: list[Vulnerability] = []
    for it in answer.vulnerabilities:
        package = _asked(asked, it.dependency.name, it.dependency.version)
        if package is None:
            continue
        judged.add((package.name, package.version))
        text = it.summary or it.description
        one = _flaw(auditor, package, it.id, it.aliases, it.fix_versions, text)
        found.append(msgspec.structs.replace(one, published=it.published or ""))
    return Opinion(tuple(found), frozenset(judged))


def _safety(auditor: AuditorName, printed: bytes, asked: Mapping[str, PackageVersion]) -> Opinion:
    answer = _decoded(auditor, printed, _Safety)
    judged = {
        (package.name, package.version)
        for it in answer.scanned_packages.values()
        if (package := _asked(asked, it.name, it.version))
    }
    found: list[Vulnerability] = []
    # What somebody told it to ignore is for our own policy to decide.
    for it in (*answer.vulnerabilities, *answer.ignored_vulnerabilities):
        if package := _asked(asked, it.package_name, it.analyzed_version):
            aliases = (it.CVE,) if it.CVE else ()
            identity = f"SFTY-{it.vulnerability_id}"
            found.append(_flaw(auditor, package, identity, aliases, it.fixed_versions, it.advisory))
    return Opinion(tuple(found), frozenset(judged))


def _asked(
    asked: Mapping[str, PackageVersion], name: str, version: str | None
) -> PackageVersion | None:
    """The package that an entry is about, if it is one that was asked about, in that version."""
    package = asked.get(normal("pypi", name))
    if package is None or version is None:
        return None
    key = key_of("pypi", version)
    return package if key is not None and key == key_of("pypi", package.version) else None


def _flaw(
    auditor: AuditorName,
    package: PackageVersion,
    identity: str,
    aliases: Sequence[str],
    fixed: Sequence[str],
    text: str | None,
) -> Vulnerability:
    names = tuple(_names((identity, *aliases)))
    if not names:
        raise ToolError("tool-output-invalid", f"{auditor} named a vulnerability without an id")
    return Vulnerability(
        id=for_people(names),
        ids=names,
        ecosystem="pypi",
        name=package.name,
        version=package.version,
        summary=" ".join((text or "").split())[:_SUMMARY],
        fixed=tuple(it for it in fixed if bound_of("pypi", it)),
        malicious=any(name.startswith("MAL-") for name in names),
        found_by=(auditor,),
    )


def _names(names: Sequence[str]) -> Iterator[str]:
    """Each once, in order; what is no id does not become one."""
    for name in sorted({it.strip() for it in names}):
        if name and len(name) <= 100 and name.isprintable() and " " not in name:
            yield name


_READ: Mapping[
    AuditorName, Callable[[AuditorName, bytes, Mapping[str, PackageVersion]], Opinion]
] = {"pip-audit": _pip_audit, "uv": _uv, "safety": _safety}

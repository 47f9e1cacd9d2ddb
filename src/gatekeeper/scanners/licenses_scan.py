"""The work of the scanner licenses: find each licence, judge it, compare with the base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gatekeeper.config.license_options import LicensesOptions
from gatekeeper.licenses.expression import Answer
from gatekeeper.licenses.policy import answer
from gatekeeper.model.dependency import Dependency, Inventory
from gatekeeper.model.finding import Measurement, Severity
from gatekeeper.scanners.change_interface import Change, ChangeScanned
from gatekeeper.scanners.dependencies_sources import inventories, unreadable
from gatekeeper.scanners.dependencies_told import Told, surplus
from gatekeeper.scanners.interface import RawFinding
from gatekeeper.text.names import plural, printable

SCANNER = "licenses"
# What has a licence that matters here; images and actions are not part of what is shipped.
_ECOSYSTEMS = ("pypi", "npm", "generic")
_SEVERITY: Mapping[Answer, Severity] = {"denied": "high", "review": "medium", "allowed": "info"}


def scan(change: Change, head: Sequence[Inventory]) -> ChangeScanned:
    """What the change brings in under a licence that is not allowed."""
    base = inventories(change, change.base) if change.base is not None else ()
    known = change.project.licenses()
    options = change.config.scanners.licenses
    now, before = list(_judged(head, known, options)), list(_judged(base, known, options))
    findings = [told for told, said in now if said != "allowed"]
    fresh = surplus(findings, [told for told, said in before if said != "allowed"])
    counts = Counter(said for _, said in now)
    return ChangeScanned(
        new=[it.finding for it, new in zip(findings, fresh, strict=True) if new],
        existing=[it.finding for it, new in zip(findings, fresh, strict=True) if not new],
        unchecked=list(unreadable(head)),
        base_unchecked=list(unreadable(base)),
        measurements=[
            Measurement(SCANNER, f"licenses.{said}", counts[said], "dependencies")
            for said in _SEVERITY
        ],
        summary=f"{plural(len(now), 'dependency')} judged",
    )


def license_of(it: Dependency, known: Mapping[tuple[str, str], str]) -> str:
    """What the lock says, else what the installed package of that very version says."""
    return it.license or (known.get((it.name, it.version), "") if it.ecosystem == "pypi" else "")


def _judged(
    found: Iterable[Inventory], known: Mapping[tuple[str, str], str], options: LicensesOptions
) -> Iterator[tuple[Told, Answer]]:
    seen: set[tuple[str, str]] = set()
    for inventory in found:
        for it in inventory.dependencies:
            place = (it.key, it.place.path.rpartition("/")[0])
            if it.ecosystem not in _ECOSYSTEMS or it.scope not in options.scopes or place in seen:
                continue
            if it.origin == "path" or not it.version:
                continue
            seen.add(place)
            text = license_of(it, known)
            yield _told(it, text, said := answer(options, f"{it.ecosystem}:{it.name}", text)), said


def _told(it: Dependency, text: str, said: Answer) -> Told:
    name = printable(f"{it.display or it.name} {it.version}")
    shown = printable(text)[:120]
    if not text:
        rule, message = (
            "unknown",
            f"nobody can tell the licence of {name}; look it up, and name it in scanners.licenses.exceptions",
        )
    elif said == "denied":
        rule, message = (
            "denied",
            f"{name} is under {shown}, which scanners.licenses denies; replace it, or give a reason in scanners.licenses.exceptions",
        )
    else:
        rule, message = (
            "needs-review",
            f"{name} is under {shown}, which somebody has to look at; then put it on a list, or into scanners.licenses.exceptions",
        )
    identity = f"{it.ecosystem}:{it.name}:{text}"
    return Told(
        RawFinding(
            path=it.place.path,
            rule=rule,
            message=message,
            severity=_SEVERITY[said],
            line=it.place.line,
            end_line=it.place.line,
            anchor=identity,
            subject=f"{it.ecosystem}:{it.name}@{it.version}",
        ),
        identity,
    )

"""One secret, however many versions of a file had it: told where it first appeared."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec

from gatekeeper.model.finding import Finding, Introduced
from gatekeeper.model.history import Origin
from gatekeeper.text.names import plural

_Seen = tuple[Origin, Finding, str]


def appearances(
    found: Mapping[str, tuple[Origin, Sequence[Finding]]], current: Collection[str]
) -> tuple[Finding, ...]:
    """The findings of all blobs, each secret once, oldest first.

    `found` is by blob; `current` names the blobs that HEAD has. The fingerprint says what is the
    same secret; one that a comment hides in some versions is told for those where none does.
    """
    groups: dict[tuple[str, bool], list[_Seen]] = {}
    for blob, (origin, findings) in found.items():
        for finding in findings:
            key = (finding.fingerprint, finding.suppression is not None)
            groups.setdefault(key, []).append((origin, finding, blob))
    ordered = sorted(
        (_oldest(group, current) for group in groups.values()),
        key=lambda item: (-item[0].age, item[1].path, item[1].line, item[1].rule),
    )
    return tuple(finding for _, finding in ordered)


def _oldest(group: list[_Seen], current: Collection[str]) -> tuple[Origin, Finding]:
    origin, finding, blob = min(group, key=lambda it: (-it[0].age, it[0].path, it[1].line))
    blobs = {it[2] for it in group}
    there = any(it in current for it in blobs)
    came = f"since commit {origin.commit[:12]} of {origin.date[:10]}" if origin.commit else (
        f"in blob {blob[:12]}, which is in no commit"
    )  # fmt: skip
    left = "still in HEAD" if there else "no longer in HEAD"
    return origin, msgspec.structs.replace(
        finding,
        path=origin.path,
        message=f"{finding.message}; {came}, in {plural(len(blobs), 'version')}, {left}",
        introduced=Introduced(origin.commit, origin.date, blob, len(blobs), there),
    )

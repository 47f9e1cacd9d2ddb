"""What the checks of a commit have found: their reports, which code of the change could have written."""

from __future__ import annotations

from msgspec import Struct

from gatekeeper.errors import ArtifactError
from gatekeeper.model.verdict import Judged
from gatekeeper.ports.forge import Forge
from gatekeeper.publish.bridge import collect

_MOST_RUNS = 6


class Found(Struct, frozen=True):
    """What is known of a commit; `why` tells why nothing is."""

    findings: tuple[Judged, ...] = ()
    why: str = ""


def found(forge: Forge, commit: str, artifact: str) -> Found:
    """The findings of the newest run that kept a report. Raises ForgeError."""
    why = "no run of this commit has ended"
    for run in [it for it in forge.runs_at(commit) if it.status == "completed"][:_MOST_RUNS]:
        try:
            reports = collect(forge, run, artifact)
        except ArtifactError as error:
            why = error.message
            continue
        return Found(tuple(it for report in reports for it in report.findings))
    return Found(why=why)


def named(findings: tuple[Judged, ...], start: str) -> list[Judged]:
    """Those whose fingerprint begins so, one for each fingerprint."""
    by_mark = {
        it.finding.fingerprint: it
        for it in reversed(findings)
        if it.finding.fingerprint.startswith(start)
    }
    return list(by_mark.values())

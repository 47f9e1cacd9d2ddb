"""Applying waivers, and noticing the ones that need attention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gatekeeper.model.finding import Finding, State
from gatekeeper.model.verdict import WaiverNote
from gatekeeper.model.waiver import Waiver
from gatekeeper.text.globs import matches
from gatekeeper.text.names import plural


def covers(waiver: Waiver, finding: Finding) -> bool:
    """Whether the waiver speaks of this finding, whatever the date."""
    if waiver.fingerprint:
        hit = waiver.fingerprint == finding.fingerprint
    else:
        hit = waiver.rule == f"{finding.scanner}/{finding.rule}"
    return (
        hit
        and (not waiver.paths or matches(waiver.paths, finding.path))
        and (not waiver.package or _about(waiver, finding.subject))
    )


def _about(waiver: Waiver, subject: str) -> bool:
    """Whether a finding's dependency is the one that the waiver names, in one of its versions."""
    package, _, version = subject.rpartition("@")
    if package != waiver.package or not waiver.versions:
        return package == waiver.package
    from gatekeeper.advisories.spans import within

    return within(package.partition(":")[0], version, waiver.versions)


def expired(waiver: Waiver, today: str) -> bool:
    """Whether the last day on which it counts is over. ISO dates compare as text."""
    return waiver.expires != "never" and waiver.expires < today


class Waived:
    """Waivers at work: asks `cover` once per finding, then `notes` once."""

    def __init__(self, waivers: Sequence[Waiver], today: str) -> None:
        self._today = today
        self._waivers = waivers
        self._hits: Counter[int] = Counter()
        self._by_target: dict[str, list[int]] = {}
        for index, waiver in enumerate(waivers):
            self._by_target.setdefault(waiver.target, []).append(index)

    def cover(self, finding: Finding, state: State) -> tuple[State, Waiver | None]:
        """The finding's state after waivers, and the waiver that changed it."""
        if state == "suppressed" or not self._waivers:
            return state, None
        waiver: Waiver | None = None
        for target in (finding.fingerprint, f"{finding.scanner}/{finding.rule}"):
            for index in self._by_target.get(target, ()):
                candidate = self._waivers[index]
                if covers(candidate, finding):
                    self._hits[index] += 1
                    if waiver is None and not expired(candidate, self._today):
                        waiver = candidate
        return ("waived", waiver) if waiver else (state, None)

    def used(self) -> tuple[Waiver, ...]:
        """The waivers that cover something now."""
        return tuple(
            waiver
            for index, waiver in enumerate(self._waivers)
            if self._hits[index] and not expired(waiver, self._today)
        )

    def notes(self, limit: int, complete: bool) -> tuple[WaiverNote, ...]:
        """What owners should know. `complete`: all files were scanned, so unused means unused."""
        notes: list[WaiverNote] = []
        for index, waiver in enumerate(self._waivers):
            hits = self._hits[index]
            if expired(waiver, self._today):
                effect = f" and no longer covers {plural(hits, 'finding')}" if hits else ""
                notes.append(WaiverNote(waiver, "expired", f"expired on {waiver.expires}{effect}"))
            elif complete and not hits:
                notes.append(WaiverNote(waiver, "unused", "covers nothing any more: remove it"))
            if waiver.rule and not waiver.paths and not waiver.package:
                notes.append(
                    WaiverNote(waiver, "too-broad", "waives a whole rule everywhere: add `paths`")
                )
            elif hits > limit:
                notes.append(
                    WaiverNote(
                        waiver, "too-broad", f"covers {hits} findings; at most {limit} are meant"
                    )
                )
        return tuple(notes)

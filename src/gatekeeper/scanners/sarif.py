"""Findings of any other tool, from the SARIF 2.1.0 files it wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.scanners.change_interface import Change, ChangeScanned
from gatekeeper.scanners.interface import RawFinding
from gatekeeper.scanners.sarif_document import read_runs
from gatekeeper.scanners.sarif_result import Told, findings_of
from gatekeeper.text.names import plural

Lines = Mapping[str, Sequence[tuple[int, int]]] | None


def known_before(findings: Sequence[Told], base: Iterable[Told]) -> list[bool]:
    """For each finding whether the base has it, too; each of the base's counts once.

    Equal findings are told apart by their path first, so that a copy in another file is new and
    the original is not; what is left may have been moved.
    """
    places = Counter((told.finding.path, told.content) for told in base)
    known = [False] * len(findings)
    for index, told in enumerate(findings):
        place = (told.finding.path, told.content)
        if places[place] > 0:
            places[place] -= 1
            known[index] = True
    moved: Counter[tuple[str, ...]] = Counter()
    for (_, content), count in places.items():
        moved[content] += count
    for index, told in enumerate(findings):
        if not known[index] and moved[told.content] > 0:
            moved[told.content] -= 1
            known[index] = True
    return known


def touched(finding: RawFinding, changed: Lines) -> bool:
    """Whether the change is to answer for a finding, going by the lines it adds or changes."""
    if changed is None or not finding.path:
        return True
    ranges = changed.get(finding.path)
    if ranges is None:
        return False
    if not finding.line:
        return True
    return any(first <= finding.end_line and finding.line <= last for first, last in ranges)


class Sarif:
    """What another tool found: as severe and as sure as its report says."""

    id = "sarif"
    gate: GateId = "external"
    stage: Stage = "hook"
    revision = 1

    def prepare(self, change: Change) -> Skipped | None:
        return None if change.given.sarif else Skipped("not-configured", "no --sarif-in file")

    def plan(self, change: Change) -> str:
        return f"read {plural(len(change.given.sarif), 'report')}"

    def scan(self, change: Change) -> ChangeScanned:
        findings = _read(change, change.given.sarif)
        if change.given.sarif_base:
            known = known_before(findings, _read(change, change.given.sarif_base))
        else:
            changed = change.changed_lines()
            known = [
                told.baseline != "new" if told.baseline else not touched(told.finding, changed)
                for told in findings
            ]
        judged = list(zip(findings, known, strict=True))
        return ChangeScanned(
            new=[told.finding for told, old in judged if not old],
            existing=[told.finding for told, old in judged if old],
        )


def _read(change: Change, files: Sequence[str]) -> list[Told]:
    return [
        told
        for name in files
        for run in read_runs(change.read_report(name), name)
        for told in findings_of(run, change.has_file)
    ]

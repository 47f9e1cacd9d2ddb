"""How large the change is, in lines and files."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.model.finding import Measurement
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.model.tree import LineCount
from gatekeeper.scanners.change_interface import Change, ChangeScanned
from gatekeeper.scanners.interface import RawFinding
from gatekeeper.text.globs import matches
from gatekeeper.text.names import plural, printable

_NAMED = 3


def changed(count: LineCount) -> int:
    """Lines added plus lines deleted; binary content has none."""
    return max(count.added, 0) + max(count.deleted, 0)


class Size:
    """Changes too large to review well."""

    id = "size"
    gate: GateId = "size"
    stage: Stage = "ci"
    revision = 1

    def prepare(self, change: Change) -> Skipped | None:
        if change.line_counts():
            return None
        return Skipped("nothing-changed", "the change touches no files")

    def plan(self, change: Change) -> str:
        return f"measure {plural(len(change.line_counts()), 'changed file')}"

    def scan(self, change: Change) -> ChangeScanned:
        options = change.config.scanners.size
        counts = [
            count for count in change.line_counts() if not matches(options.exclude, count.path)
        ]
        lines = sum(changed(count) for count in counts)
        largest = sorted(counts, key=lambda count: (-changed(count), count.path))[:_NAMED]
        findings: list[RawFinding] = []
        if lines > options.max_changed_lines:
            findings.append(
                _finding("too-many-lines", lines, "line", options.max_changed_lines, largest)
            )
        if len(counts) > options.max_changed_files:
            findings.append(
                _finding("too-many-files", len(counts), "file", options.max_changed_files, largest)
            )
        return ChangeScanned(
            new=findings,
            measurements=(
                Measurement(self.id, "size.changed_lines", lines, "lines"),
                Measurement(self.id, "size.changed_files", len(counts), "files"),
            ),
        )


def _finding(
    rule: str, number: int, unit: str, limit: int, largest: Sequence[LineCount]
) -> RawFinding:
    names = ", ".join(f"{printable(count.path)} ({changed(count):,})" for count in largest)
    return RawFinding(
        path="",
        rule=rule,
        message=(
            f"the change touches {plural(number, unit)}, the limit is {limit:,}; split it up;"
            f" largest by changed lines: {names}"
        ),
        severity="medium",
        # Another change has other files, so waiving this one does not waive the next.
        anchor="\n".join(count.path for count in largest),
    )

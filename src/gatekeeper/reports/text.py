"""The report for people: what blocks first, then a line per gate, then what was not checked."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from gatekeeper.model.finding import Unchecked
from gatekeeper.model.outcome import Failed, Ran
from gatekeeper.model.verdict import GateVerdict, Judged, Report, ScannerOutcome
from gatekeeper.reports.excerpt import excerpt, secret_lines
from gatekeeper.reports.interface import Rendered, Sources, Style
from gatekeeper.reports.overview import also_by, noun_of, place_of
from gatekeeper.text.names import plural, printable

SHOWN = 25
FILES_SHOWN = 5
LINES_SHOWN = 12
_ORDER = {
    severity: rank for rank, severity in enumerate(("critical", "high", "medium", "low", "info"))
}
_SGR = {"red": "31", "green": "32", "yellow": "33", "cyan": "36", "dim": "2", "bold": "1"}
_IDLE = {"nothing-to-check": "nothing to check", "not-in-stage": "checked in a later stage"}
_COLOUR = {"pass": "green", "block": "red", "inconclusive": "yellow"}  # nosec B105 - no password
_MARK = {"pass": "pass", "block": "BLOCK", "inconclusive": "?"}  # nosec B105 - no password
_HEADLINE = {"pass": "PASS", "block": "BLOCKED", "inconclusive": "INCONCLUSIVE"}  # nosec B105 - no password


def grouped(findings: Sequence[Judged]) -> list[list[Judged]]:
    """Findings of one rule in one file together; worst first, then as a reader goes through files.

    Tests are told one by one, but for those that fail in the same line: they are the same test with
    other parameters.
    """
    groups: dict[tuple[str, str, str, object], list[Judged]] = {}
    for judged in findings:
        finding = judged.finding
        alone = judged.gate == "tests" and (finding.line or finding.fingerprint)
        groups.setdefault((finding.scanner, finding.rule, finding.path, alone), []).append(judged)
    return sorted(groups.values(), key=_place_among_groups)


def _place_among_groups(group: Sequence[Judged]) -> tuple[int, str, int]:
    first = group[0].finding
    worst = _ORDER[first.severity]
    for judged in group[1:]:
        worst = min(worst, _ORDER[judged.finding.severity])
    return worst, first.path, first.line


class TextReport:
    """Text for a terminal or a log."""

    def whole(self, report: Report, sources: Sources, style: Style) -> str:
        return "\n".join(_Page(report, sources, style).lines()) + "\n"

    def parts(self, report: Report, sources: Sources) -> list[Rendered]:
        return [Rendered("gatekeeper.txt", self.whole(report, sources, Style()))]


class _Page:
    def __init__(self, report: Report, sources: Sources, style: Style) -> None:
        self._report = report
        self._sources = sources
        self._style = style
        self._secrets = secret_lines(report)

    def _paint(self, text: str, *looks: str) -> str:
        if not self._style.colour:
            return text
        return f"\x1b[{';'.join(_SGR[look] for look in looks)}m{text}\x1b[0m"

    def _wrap(self, text: str, indent: str) -> list[str]:
        width = max(self._style.width, 40)
        return textwrap.wrap(
            text, width, initial_indent=indent, subsequent_indent=indent,
            break_long_words=False, break_on_hyphens=False,
        ) or [indent.rstrip()]  # fmt: skip

    def lines(self) -> Iterator[str]:
        yield from self._blocking()
        yield from self._gates()
        yield from self._not_checked()
        yield from self._waivers()
        yield from self._notes()
        yield from self._verdict()

    def _blocking(self) -> Iterator[str]:
        groups = grouped([judged for judged in self._report.findings if judged.blocks])
        for group in groups[:SHOWN]:
            yield from self._problem(group[0])
            if len(group) > 1:
                yield from self._alike(group)
            yield ""
        if left := sum(map(len, groups[SHOWN:])):
            yield self._paint(
                f"… and {plural(left, 'more problem')} in {plural(len(groups) - SHOWN, 'more place')}"
                " that block: --format json or sarif has them all",
                "bold",
            )
            yield ""

    def _alike(self, group: Sequence[Judged]) -> Iterator[str]:
        lines = [str(judged.finding.line) for judged in group[1:] if judged.finding.line]
        if set(lines) == {str(group[0].finding.line)}:
            yield from self._wrap(f"and {len(group) - 1} more like it at this line", "  ")
            return
        shown = ", ".join(lines[:LINES_SHOWN]) + (" …" if len(lines) > LINES_SHOWN else "")
        where = f": line{'s' * (len(lines) > 1)} {shown}" if lines else ""
        yield from self._wrap(f"and {len(group) - 1} more like it in this file{where}", "  ")

    def _problem(self, judged: Judged) -> Iterator[str]:
        finding = judged.finding
        place = printable(finding.path) or "the change as a whole"
        if finding.line:
            place += f":{finding.line}" + (f":{finding.column}" if finding.column else "")
        cwe = f" {printable(', '.join(finding.cwe))}" if finding.cwe else ""
        yield (
            self._paint(place, "bold")
            + f"  {self._paint(finding.severity, 'red')}"
            + f"  {printable(f'{finding.scanner}/{finding.rule}')}{cwe}"
        )
        yield from self._wrap(printable(" ".join(finding.message.split())), "  ")
        for number, text, marked in excerpt(finding, self._sources, self._secrets):
            bar = self._paint(f"  {number:>5} {'>' if marked else '|'} ", "dim")
            yield bar + text[: self._style.width - 10]
        if also := also_by(judged):
            yield from self._wrap(f"also found by {printable(also)}", "  ")
        if judged.state == "suppressed":
            yield "  It is ignored inline without a reason: write one behind the directive."
        if finding.help_url:
            yield self._paint(f"  {printable(finding.help_url)}", "dim")

    def _gates(self) -> Iterator[str]:
        idle = [gate for gate in self._report.gates if gate.reason_code in _IDLE]
        gates = [gate for gate in self._report.gates if gate not in idle] or idle
        width = max((len(gate.id) for gate in gates), default=0)
        for gate in gates:
            mark = self._paint(f"{_MARK[gate.verdict]:<5}", _COLOUR[gate.verdict])
            message = f"{printable(gate.message)}{self._time(gate)}"
            first, *rest = self._wrap(message, " " * (width + 11))
            yield f"  {mark}  {gate.id:<{width}}  {first.strip()}"
            yield from rest
        for reason, what in _IDLE.items():
            names = ", ".join(gate.id for gate in idle if gate.reason_code == reason)
            if names and gates is not idle:
                yield self._paint(f"  {'-':<5}  {what}: {names}", "dim")
        yield ""

    def _time(self, gate: GateVerdict) -> str:
        ran = [
            it.outcome
            for it in self._report.outcomes
            if it.gate == gate.id and isinstance(it.outcome, Ran)
        ]
        if not ran or gate.verdict == "inconclusive":
            return ""
        seconds = sum(it.seconds for it in ran)
        if told := ", ".join(it.summary for it in ran if it.summary):
            return f"  ({printable(told)}, {seconds:.1f} s)"
        cached = not any(it.scanned_files for it in ran) and any(it.cached_files for it in ran)
        how = "cached" if cached and seconds < 0.05 else f"{seconds:.1f} s"
        files = max(it.cached_files + it.scanned_files for it in ran)
        return f"  ({plural(files, 'file')}, {how})" if files else ""

    def _not_checked(self) -> Iterator[str]:
        rows: list[str] = []
        for item in self._report.outcomes:
            rows += self._failure(item)
        rows += [*self._files(new=True), *self._files(new=False)]
        if rows:
            yield self._paint("Not checked", "bold", "yellow")
            for row in rows:
                yield from self._wrap(row, "  ")
            yield ""

    def _files(self, *, new: bool) -> Iterator[str]:
        """One row per scanner and reason, so that a thousand files do not drown the rest."""
        rows: dict[tuple[str, str, bool], list[Unchecked]] = {}
        for item in self._report.unchecked:
            if item.new is new:
                unchecked = item.unchecked
                key = (unchecked.scanner, unchecked.reason, bool(unchecked.path))
                rows.setdefault(key, []).append(unchecked)
        for (scanner, reason, _), files in rows.items():
            if not files[0].path:
                yield f"{scanner}: {printable('; '.join(it.message for it in files))} [{reason}]"
                continue
            what = f"{scanner}: {plural(len(files), noun_of(files))} [{reason}]"
            if not new:
                yield f"{what}, not touched by this change"
                continue
            named = [
                f"{printable(place_of(it))} ({printable(it.message)})" for it in files[:FILES_SHOWN]
            ]
            more = f" and {len(files) - FILES_SHOWN:,} more" if len(files) > FILES_SHOWN else ""
            yield f"{what}: {', '.join(named)}{more}"

    @staticmethod
    def _failure(item: ScannerOutcome) -> Sequence[str]:
        if not isinstance(item.outcome, Failed):
            return ()
        remedy = f"; {printable(item.outcome.remedy)}" if item.outcome.remedy else ""
        return (
            f"{item.scanner}: {printable(item.outcome.message)} [{item.outcome.reason}]{remedy}",
        )

    def _waivers(self) -> Iterator[str]:
        report = self._report
        if not (report.waivers or report.waivers_used):
            return
        yield self._paint("Waivers", "bold")
        for waiver in report.waivers_used:
            until = "never expires" if waiver.expires == "never" else f"until {waiver.expires}"
            yield from self._wrap(
                f"in use: {printable(waiver.target)}, {until}, {printable(waiver.owner)}:"
                f" {printable(waiver.reason)} ({waiver.source})", "  ",
            )  # fmt: skip
        for note in report.waivers:
            yield from self._wrap(
                f"{note.problem}: {printable(note.waiver.target)} {printable(note.message)} ({note.waiver.source})",
                "  ",
            )
        yield ""

    def _notes(self) -> Iterator[str]:
        for note in self._report.notes:
            yield from self._wrap(f"note: {printable(note)}", "")
        if self._report.notes:
            yield ""

    def _verdict(self) -> Iterator[str]:
        report = self._report
        compared = report.comparison
        word = _HEADLINE[report.verdict]
        against = f" against {printable(compared.base)}" if compared.base else ""
        why = f" ({printable(compared.why)}; {plural(compared.changed_files, 'changed file')})"
        if not compared.base:
            why = f" ({printable(compared.why)})"
        first, *rest = self._wrap(
            f"{word}  {printable(compared.head)}{against}{why}, {report.seconds:.1f} s", "  "
        )
        yield self._paint(word, "bold", _COLOUR[report.verdict]) + first.strip().removeprefix(word)
        yield from rest
        existing = sum(judged.state == "existing" for judged in report.findings)
        if report.verdict == "pass" and existing:
            count = plural(existing, "existing problem")
            yield from self._wrap(
                f"{count} {'does' if existing == 1 else 'do'} not block;"
                " `gatekeeper check --all` judges everything", "  ",
            )  # fmt: skip
        if report.verdict == "inconclusive":
            yield from self._wrap("Not everything could be checked, so this is no pass.", "  ")

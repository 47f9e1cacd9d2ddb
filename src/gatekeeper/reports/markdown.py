"""Markdown for GitHub's job summaries and comments. It always fits the limit, and says what did not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gatekeeper.model.verdict import Judged, Report
from gatekeeper.model.waiver import Waiver
from gatekeeper.reports.excerpt import excerpt, secret_lines
from gatekeeper.reports.github_markdown import code, fenced, prose
from gatekeeper.reports.interface import Rendered, Sources, Style
from gatekeeper.reports.overview import (
    HEADLINE,
    IDLE,
    also_by,
    compared,
    count_by_gate,
    failures,
    headline,
    idle_gates,
    measurements,
    most,
    place,
    ranked,
    rule_of,
)
from gatekeeper.text.names import plural

# GitHub drops a step's summary beyond 1 MiB, and other programs of the step may write to it, too.
LIMIT = 1_000_000
WITH_EXCERPT = 50
ROWS = 20
_ELSEWHERE = "the HTML, JSON and SARIF reports have them"
_RESERVE = 400  # bytes for the lines that say what was left out


class MarkdownReport:
    """One document, whole or in a folder."""

    def __init__(self, limit: int = LIMIT) -> None:
        """`limit` is in bytes, and at least 16,384: a verdict and its gates fit into that."""
        self._limit = limit

    def whole(self, report: Report, sources: Sources, style: Style) -> str:
        return _Document(report, sources, self._limit).text()

    def parts(self, report: Report, sources: Sources) -> list[Rendered]:
        return [Rendered("gatekeeper.md", self.whole(report, sources, Style()))]


class _Document:
    def __init__(self, report: Report, sources: Sources, limit: int) -> None:
        self._report = report
        self._sources = sources
        self._limit = limit
        self._secrets = secret_lines(report)

    def text(self) -> str:
        """What must be there, and then findings as long as there is room for them."""
        head = "".join((*self._top(), *self._gates()))
        before = head + "".join(self._not_checked())
        after = "".join((*self._waivers(), *self._notes(), *self._facts()))
        room = self._limit - _size(before) - _size(after) - _RESERVE
        if room < 0:
            # The head has a bound of its own, and is small.
            return f"{head}The rest did not fit: {_ELSEWHERE.replace('them', 'it')}.\n"
        middle = ""
        for section in (self._blocking, self._new, self._existing):
            written = section(room)
            room -= _size(written)
            middle += written
        return before + middle + after

    def _top(self) -> Iterator[str]:
        report = self._report
        yield f"## {HEADLINE[report.verdict]}: {headline(report)}\n\n"
        yield f"Compared: {code(compared(report))}\n\n"

    def _gates(self) -> Iterator[str]:
        """Words and numbers of our own only: a table has no way to hold just any text."""
        counts = count_by_gate(self._report)
        yield "| Gate | Verdict | Why | Block | New | Existing | Waived | Ignored |\n"
        yield "|---|---|---|--:|--:|--:|--:|--:|\n"
        for gate in self._report.gates:
            if gate.reason_code in IDLE:
                continue
            it = counts[gate.id]
            verdict = gate.verdict if gate.verdict == "pass" else f"**{gate.verdict}**"
            numbers = (it.blocking, it.new, it.existing, it.waived, it.suppressed)
            shown = " | ".join(f"{number:,}" if number else "" for number in numbers)
            yield f"| {gate.id} | {verdict} | {gate.reason_code} | {shown} |\n"
        yield "\n"
        for sentence in idle_gates(self._report.gates):
            yield f"{sentence}\n\n"
        slices = {gate: it.open for gate, it in counts.items() if it.open}
        if len(slices) > 1:
            yield "```mermaid\npie showData title Problems by gate\n"
            yield "".join(f'  "{gate}" : {number}\n' for gate, number in slices.items())
            yield "```\n\n"

    def _not_checked(self) -> Iterator[str]:
        rows = []
        for item, failed in failures(self._report):
            remedy = f" {prose(failed.remedy)}" if failed.remedy else ""
            rows.append(f"- {item.scanner} ({failed.reason}): {prose(failed.message)}{remedy}\n")
        for new in (True, False):
            for it in (it.unchecked for it in self._report.unchecked if it.new is new):
                old = "" if new else ", not touched by this change"
                where = code(it.path) if it.path else "the change as a whole"
                rows.append(f"- {it.scanner} ({it.reason}{old}): {where}, {prose(it.message)}\n")
        yield from _listed("Not checked", rows)

    def _blocking(self, room: int) -> str:
        findings = ranked(it for it in self._report.findings if it.blocks)
        if not findings:
            return ""
        title = f"### Blocks ({len(findings):,})\n\n"
        return title + self._fill(findings, room - _size(title), self._problem)

    def _new(self, room: int) -> str:
        findings = ranked(it for it in self._report.findings if not it.blocks and it.state == "new")
        if not findings:
            return ""
        title = f"<details><summary>New, does not block ({len(findings):,})</summary>\n\n"
        end = "\n</details>\n\n"
        room -= _size(title + end)
        return title + self._fill(findings, room, lambda it, _: self._row(it)) + end

    def _existing(self, room: int) -> str:
        """By rule: what was there before is for the other reports."""
        rules: dict[str, int] = {}
        for judged in self._report.findings:
            if judged.state == "existing" and not judged.blocks:
                rule = rule_of(judged.finding)
                rules[rule] = rules.get(rule, 0) + 1
        if not rules:
            return ""
        title = (
            f"<details><summary>Existing, does not block ({sum(rules.values()):,})</summary>\n\n"
        )
        rows = [f"- {number:,} of {code(rule)}\n" for rule, number in most(rules, ROWS)]
        if len(rules) > ROWS:
            rows.append(f"- and those of {plural(len(rules) - ROWS, 'more rule')}\n")
        text = (
            f"{title}{''.join(rows)}\nThey are only counted here: {_ELSEWHERE}.\n\n</details>\n\n"
        )
        return text if _size(text) <= room else ""

    def _fill(
        self, findings: Sequence[Judged], room: int, render: Callable[[Judged, int], str]
    ) -> str:
        parts: list[str] = []
        for nth, judged in enumerate(findings):
            part = render(judged, nth)
            room -= _size(part)
            if room < 0:
                parts.append(
                    f"\n{plural(len(findings) - nth, 'more problem')} did not fit into this"
                    f" summary: {_ELSEWHERE}.\n"
                )
                break
            parts.append(part)
        return "".join(parts) + "\n"

    def _problem(self, judged: Judged, nth: int) -> str:
        row = self._row(judged)
        if nth >= WITH_EXCERPT:
            return row
        lines = excerpt(judged.finding, self._sources, self._secrets)
        if not lines:
            return row
        return f"{row}\n{fenced((f'{at:>5} > {text[:200]}' for at, text, _ in lines), '  ')}\n"

    @staticmethod
    def _row(judged: Judged) -> str:
        finding = judged.finding
        where = code(place(finding)) if finding.path else "the change as a whole"
        also = f", also found by {code(also_by(judged))}" if judged.also else ""
        return (
            f"- **{finding.severity}** {where} {code(rule_of(finding))}{also}\\\n"
            f"  {_message(finding.message)}\n"
        )

    def _waivers(self) -> Iterator[str]:
        rows = [
            f"- {it.problem}: {_waiver(it.waiver)} {prose(it.message)}\n"
            for it in self._report.waivers
        ]
        rows += [f"- in use: {_waiver(waiver)}\n" for waiver in self._report.waivers_used]
        yield from _listed("Waivers", rows)

    def _notes(self) -> Iterator[str]:
        yield from _listed("Notes", [f"- note: {prose(note)}\n" for note in self._report.notes])

    def _facts(self) -> Iterator[str]:
        report = self._report
        numbers = measurements(report)[:ROWS]
        rows = [f"- {code(it.name)}: {it.value:,.6g} {code(it.unit)}\n" for it in numbers]
        yield "<details><summary>Run</summary>\n\n"
        yield f"- stage {report.stage}, {report.seconds:.1f} s\n"
        yield "".join(rows)
        for name, digest in (
            ("files", report.comparison.tree_digest),
            ("base", report.comparison.base_digest),
            ("policy", report.policy_digest),
            ("tools", report.tools_digest),
        ):
            if digest:
                yield f"- {name} {code(digest)}\n"
        yield "\n</details>\n"


def _message(text: str) -> str:
    return prose(text) or "(no message)"


def _waiver(waiver: Waiver) -> str:
    until = "for good" if waiver.expires == "never" else f"until {code(waiver.expires)}"
    return (
        f"{code(waiver.target)}, {until}, {code(waiver.owner)}: {prose(waiver.reason)}"
        f" ({code(waiver.source)})"
    )


def _listed(title: str, rows: Sequence[str]) -> Iterator[str]:
    if not rows:
        return
    yield f"### {title}\n\n"
    yield from rows[:ROWS]
    if len(rows) > ROWS:
        yield f"- and {len(rows) - ROWS:,} more: the JSON report has them\n"
    yield "\n"


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))

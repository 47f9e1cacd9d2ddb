"""The answer of `explain`, as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from gatekeeper.config.waivers import WAIVER_FILE
from gatekeeper.explain import demands
from gatekeeper.explain.rules import Rule
from gatekeeper.explain.topic import MOST_SHOWN, Knowledge
from gatekeeper.explain.words import REMEDIES
from gatekeeper.model.policy import GATE_IDS, GateId
from gatekeeper.model.verdict import Judged
from gatekeeper.text.names import plural, printable

WAIVER_DAYS = 90
_LONGEST = 40


class Page(Struct, frozen=True):
    """Renders one answer. `today` is an ISO date."""

    known: Knowledge
    today: str
    width: int = 100

    def word(self, topic: str, meanings: Sequence[tuple[str, str]]) -> Iterator[str]:
        """A gate, a scanner, a verdict, a state or a code."""
        for kind, meaning in meanings:
            yield f"{topic}: {kind}"
            yield from self._wrap(meaning[0].upper() + meaning[1:] + ".")
        if remedy := REMEDIES.get(topic, ""):
            yield ""
            yield "What to do"
            yield from self._wrap(remedy)
        scanned = self.known.gates.get(topic)
        if scanned and not meanings:
            yield f"{topic}: a scanner of the gate {scanned}"
        gate = next((it for it in GATE_IDS if it == topic), scanned)
        if gate:
            names = [scanner for scanner, its in self.known.gates.items() if its == gate]
            yield f"  scanners of the gate: {', '.join(names)}"
            yield from self.policy(gate, "What it demands here")

    def rule(self, rule: Rule, *, place: str = "PATH") -> Iterator[str]:
        """A rule: what it means, why it blocks here, what to do, how to accept it."""
        gate = self.known.gates[rule.name.partition("/")[0]]
        severity = f", severity {rule.severity}" if rule.severity else ""
        yield (
            f"{printable(rule.name)}  {printable(rule.title)}".rstrip()
            + f"  (gate {gate}{severity})"
        )
        if rule.about:
            yield ""
            yield "What it means"
            yield from self._text(rule.about)
        elif rule.note:
            yield from self._wrap(rule.note)
        yield from self._where(rule)
        yield from self.policy(gate)
        yield from self._repair(rule, place)
        yield from self._accept(rule, "")

    def brief(self, judged: Judged) -> Iterator[str]:
        """One finding of several, in a few lines."""
        finding = judged.finding
        name = printable(f"{finding.scanner}/{finding.rule}")
        yield f"{finding.fingerprint[:12]}  {name} at {_place(judged)}  ({judged.state})"
        yield from self._wrap(printable(finding.message))
        yield from self._wrap(printable(demands.why(self.known.loaded, judged)))

    def finding(self, judged: Judged, rule: Rule | None) -> Iterator[str]:
        """One finding: where, why it blocks, and its rule."""
        finding = judged.finding
        name = f"{finding.scanner}/{finding.rule}"
        yield (
            f"{printable(name)} at {_place(judged)}  ({judged.state}, severity {finding.severity},"
            f" gate {judged.gate})"
        )
        yield from self._wrap(printable(finding.message))
        yield f"  fingerprint {finding.fingerprint}"
        for it in judged.also:
            yield f"  also found by {printable(f'{it.scanner}/{it.rule}')}"
        yield ""
        yield "Why it blocks here" if judged.blocks else "Why it does not block here"
        yield from self._wrap(printable(demands.why(self.known.loaded, judged)))
        yield from self._demands(judged.gate, finding.path)
        if rule and rule.about:
            yield ""
            yield f"What {printable(name)} means"
            yield from self._text(rule.about)
        known = rule or Rule(name)
        url = finding.help_url or known.url
        repaired = Rule(name, fix=known.fix, url=url, ignore=known.ignore)
        yield from self._repair(repaired, printable(finding.path) or "PATH")
        yield from self._accept(repaired, finding.fingerprint)

    def policy(self, gate: GateId, title: str = "Why it blocks here") -> Iterator[str]:
        """What a gate demands in this repository, and which line says so."""
        yield ""
        yield title
        yield from self._demands(gate, "")
        for patterns, said in demands.exceptions(self.known.loaded, gate):
            yield from self._wrap(f"but in {printable(patterns)}: {printable(said)}")

    def _demands(self, gate: GateId, path: str) -> Iterator[str]:
        for demand in demands.demands(self.known.loaded, gate, path):
            yield f"  {demand.words:<41} {demand.key:<38} {printable(demand.origin)}".rstrip()

    def _where(self, rule: Rule) -> Iterator[str]:
        hits = [
            it for it in self.known.findings
            if rule.name in (f"{one.scanner}/{one.rule}" for one in (it.finding, *it.also))
        ]  # fmt: skip
        if not hits:
            return
        yield ""
        yield f"In the last check: {plural(len(hits), 'finding')}"
        for it in hits[:MOST_SHOWN]:
            blocks = ", blocks" if it.blocks else ""
            yield f"  {it.finding.fingerprint[:12]}  {_place(it)}  ({it.state}{blocks})"
        if len(hits) > MOST_SHOWN:
            yield f"  and {len(hits) - MOST_SHOWN:,} more"

    def _repair(self, rule: Rule, place: str) -> Iterator[str]:
        if rule.fix or rule.url:
            yield ""
            yield "How to fix it"
            yield from self._wrap(rule.fix.replace("PATH", place)) if rule.fix else ()
            if rule.url:
                yield f"  {printable(rule.url)}"

    def _accept(self, rule: Rule, fingerprint: str) -> Iterator[str]:
        """A waiver that loads as it stands; whoever pastes it fills in who and why."""
        until = date.fromisoformat(self.today) + timedelta(days=WAIVER_DAYS)
        target = f"fingerprint: {fingerprint}" if fingerprint else f"rule: {rule.name}"
        yield ""
        yield f"To accept it for a while, add this to {WAIVER_FILE}:"
        yield "  waivers:"
        yield f"    - {target}"
        if not fingerprint:
            yield '      paths: ["path/to/file.py"]'
        yield '      owner: "@your-name-or-team"'
        yield "      reason: say here why this is acceptable"
        yield f"      expires: {until}"
        if rule.ignore:
            yield f"Or inline, with the reason: {printable(rule.ignore)}"

    def _wrap(self, text: str) -> list[str]:
        return textwrap.wrap(text, self.width, initial_indent="  ", subsequent_indent="  ",
                             break_long_words=False, break_on_hyphens=False)  # fmt: skip

    def _text(self, text: str) -> Iterator[str]:
        """A tool's own text: its lines stay, too long ones are wrapped, a page is enough."""
        rows = text.expandtabs(4).splitlines()
        end = _end_of_page(rows)
        for row in rows[:end]:
            if len(row) + 2 > self.width and not row.startswith("    "):
                yield from self._wrap(printable(row))
            else:
                yield f"  {printable(row)}".rstrip()
        if end < len(rows):
            yield "  …"


def _end_of_page(rows: Sequence[str]) -> int:
    """How many rows to show: up to the last paragraph that fits, and no half of an example."""
    if len(rows) <= _LONGEST:
        return len(rows)
    fenced, best = False, 0
    for at, row in enumerate(rows[: _LONGEST + 1]):
        fenced ^= row.lstrip().startswith("```")
        # What ends with a colon announces the example behind it.
        if not fenced and not row.strip() and at and not rows[at - 1].rstrip().endswith(":"):
            best = at
    return best or _LONGEST


def _place(judged: Judged) -> str:
    path = printable(judged.finding.path) or "the change as a whole"
    return f"{path}:{judged.finding.line}" if judged.finding.line else path

"""The parts that comments on pull requests are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from textwrap import dedent

from gatekeeper.model.finding import Severity
from gatekeeper.model.outcome import Ran
from gatekeeper.model.verdict import Judged, Report, Suggestion, VerdictWord
from gatekeeper.reports.comment_look import Look, help_link
from gatekeeper.reports.excerpt import excerpt
from gatekeeper.reports.github_markdown import code, fenced, prose
from gatekeeper.reports.interface import Sources
from gatekeeper.reports.overview import IDLE, also_by, count_by_gate, failures, place, rule_of
from gatekeeper.text.names import plural, printable
from gatekeeper.text.redact import redact

MARKS: dict[VerdictWord, str] = {"pass": "✅", "block": "⛔", "inconclusive": "⚠️"}  # nosec B105 - no password
_WORDS: dict[VerdictWord, str] = {
    "pass": "pass",
    "block": "blocked",
    "inconclusive": "inconclusive",
}  # nosec B105 - no password
SIGNS: dict[Severity, str] = {
    "critical": "🟥",
    "high": "🟧",
    "medium": "🟨",
    "low": "🟦",
    "info": "⬜",
}
_LANGUAGES = {
    "py": "python", "pyi": "python", "js": "js", "ts": "ts", "tsx": "tsx", "go": "go", "rs": "rust",
    "java": "java", "rb": "ruby", "sh": "sh", "yml": "yaml", "yaml": "yaml", "json": "json",
    "toml": "toml", "tf": "hcl", "c": "c", "h": "c", "cpp": "cpp", "cs": "csharp", "php": "php",
}  # fmt: skip
_MOST_FIX_LINES = 8
_LONGEST_LINE = 200
_LONGEST_TITLE = 160
_LONGEST_MESSAGE = 600
_MOST_OWNERS = 3
_SHORT = 12


def heading(report: Report, title: str, look: Look) -> str:
    """The verdict in a line."""
    name = f"gatekeeper {title}" if title else "gatekeeper"
    word = f"{MARKS[report.verdict]} **{name}: {_WORDS[report.verdict]}**"
    remark = f" <sub>{look.remark}</sub>" if look.remark else ""
    return f"{word} — {sentence(report)}{remark}\n\n"


def sentence(report: Report) -> str:
    """What decides, in words of our own."""
    blocking = sum(it.blocks for it in report.findings)
    changed = plural(report.comparison.changed_files, "changed file")
    new = sum(it.state == "new" for it in report.findings)
    if blocking:
        others = (
            f", {new - blocking:,} more {'is' if new - blocking == 1 else 'are'} new"
            if new > blocking
            else ""
        )
        return f"{plural(blocking, 'problem')} to solve{others}, in {changed}."
    if report.verdict == "pass":
        found = f"{plural(new, 'new problem')}, none of which blocks," if new else "nothing new"
        return f"{found} in {changed}."
    doubtful = [gate.id for gate in report.gates if gate.verdict != "pass"]
    return f"not everything could be checked: {', '.join(doubtful)}."


def gates(report: Report) -> str:
    """A row per gate that does not pass, and a line for those that do."""
    counts = count_by_gate(report)
    rows = []
    for gate in report.gates:
        if gate.verdict != "pass" or gate.reason_code == "warned":
            why = prose(gate.message, 200).replace("|", "\\|")
            numbers = counts[gate.id]
            rows.append(
                f"| {MARKS[gate.verdict]} | **{gate.id}** | {why} | {numbers.existing or ''} |\n"
            )
    passed = [
        it.id
        for it in report.gates
        if it.verdict == "pass" and it.reason_code not in (*IDLE, "warned")
    ]
    idle = [it.id for it in report.gates if it.reason_code in IDLE]
    text = ""
    if rows:
        text = "| | Gate | Why | Already there |\n|---|---|---|--:|\n" + "".join(rows) + "\n"
    said = [f"{MARKS['pass']} {', '.join(passed)}"] if passed else []
    said += [f"nothing to check: {', '.join(idle)}"] if idle else []
    return text + (f"{' · '.join(said)}\n\n" if said else "")


def problem(
    judged: Judged, sources: Sources, secrets: frozenset[tuple[str, int]], look: Look,
    fix: Suggestion | None, owners: Sequence[str],
) -> str:  # fmt: skip
    """One problem in full: what, where, the code or its fix, and where to read more."""
    finding = judged.finding
    message = prose(finding.message, _LONGEST_MESSAGE) or "no message"
    title = prose(finding.message, _LONGEST_TITLE) or "no message"
    where = [_linked(judged, look), f"**{finding.severity}**", _rule(judged)]
    if judged.also:
        where.append(f"also found by {code(also_by(judged), 120)}")
    if owners:
        where.append("owned by " + ", ".join(code(it, 80) for it in owners[:_MOST_OWNERS]))
    text = f"##### {SIGNS[finding.severity]} {title}\n\n{' · '.join(where)}\n\n"
    if message != title:
        text += f"{message}\n\n"
    shown = [it for _, it, _ in excerpt(finding, sources, secrets)]
    if fix is not None and finding.scanner in fix.by:
        old = sources.lines(fix.path)[fix.line - 1 : fix.end_line]
        text += f"A safe fix:\n\n{difference(fix, old)}\n"
    elif any(it.strip() for it in shown):
        text += f"{block(dedent(chr(10).join(shown)).split(chr(10)), language(finding.path))}\n"
    page = help_link(finding.help_url)
    more = f"{page} · " if page else ""
    return (
        f"{text}<sub>{more}`gatekeeper explain {printable(finding.fingerprint)[:_SHORT]}`</sub>\n\n"
    )


def row(judged: Judged, look: Look) -> str:
    """One problem on a line."""
    finding = judged.finding
    message = prose(finding.message, 200) or "no message"
    return f"- {SIGNS[finding.severity]} {_linked(judged, look)} {_rule(judged)}: {message}\n"


def _rule(judged: Judged) -> str:
    return code(rule_of(judged.finding), 100)


def _linked(judged: Judged, look: Look) -> str:
    finding = judged.finding
    if not finding.path:
        return "the change as a whole"
    shown = code(place(finding), 200)
    url = look.place(finding.path, finding.line, finding.end_line)
    # Brackets inside of code mean nothing, so the text of a link cannot end early.
    return f"[{shown}]({url})" if url else shown


def language(path: str) -> str:
    """What GitHub calls the language, for its colours; `text` when unsure."""
    return _LANGUAGES.get(path.rpartition(".")[2].lower(), "text")


def block(rows: Iterable[str], kind: str) -> str:
    """A code block in a language."""
    return fenced(it[:_LONGEST_LINE] for it in rows).replace("text\n", f"{kind}\n", 1)


def difference(fix: Suggestion, old: Sequence[str]) -> str:
    """A safe fix as lines that go and lines that come."""
    new = [] if fix.removes else fix.text.split("\n")
    # What makes a line secret keeps it out of suggestions; this is for what only looks like it.
    rows = [
        f"{sign} {printable(redact(it.expandtabs(4)))[:_LONGEST_LINE]}".rstrip()
        for sign, side in (("-", old), ("+", new))
        for it in side
    ]
    more = len(rows) - _MOST_FIX_LINES
    rows = rows[:_MOST_FIX_LINES] + ([f"# and {plural(more, 'more line')}"] if more > 0 else [])
    return block(rows, "diff") if rows else ""


def not_checked(report: Report) -> Iterator[str]:
    """What nobody may take for clean, and why."""
    for item, failed in failures(report):
        remedy = f" — {prose(failed.remedy, 300)}" if failed.remedy else ""
        yield f"- {MARKS['inconclusive']} **{item.scanner}**: {prose(failed.message, 300)}{remedy}\n"
    for it in report.unchecked:
        if it.new:
            where = code(it.unchecked.path, 200) if it.unchecked.path else "the change as a whole"
            yield (
                f"- {MARKS['inconclusive']} {where} by {it.unchecked.scanner}"
                f" ({it.unchecked.reason}): {prose(it.unchecked.message, 200)}\n"
            )


def changes(report: Report) -> Iterator[str]:
    """What scanners measured, such as coverage and dependencies, in a line each."""
    rows = [
        f"- **{item.scanner}**: {prose(item.outcome.summary, 300)}\n"
        for item in report.outcomes
        if isinstance(item.outcome, Ran) and item.outcome.summary
    ]
    notes = [f"- {prose(note, 300)}\n" for note in report.notes[:10]]
    if rows or notes:
        yield f"<details><summary>Measured and noted</summary>\n\n{''.join(rows + notes)}\n</details>\n\n"


def measured(report: Report) -> str:
    """The same in a few words, for a line."""
    said = [
        prose(item.outcome.summary, 120)
        for item in report.outcomes
        if isinstance(item.outcome, Ran) and item.outcome.summary and item.gate == "coverage"
    ]
    return "".join(f" {it[0].upper()}{it[1:]}." for it in said)


def waivers(report: Report, look: Look) -> Iterator[str]:
    """Waivers in use that soon expire, and those that need attention."""
    for note in report.waivers:
        yield f"- {code(note.waiver.target, 100)}: {prose(note.message, 300)}\n"
    for waiver in report.waivers_used:
        if soon(waiver.expires, look):
            yield (
                f"- {code(waiver.target, 100)} of {code(waiver.owner, 80)} expires on"
                f" {code(waiver.expires, 20)}: {prose(waiver.reason, 200)}\n"
            )


def soon(expires: str, look: Look) -> bool:
    """Whether a waiver ends within the days that people want to know of."""
    try:
        last = date.fromisoformat(look.today) + timedelta(days=look.expiring_days)
        return date.fromisoformat(expires) <= last
    except ValueError:  # `never`, or nobody said what day it is
        return False

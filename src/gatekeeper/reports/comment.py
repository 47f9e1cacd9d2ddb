"""The comment on a pull request: what decides comes first, what matters least is left out first.

All text that is not ours goes through github_markdown. Parts are whole or not there: nothing is cut
inside a code block or an element.
"""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.model.verdict import Judged, Report, Suggestion
from gatekeeper.reports.comment_look import Look
from gatekeeper.reports.comment_parts import (
    MARKS,
    changes,
    gates,
    heading,
    measured,
    not_checked,
    problem,
    row,
    waivers,
)
from gatekeeper.reports.excerpt import secret_lines
from gatekeeper.reports.interface import Rendered, Sources, Style
from gatekeeper.reports.overview import ranked
from gatekeeper.text.names import plural

# GitHub takes 65,536 characters. Counted in bytes, so that it holds however GitHub counts.
LIMIT = 60_000
_RESERVE = 600  # bytes for the lines that say what was left out
# How a report notes that the change edits its own settings or waivers.
OWN_RULES = "this change edits what it is judged by"
_WITH_EXCERPT = 10
_ROWS = 40


class CommentReport:
    """One document, whole or in a folder."""

    def whole(self, report: Report, sources: Sources, style: Style) -> str:
        return section(report, sources, Look(), LIMIT)

    def parts(self, report: Report, sources: Sources) -> list[Rendered]:
        return [Rendered("gatekeeper-comment.md", self.whole(report, sources, Style()))]


def section(report: Report, sources: Sources, look: Look, limit: int, title: str = "") -> str:
    """What there is to say about one report, in at most `limit` bytes (at least 4,096).

    One line when it passes and there is nothing to do. `title` is Markdown.
    """
    return _Section(report, sources, look, limit).text(title)


def noteworthy(report: Report, look: Look) -> bool:
    """Whether there is more to say than that it passes."""
    new = any(it.state == "new" for it in report.findings)
    edited = any(note.startswith(OWN_RULES) for note in report.notes)
    asked = bool(list(not_checked(report)) or list(waivers(report, look)))
    return report.verdict != "pass" or new or edited or asked


class _Section:
    def __init__(self, report: Report, sources: Sources, look: Look, limit: int) -> None:
        self._report = report
        self._sources = sources
        self._look = look
        self._limit = limit
        self._secrets = secret_lines(report)
        self._fixes = _by_place(report.suggestions)

    def text(self, title: str) -> str:
        """Sections in the order of reading, filled in the order of importance."""
        report, look = self._report, self._look
        head = heading(report, title, look)
        if not noteworthy(report, look):
            return f"{head.rstrip()}{measured(report)}\n\n"
        table = gates(report)
        foot = _foot(report, look)
        parts = {"blocks": "", "open": "", "new": "", "changes": "", "waivers": ""}
        room = self._limit - _size(head) - _size(table) - _size(foot) - _RESERVE
        for name, made in (
            ("open", _listed("#### Not checked", list(not_checked(report)), 10)),
            ("blocks", None),
            ("waivers", _listed("#### Waivers", list(waivers(report, look)), 10)),
            ("changes", "".join(changes(report))),
            ("new", None),
        ):
            text = made if made is not None else self._findings(name, room)
            if _size(text) > room:
                text = "" if name != "open" else _listed("#### Not checked", _short(report), 3)
            parts[name] = text
            room -= _size(text)
        order = ("blocks", "open", "new", "changes", "waivers")
        return head + table + "".join(parts[name] for name in order) + foot

    def _findings(self, name: str, room: int) -> str:
        if name == "blocks":
            found = ranked(it for it in self._report.findings if it.blocks)
            title = f"#### What blocks{f' ({len(found):,})' if len(found) > 1 else ''}\n\n"
            return title + self._filled(found, room - _size(title)) if found else ""
        found = ranked(it for it in self._report.findings if it.state == "new" and not it.blocks)
        if not found:
            return ""
        does = "does" if len(found) == 1 else "do"
        count = plural(len(found), "new problem")
        title = f"<details><summary>{count} that {does} not block</summary>\n\n"
        end = "\n</details>\n\n"
        rows = [row(it, self._look) for it in found[:_ROWS]]
        return title + _fitting(rows, len(found), room - _size(title + end), self._look) + end

    def _filled(self, found: Sequence[Judged], room: int) -> str:
        """The worst in full, the others on a line each, as many as there is room for."""
        parts = []
        for nth, judged in enumerate(found):
            if nth >= _WITH_EXCERPT:
                parts.append(row(judged, self._look))
                continue
            fix = self._fixes.get((judged.finding.path, judged.finding.line))
            owners = self._look.owners.owners(judged.finding.path) if judged.finding.path else ()
            parts.append(problem(judged, self._sources, self._secrets, self._look, fix, owners))
        return _fitting(parts[: _WITH_EXCERPT + _ROWS], len(found), room, self._look) + "\n"


def _fitting(parts: Sequence[str], total: int, room: int, look: Look) -> str:
    shown = ""
    count = 0
    for part in parts:
        if _size(shown) + _size(part) + 200 > room:
            break
        shown += part
        count += 1
    if left := total - count:
        where = f"[the details]({look.details})" if look.details else "the other reports"
        shown += f"\n{left:,} more: see {where}.\n"
    return shown


def _by_place(suggestions: Sequence[Suggestion]) -> dict[tuple[str, int], Suggestion]:
    """The fix for each line that one changes."""
    return {(it.path, line): it for it in suggestions for line in range(it.line, it.end_line + 1)}


def _short(report: Report) -> list[str]:
    return [f"- {MARKS['inconclusive']} too much to list here\n"] if report.unchecked else []


def _listed(title: str, rows: Sequence[str], most: int) -> str:
    if not rows:
        return ""
    more = f"- and {len(rows) - most:,} more\n" if len(rows) > most else ""
    return f"{title}\n\n{''.join(rows[:most])}{more}\n"


def _foot(report: Report, look: Look) -> str:
    hints = []
    if report.suggestions:
        hints.append("`gatekeeper check --fix` applies the safe fixes")
    if look.details:
        hints.append(f"[all details]({look.details})")
    return f"<sub>{' · '.join(hints)}</sub>\n" if hints else ""


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))

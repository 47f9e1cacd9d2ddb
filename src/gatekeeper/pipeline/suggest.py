"""Safe fixes as suggestions for the lines of a change. Nothing is written anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

import msgspec

from gatekeeper.model.verdict import Report, Suggestion
from gatekeeper.pipeline.check import Check
from gatekeeper.pipeline.fix import FixedFile, FixRun
from gatekeeper.text.redact import key_lines, redact

MOST_SUGGESTIONS = 500
MOST_LINES = 40
# Comparing is quadratic where everything differs.
_MOST_FILE_LINES = 20_000


def with_suggestions(check: Check, report: Report) -> Report:
    """The report with what the tools would make of lines with problems that the change brought."""
    run = FixRun(check.runs, check.versions.head, check.services.means, check.policy)
    fixes = run.collect(report)
    secret = frozenset(
        (judged.finding.path, line)
        for judged in report.findings
        if judged.finding.sensitive
        for line in range(judged.finding.line, judged.finding.end_line + 1)
    )
    found = [it for file in fixes.files for it in suggestions(file, secret)]
    notes = [f"no suggestions from {problem}" for problem in fixes.problems]
    return msgspec.structs.replace(
        report, suggestions=tuple(found[:MOST_SUGGESTIONS]), notes=(*report.notes, *notes)
    )


def suggestions(
    file: FixedFile, secret: frozenset[tuple[str, int]] = frozenset()
) -> Iterator[Suggestion]:
    """Each stretch of lines that a fix changes, with at least one line to stand on.

    What holds a secret, or looks as if it did, is left out: a suggestion quotes the whole line.
    """
    try:
        before, after = (it.decode("utf-8") for it in (file.before, file.after))
    except UnicodeDecodeError:
        return
    old, new = _lines(before), _lines(after)
    if max(len(old), len(new)) > _MOST_FILE_LINES:
        return
    keys = key_lines(old)
    for start, end, first, last in _stretches(old, new):
        lines = range(start + 1, end + 1)
        text = "\n".join(new[first:last])
        shown = any((file.path, at) in secret or at in keys for at in lines)
        if shown or redact(text) != text or max(len(lines), last - first) > MOST_LINES:
            continue
        yield Suggestion(file.path, start + 1, end, text, file.by, removes=first == last)


def _stretches(old: list[str], new: list[str]) -> list[tuple[int, int, int, int]]:
    """Lines `[start, end)` that become `[first, last)`. None is empty: a suggestion takes the place
    of a line, so what is only added stands on the line before it, or at the top on the first."""
    found: list[tuple[int, int, int, int]] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, *edges in matcher.get_opcodes():
        if kind == "equal" or not old:
            continue
        start, end, first, last = edges
        if start == end and start:
            start, first = start - 1, first - 1
        elif start == end:
            end, last = end + 1, last + 1
        if found and start < found[-1][1]:
            start, _, first, _ = found.pop()
        found.append((start, end, first, last))
    return found


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").replace("\r\n", "\n").split("\n") if text else []

"""Review comments: few, on lines of the difference only, each problem once, gone when it is solved.

A comment carries the fingerprint of its problem, so it is known again after a rebase, and nobody is
told twice. One that somebody answered belongs to people from then on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Literal

from gatekeeper.errors import ForgeError
from gatekeeper.model.finding import at_least
from gatekeeper.model.forge import ChangedFile, DraftComment, ReviewThread
from gatekeeper.model.verdict import Judged, Suggestion
from gatekeeper.ports.forge import Forge
from gatekeeper.publish.comment import superseded
from gatekeeper.publish.subject import UNTRUSTED, Done, Subject, Told
from gatekeeper.reports.comment_look import help_link
from gatekeeper.reports.github_markdown import code, prose
from gatekeeper.reports.overview import ranked, rule_of
from gatekeeper.text.names import plural
from gatekeeper.text.patterns import regex

_TARGET = "review"
_MARK = regex(r"<!-- gatekeeper:finding ([0-9a-f]{8,128}) ([0-9a-f]{8}) -->")
_ROUNDS = 3
_HUNK = regex(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_FINGERPRINT = regex(r"[0-9a-f]{8,128}")
_BACKTICKS = regex(r"`+")
Outdated = Literal["delete", "resolve", "keep"]


def publish(
    forge: Forge, subject: Subject, told: Sequence[Told], *, most: int, outdated: Outdated
) -> Done:
    """Comment on what is new, at most `most` times in all. Raises ForgeError."""
    wanted = _wanted(told)
    part = scope(subject)
    wrote = removed = 0
    for _ in range(_ROUNDS):
        said = forge.conversation(subject.number)
        if reason := superseded(forge, subject, said):
            return Done(_TARGET, reason, bool(wrote or removed))
        own = [it for it in said.threads if mark(it)]
        known = {mark(it)[0] for it in own}
        removed += _remove(forge, _obsolete(own, wanted, part), outdated)
        fresh = {name: it for name, it in wanted.items() if name not in known}
        drafts = _drafts(forge, subject, told, fresh, max(0, most - len(known & wanted.keys())))
        if not drafts:
            break
        # Another job may have said the same at this moment, or the answer got lost: look again.
        wrote += _write(forge, subject, drafts)
    words = [f"{plural(wrote, 'line')} commented on"] if wrote else []
    words += [f"{plural(removed, 'comment')} gone"] if removed else []
    return Done(_TARGET, ", ".join(words) or "nothing has changed", bool(wrote or removed))


def mark(thread: ReviewThread) -> tuple[str, ...]:
    """The problem that a thread of ours is about, and the part that said so; empty for others'."""
    if not thread.comments or not thread.comments[0].own:
        return ()
    # At its end, behind all that is quoted.
    found = _MARK.fullmatch(thread.comments[0].body.rstrip().rpartition("\n")[2])
    return found.groups() if found else ()


def scope(subject: Subject) -> str:
    """The part's name, as marks have it."""
    return sha256(subject.part.encode("utf-8", "replace")).hexdigest()[:8]


def answered(thread: ReviewThread) -> bool:
    """Whether anybody else has said something there."""
    return any(not it.own for it in thread.comments)


def _obsolete(
    own: Sequence[ReviewThread], wanted: Mapping[str, Judged], part: str
) -> list[ReviewThread]:
    """What this part said and would not say any more, and what anybody said twice."""
    seen: set[str] = set()
    found = []
    for thread in own:
        name, said_by = mark(thread)
        gone = name not in wanted and said_by == part
        if (gone or name in seen) and not answered(thread):
            found.append(thread)
        seen.add(name)
    return found


def _wanted(told: Sequence[Told]) -> dict[str, Judged]:
    """The new problems by fingerprint, the most important first; equal ones are one."""
    found = ranked(
        judged
        for it in told
        for judged in it.report.findings
        if judged.state == "new"
        and (judged.blocks or at_least(judged.finding.severity, "medium"))
        and judged.finding.path
        and judged.finding.line
        and _FINGERPRINT.fullmatch(judged.finding.fingerprint)
    )
    wanted: dict[str, Judged] = {}
    for judged in found:
        wanted.setdefault(judged.finding.fingerprint, judged)
    return wanted


def _remove(forge: Forge, threads: Sequence[ReviewThread], outdated: Outdated) -> int:
    if not threads or outdated == "keep":
        return 0
    if outdated == "resolve":
        left = [it for it in threads if not it.resolved]
        forge.resolve([it.node for it in left])
        return len(left)
    forge.forget([comment.node for it in threads for comment in it.comments])
    return len(threads)


def _drafts(
    forge: Forge, subject: Subject, told: Sequence[Told], fresh: dict[str, Judged], most: int
) -> list[DraftComment]:
    if not fresh or not most:
        return []
    # Those after the first few would only be looked at if these were not in the difference.
    candidates = list(fresh.values())[: most * 5]
    paths = frozenset(it.finding.path for it in candidates)
    files = {it.path: it for it in forge.changed_files(subject.number, paths).files}
    fixes = [fix for it in told for fix in it.report.suggestions]
    drafts = []
    for judged in candidates:
        file = files.get(judged.finding.path)
        draft = _draft(judged, file, fixes, subject) if file else None
        if draft:
            drafts.append(draft)
        if len(drafts) == most:
            break
    return drafts


def _draft(
    judged: Judged, file: ChangedFile, fixes: Sequence[Suggestion], subject: Subject
) -> DraftComment | None:
    """The comment, on as many lines as the fix replaces; None when they are not in the difference."""
    finding = judged.finding
    lines = _lines(file.patch)
    if finding.line not in lines:
        return None
    fix = next(
        (
            it
            for it in fixes
            if it.path == finding.path
            and finding.scanner in it.by
            and it.line <= finding.line <= it.end_line
            and all(at in lines for at in range(it.line, it.end_line + 1))
        ),
        None,
    )
    start, end = (fix.line, fix.end_line) if fix else (finding.line, finding.line)
    return DraftComment(finding.path, end, _body(judged, fix, subject), start)


def _lines(patch: str) -> set[int]:
    """The lines of the new side that a comment may stand on."""
    found: set[int] = set()
    for match in _HUNK.finditer(patch):
        start = int(match[1])
        found.update(range(start, start + int(match[2] or "1")))
    return found


def _body(judged: Judged, fix: Suggestion | None, subject: Subject) -> str:
    finding = judged.finding
    text = f"**{finding.severity}** {code(rule_of(finding), 100)}: {prose(finding.message, 600)}\n"
    if fix is not None:
        text += f"\n{suggestion(fix)}"
    page = help_link(finding.help_url)
    more = f"{page} · " if page else ""
    told = f" · {UNTRUSTED}" if subject.untrusted else ""
    text += f"\n<sub>{more}`gatekeeper explain {finding.fingerprint[:12]}`{told}</sub>\n"
    return f"{text}<!-- gatekeeper:finding {finding.fingerprint} {scope(subject)} -->"


def suggestion(fix: Suggestion) -> str:
    """What GitHub offers to commit: the lines as they are, so the fence has to be longer than any
    run of backticks in them."""
    longest = max((len(it) for it in _BACKTICKS.findall(fix.text)), default=0)
    fence = "`" * max(3, longest + 1)
    lines = "" if fix.removes else f"{fix.text}\n"
    return f"{fence}suggestion\n{lines}{fence}\n"


def _write(forge: Forge, subject: Subject, drafts: Sequence[DraftComment]) -> int:
    if not drafts:
        return 0
    try:
        forge.review(subject.number, subject.commit, drafts)
        return len(drafts)
    except ForgeError as error:
        if error.uncertain:
            return 0
        if error.kind != "invalid":
            raise
    # One of them is on no line of the difference as GitHub sees it; the others need not suffer.
    wrote = 0
    for draft in drafts:
        try:
            forge.review_comment(subject.number, subject.commit, draft)
            wrote += 1
        except ForgeError as error:
            if error.kind != "invalid":
                raise
    return wrote

"""Issues about the default branch: one for each problem, and never a flood.

An issue is known again by what it remembers at the top of its text. Of several about one problem the
oldest is the one, whoever made the others at the same moment. Closed is only what a report has looked
for and not found.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from gatekeeper.config.issue_options import IssueOptions
from gatekeeper.errors import ForgeError
from gatekeeper.model.finding import SEVERITIES
from gatekeeper.model.forge import Issue
from gatekeeper.model.outcome import Ran, Skipped
from gatekeeper.model.verdict import Judged, Report
from gatekeeper.ports.forge import Forge
from gatekeeper.publish.problem import (
    Memory,
    Problem,
    listed,
    owners_of,
    package,
    problems,
    remembered,
    text,
    written,
)
from gatekeeper.publish.subject import Done, Subject, Told
from gatekeeper.reports.comment_look import Look
from gatekeeper.reports.github_markdown import code, prose
from gatekeeper.text.names import plural

_TARGET = "issues"
LABEL = "gatekeeper"
OVERVIEW = "overview"
_MOST_ASSIGNEES = 10
_LEVELS = tuple(f"severity: {it}" for it in SEVERITIES)


def publish(
    forge: Forge, subject: Subject, told: tuple[Told, ...], look: Look, options: IssueOptions
) -> Done:
    """Open, update, close and reopen. Raises ForgeError."""
    default = forge.default_branch()
    if subject.ref not in (f"refs/heads/{default}", default):
        return Done(_TARGET, f"issues are about the default branch, which is {default}")
    if any(it.report.comparison.base for it in told):
        raise ForgeError(
            "invalid",
            "a report about a change does not say what is wrong with the whole branch",
            remedy="make it with `gatekeeper audit` on the default branch, or with --all",
        )
    # Somebody started an old run again: what it says may be long over.
    if subject.attempt > 1 and forge.branch_head(default) != subject.commit:
        return Done(_TARGET, "there is a newer commit: start the workflow anew")
    # By the branch and not by the commit, or each commit would change the text of each issue.
    blob = look.blob
    if blob.endswith(f"/{subject.commit}"):
        blob = blob.removesuffix(subject.commit) + quote(default)
    return _Issues(forge, told, msgspec.structs.replace(look, blob=blob), options).keep()


class _Issues:
    def __init__(
        self, forge: Forge, told: tuple[Told, ...], look: Look, options: IssueOptions
    ) -> None:
        self._forge = forge
        self._told = told
        self._look = look
        self._options = options
        self._me = forge.viewer()
        self._counts = dict.fromkeys(("opened", "updated", "closed", "reopened"), 0)
        self._closed: dict[str, Issue] | None = None

    def keep(self) -> Done:
        """Make the issues say what the reports say."""
        found, accepted = problems(self._told, self._options.severity)
        by_key = {it.key: it for it in found}
        there = self._settled(self._ours("open"))
        for key, issue in there.items():
            if key != OVERVIEW and key not in by_key:
                self._maybe_close(issue, accepted.get(key))
        known = [it for it in found if it.key in there]
        for it in known:
            self._update(there[it.key], it)
        waiting = [it for it in found if it.key not in there]
        room = max(0, self._options.max_open - len(known))
        for it in waiting[:room]:
            self._open(it)
        self._overview(there.get(OVERVIEW), waiting[room:])
        if self._counts["opened"] or self._counts["reopened"]:
            # Another run may have opened the same at the same moment: only looking again tells.
            self._settled(self._ours("open"))
        said = ", ".join(f"{count} {word}" for word, count in self._counts.items() if count)
        wrote = any(self._counts.values())
        return Done(
            _TARGET, f"{said or 'nothing has changed'}; {plural(len(found), 'problem')}", wrote
        )

    def _ours(self, state: str) -> list[tuple[Memory, Issue]]:
        """Those that this token or another app has made. Labels are for people with rights to set."""
        return [
            (memory, it)
            for it in self._forge.issues(labels=[LABEL], state=state)
            if (it.author.login == self._me or it.author.kind == "bot")
            and (memory := remembered(it.body)) is not None
            and not memory.double
        ]

    def _settled(self, ours: Sequence[tuple[Memory, Issue]]) -> dict[str, Issue]:
        """The one issue for each problem; others about the same are closed."""
        first: dict[str, Issue] = {}
        for memory, it in sorted(ours, key=lambda pair: pair[1].number):
            kept = first.setdefault(memory.key, it)
            if kept.number != it.number:
                said = f"The same as #{kept.number}, which was there before.\n"
                body = written(msgspec.structs.replace(memory, double=True), said)
                self._write(it, it.title, body, "closed", it.labels, "not_planned")
                self._counts["closed"] += 1
        return first

    def _update(self, issue: Issue, problem: Problem) -> None:
        memory = remembered(issue.body)
        since = memory.since if memory else self._look.today
        body = self._body(problem, since)
        labels = self._labels(problem, issue)
        same = (issue.title, _plain(issue.body), set(issue.labels)) == (
            problem.title, _plain(body), set(labels),
        )  # fmt: skip
        if not same:
            self._write(issue, problem.title, body, "open", labels)
            self._counts["updated"] += 1

    def _open(self, problem: Problem) -> None:
        """A new issue, or the one that was closed when the problem was gone."""
        if self._closed is None:
            # Of several the newest: they are listed from there.
            self._closed = {memory.key: it for memory, it in reversed(self._ours("closed"))}
        body = self._body(problem, self._look.today)
        before = self._closed.get(problem.key)
        if before is not None:
            labels = self._labels(problem, before)
            self._write(before, problem.title, body, "open", labels, "reopened")
            self._counts["reopened"] += 1
            return
        people = owners_of(problem, self._look) if self._options.assign else []
        self._create(problem.title, body, self._labels(problem), [
            it[1:] for it in people if it.startswith("@") and "/" not in it
        ][:_MOST_ASSIGNEES])  # fmt: skip

    def _create(
        self, title: str, body: str, labels: Sequence[str], assignees: Sequence[str]
    ) -> None:
        try:
            self._forge.create_issue(title=title, body=body, labels=labels, assignees=assignees)
        except ForgeError as error:
            if error.uncertain:  # it may be there: if it is not, the next run makes it
                pass
            elif error.kind == "invalid" and assignees:
                # Whoever may not be assigned is named in the text all the same.
                self._create(title, body, labels, ())
                return
            else:
                raise
        self._counts["opened"] += 1

    def _maybe_close(self, issue: Issue, accepted: Judged | None) -> None:
        memory = remembered(issue.body)
        if memory is None or not (accepted or looked_for(memory, self._told)):
            return
        said = f"Not found any more on {self._look.today}.\n"
        if accepted is not None:
            said = f"Accepted on {self._look.today}{_by_whom(accepted)}\n"
        body = written(memory, said)
        reason = "not_planned" if accepted else "completed"
        self._write(issue, issue.title, body, "closed", issue.labels, reason)
        self._counts["closed"] += 1

    def _overview(self, issue: Issue | None, rest: Sequence[Problem]) -> None:
        """The one issue for all that have none."""
        memory = Memory(OVERVIEW, "", "", self._look.today)
        title = f"gatekeeper: {plural(len(rest), 'more problem')}"
        if not rest:
            complete = issue is not None and all(_complete(it.report) for it in self._told)
            if issue is not None and complete:
                body = written(memory, "Each problem has an issue of its own, or is solved.\n")
                self._write(issue, issue.title, body, "closed", issue.labels, "completed")
                self._counts["closed"] += 1
            return
        body = written(memory, listed(rest, msgspec.structs.replace(self._look, details="")))
        labels = [LABEL, *self._options.labels]
        if issue is None:
            before = next(
                (it for memory, it in reversed(self._ours("closed")) if memory.key == OVERVIEW),
                None,
            )
            if before is None:
                self._create(title, body, labels, ())
            else:
                self._write(before, title, body, "open", before.labels, "reopened")
                self._counts["reopened"] += 1
        elif (issue.title, _plain(issue.body)) != (title, _plain(body)):
            self._write(issue, title, body, "open", issue.labels)
            self._counts["updated"] += 1

    def _body(self, problem: Problem, since: str) -> str:
        said = text(problem, since, self._look, self._options.due)
        return written(problem.memory(since), said)

    def _labels(self, problem: Problem, issue: Issue | None = None) -> list[str]:
        """Ours, and those that people have set."""
        theirs = [it for it in issue.labels if it not in _LEVELS] if issue else []
        ours = [LABEL, f"severity: {problem.severity}", *self._options.labels]
        return list(dict.fromkeys([*theirs, *ours]))

    def _write(
        self,
        issue: Issue,
        title: str,
        body: str,
        state: str,
        labels: Sequence[str],
        reason: str = "",
    ) -> None:
        self._forge.edit_issue(
            issue.number, title=title, body=body, state=state, labels=labels, reason=reason
        )


def looked_for(memory: Memory, told: Sequence[Told]) -> bool:
    """Whether a report would have found the problem, were it still there."""
    for it in told:
        if it.report.project == memory.project:
            return _looked_for(memory, it)
    return False


def _looked_for(memory: Memory, told: Told) -> bool:
    report = told.report
    outcome = next((it.outcome for it in report.outcomes if it.scanner == memory.scanner), None)
    if isinstance(outcome, Skipped):
        return outcome.reason == "no-matching-files"
    if not isinstance(outcome, Ran):
        return False
    # What is not where it was may be somewhere else, in a file that could not be read.
    gone = any(not told.sources.lines(it) for it in memory.paths)
    for each in report.unchecked:
        it = each.unchecked
        if it.scanner != memory.scanner:
            continue
        if package(it.subject) in memory.subjects if it.subject and memory.subjects else (
            gone or not it.path or it.path in memory.paths
        ):  # fmt: skip
            return False
    if not memory.subjects:
        return True
    # An audit of some files alone says nothing of the others.
    seen = {it.place.path for it in outcome.accounts}
    left = {it.place.path for it in outcome.accounts if it.status == "not-checked"
            and f"{it.ecosystem}:{it.name}" in memory.subjects}  # fmt: skip
    return not left and all(it in seen or not told.sources.lines(it) for it in memory.paths)


def _complete(report: Report) -> bool:
    return not report.unchecked and all(
        isinstance(it.outcome, Ran | Skipped) for it in report.outcomes
    )


def _by_whom(accepted: Judged) -> str:
    waiver = accepted.waiver
    if waiver is not None:
        return f" by {code(waiver.owner, 80)} until {code(waiver.expires, 20)}: {prose(waiver.reason, 300)}"
    reason = accepted.finding.suppression.reason if accepted.finding.suppression else ""
    return f" beside the code: {prose(reason, 300) or 'no reason is given'}"


def _plain(body: str) -> str:
    """What is to be compared: GitHub trims what it stores."""
    return body.replace("\r\n", "\n").strip()

"""`/gatekeeper waive`: one more entry in the waiver file, proposed or committed."""

from __future__ import annotations

import json
from datetime import date, timedelta

from gatekeeper.bot.answer import Answer, Asked, Means
from gatekeeper.bot.authority import moved, not_an_owner
from gatekeeper.bot.commands import Command
from gatekeeper.bot.findings import found, named
from gatekeeper.config.waivers import WAIVER_FILE
from gatekeeper.errors import ConfigError, ForgeError
from gatekeeper.model.finding import Finding
from gatekeeper.model.forge import PullRequest
from gatekeeper.ports.forge import Forge
from gatekeeper.reports.github_markdown import code, fenced, prose
from gatekeeper.text.globs import matches
from gatekeeper.text.names import plural, printable
from gatekeeper.text.patterns import regex

_PLAIN = regex(r"[a-z-]{1,30}/[A-Za-z0-9._/-]{1,80}")
_SPECIAL = frozenset("\\*?[]!#")
NO_RUN = (
    "GitHub starts no checks for what the token of a job has pushed. They run with the next push;"
    " or hand over the token of an app."
)


def waive(forge: Forge, asked: Asked, command: Command, means: Means) -> Answer:
    """Write the waiver. Raises ForgeError."""
    refused = _bad_day(command.until, means) or _not_here(forge, asked, means)
    if refused is not None:
        return refused
    known = found(forge, asked.pull.head, means.artifact)
    hits = named(known.findings, command.topic)
    if len(hits) != 1:
        return Answer("unclear", _not_one(command.topic, len(hits), known.why))
    finding = hits[0].finding
    refused = not_an_owner(forge, asked, finding.path, means)
    return refused or _written(forge, asked, command, means, finding)


def _written(
    forge: Forge, asked: Asked, command: Command, means: Means, finding: Finding
) -> Answer:
    pull = asked.pull
    commits = means.options.waive_by == "commit"
    branch = f"gatekeeper/waive-{finding.fingerprint[:12]}-{asked.comment.id}"
    onto = pull.head
    if not commits:
        begun = forge.branch_head(branch)
        if begun and not _ours_alone(forge, branch, begun):
            why = f"The branch {code(branch)} is there already, and others have pushed to it."
            return Answer("refused", f"{why} Delete it, and write a new comment.")
        onto = begun or forge.branch_head(pull.base_branch)
    there = forge.file(WAIVER_FILE, onto)
    before = there.content if there is not None else b""
    entry = _entry(finding, asked.who.login, command)
    try:
        after = _added(before, entry, finding, means)
    except ConfigError as error:
        said = f"The waiver file does not take it: {prose(error.message, 400)}"
        return Answer("unclear", f"{said}\n\n{fenced(entry.splitlines())}")
    what = _described(finding, command)
    message = f"Waive {_title(finding)} until {command.until}\n\n{asked.comment.url}\n"
    if commits:
        if after != before:
            forge.commit_files(pull.head_branch, pull.head, message, {WAIVER_FILE: after})
        return Answer("done", f"Waived, in a commit to this branch: {what}\n\n<sub>{NO_RUN}</sub>")
    new = after if after != before else None
    number = _proposed(forge, asked, branch, onto, message, what, new)
    text = f"Proposed in #{number}: {what}\n\nIt counts once that is merged and this branch has it."
    return Answer("done", text)


def _ours_alone(forge: Forge, branch: str, head: str) -> bool:
    """Whether nobody else has pushed to it: what others have there would be proposed in our name."""
    pushes = forge.pushes(branch)
    me = forge.viewer()
    return bool(pushes) and pushes[0].after == head and all(it.by == me for it in pushes)


def _bad_day(until: str, means: Means) -> Answer | None:
    """Why it is no day to wait for; the waiver file's own rules come later."""
    if until == "never":
        why = "A comment can waive until a day, and not for good: edit the waiver file for that."
        return Answer("unclear", why)
    try:
        day = date.fromisoformat(until)
    except ValueError:
        return Answer("unclear", f"`{until}` is not in the calendar.")
    today = date.fromisoformat(means.today)
    if day < today:
        return Answer("unclear", f"`{until}` is over.")
    if day > today + timedelta(days=means.options.waive_days):
        most = plural(means.options.waive_days, "day")
        why = f"A comment can waive for {most} at most (`pull_requests.commands.waive_days`)."
        return Answer("unclear", why)
    return None


def _not_here(forge: Forge, asked: Asked, means: Means) -> Answer | None:
    """Why nothing can be committed to the change, where that is the policy."""
    if means.options.waive_by != "commit":
        return None
    if why := _no_commit(forge, asked):
        return Answer("refused", why)
    if why := moved(forge, asked):
        return Answer("refused", f"Nothing was waived: {why}. Look again, and write a new comment.")
    return None


def _no_commit(forge: Forge, asked: Asked) -> str:
    """Why nothing can be committed to the change itself."""
    pull = asked.pull
    if pull.author.id == asked.who.id:
        return "Nobody waives the problems of their own change: somebody else has to ask for it."
    return unpushable(forge, pull)


def unpushable(forge: Forge, pull: PullRequest) -> str:
    """Why the branch is not one to commit to; empty when it is."""
    if pull.fork or not pull.head_repository:
        return "This change comes from another repository, where this token may not push."
    if pull.head_branch in (forge.default_branch(), pull.base_branch):
        return "The change is on a branch that others build on, so nothing is committed to it."
    return ""


def _not_one(start: str, count: int, why: str) -> str:
    if count:
        return f"`{start}` is the start of {count} fingerprints: write more of it."
    because = f" ({prose(why, 200)})" if why else ""
    return (
        f"No report of this commit has a problem with the fingerprint `{start}`{because}."
        " `/gatekeeper rerun` runs the checks again."
    )


def _entry(finding: Finding, login: str, command: Command) -> str:
    """YAML. JSON's strings are YAML's, and hold whatever is in them."""
    rows = [f"fingerprint: {json.dumps(finding.fingerprint)}"]
    pattern = _pattern(finding.path)
    if pattern:
        rows.append(f"paths: [{json.dumps(pattern, ensure_ascii=False)}]")
    reason = printable(" ".join(command.reason.split()))
    rows += [
        f"owner: {json.dumps(f'@{login}')}",
        f"reason: {json.dumps(reason, ensure_ascii=False)}",
        f"expires: {json.dumps(command.until)}",
    ]
    return f"  - {rows[0]}\n" + "".join(f"    {row}\n" for row in rows[1:])


def _pattern(path: str) -> str:
    """A pattern of this very file; empty where none can be written."""
    text = "/" + "".join(f"\\{it}" if it in _SPECIAL else it for it in path)
    try:
        return text if path and printable(path) == path and matches((text,), path) else ""
    except ValueError:
        return ""


def _added(before: bytes, entry: str, finding: Finding, means: Means) -> bytes:
    """The file with the entry, and with all that it said. Raises ConfigError."""
    old = means.waivers(before) if before.strip() else ()
    if any(
        it.fingerprint == finding.fingerprint and f'expires: "{it.expires}"' in entry
        and it.expires >= means.today for it in old
    ):  # fmt: skip
        return before
    text = before.decode("utf-8", "replace").rstrip()
    if not text:
        text = "version: 1\nwaivers:"
    # `waivers: []` holds no place for another line.
    text = text.removesuffix("[]").rstrip() if not old else text
    after = f"{text}\n{entry}".encode()
    new = means.waivers(after)
    kept = [(it.target, it.paths, it.owner, it.reason, it.expires) for it in new]
    was = [(it.target, it.paths, it.owner, it.reason, it.expires) for it in old]
    if len(new) != len(old) + 1 or kept[:-1] != was or new[-1].fingerprint != finding.fingerprint:
        raise ConfigError(
            "nothing can be added at its end without changing what it says",
            where=WAIVER_FILE,
        )
    return after


def _title(finding: Finding) -> str:
    """The rule for a commit's message, where GitHub would obey `closes #1` and call `@somebody`."""
    name = f"{finding.scanner}/{finding.rule}"
    return name if _PLAIN.fullmatch(name) else f"the problem {finding.fingerprint[:12]}"


def _described(finding: Finding, command: Command) -> str:
    name = code(f"{finding.scanner}/{finding.rule}", 120)
    place = f" in {code(finding.path, 200)}" if finding.path else ""
    return (
        f"{name}{place} until `{command.until}`.\n\n> {prose(finding.message, 300) or 'no message'}"
        f"\n\nThe reason: {prose(command.reason, 500)}"
    )


def _proposed(
    forge: Forge, asked: Asked, branch: str, onto: str, message: str, what: str,
    content: bytes | None,
) -> int:  # fmt: skip
    """The pull request with the waiver, made once."""
    pull = asked.pull
    if not forge.branch_head(branch):
        try:
            forge.create_branch(branch, onto)
        except ForgeError as error:
            if not error.uncertain or forge.branch_head(branch) != onto:
                raise
    if content is not None:
        forge.commit_files(branch, onto, message, {WAIVER_FILE: content})
    there = next(iter(forge.pull_requests_from(branch)), None)
    if there is None:
        title = message.split("\n", 1)[0]
        body = f"Asked for by {code(asked.who.login, 60)} in #{pull.number}.\n\n{what}\n"
        try:
            there = forge.open_pull_request(
                title=title, body=body, branch=branch, base=pull.base_branch
            )
        except ForgeError as error:
            there = next(iter(forge.pull_requests_from(branch)), None)
            if there is None:
                raise error from None
    return there.number

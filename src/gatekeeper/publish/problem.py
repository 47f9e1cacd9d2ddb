"""One problem, one issue: what belongs together, and what an issue says and remembers of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256

import msgspec
from msgspec import UNSET, Struct

from gatekeeper.config.issue_options import IssueDueDates
from gatekeeper.model.finding import SEVERITIES, Finding, Severity
from gatekeeper.model.verdict import Judged
from gatekeeper.publish.subject import Told
from gatekeeper.reports.comment_look import Look, help_link
from gatekeeper.reports.comment_parts import SIGNS
from gatekeeper.reports.github_markdown import code, cut, prose
from gatekeeper.reports.overview import place
from gatekeeper.text.names import plural, printable
from gatekeeper.text.patterns import regex

_MARK = regex(r"<!-- gatekeeper-issue:1 ([A-Za-z0-9+/=]{1,20000}) -->\r?\n")
_DUE = regex(r"\b(?:Due|Overdue since) ([0-9]{4}-[0-9]{2}-[0-9]{2})\.")
_MOST_PLACES = 50
_MOST_PATHS = 200
_LONGEST_TITLE = 200


class Memory(Struct, frozen=True, array_like=True):
    """What an issue remembers: which problem it is about, since when, and where it was.

    `double`: another issue is about the same. `subjects` are dependencies without their versions.
    """

    key: str
    project: str
    scanner: str
    since: str
    subjects: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    double: bool = False


class Problem(Struct, frozen=True):
    """Findings that one change would solve: a vulnerability of a package, wherever it is used."""

    key: str
    project: str
    findings: tuple[Finding, ...]

    @property
    def severity(self) -> Severity:
        """The worst of them."""
        return max((it.severity for it in self.findings), key=SEVERITIES.index)

    @property
    def worst(self) -> Finding:
        """The finding that speaks for all."""
        return max(self.findings, key=lambda it: SEVERITIES.index(it.severity))

    @property
    def subject(self) -> str:
        """The dependency without its version; empty where it is about none."""
        return package(self.worst.subject)

    @property
    def title(self) -> str:
        """A line of plain text."""
        first = self.worst
        about = self.subject or (place(first) if first.path else "the repository")
        folder = f" ({self.project})" if self.project else ""
        return cut(printable(f"{first.rule}: {about}{folder}"), _LONGEST_TITLE)

    def memory(self, since: str) -> Memory:
        """What its issue is to remember."""
        subjects = sorted({_storable(package(it.subject)) for it in self.findings if it.subject})
        paths = sorted({_storable(it.path) for it in self.findings if it.path})
        return Memory(
            self.key, self.project, self.worst.scanner, since, tuple(subjects[:_MOST_PATHS]),
            tuple(paths[:_MOST_PATHS]),
        )  # fmt: skip


def problems(told: Sequence[Told], least: Severity) -> tuple[list[Problem], dict[str, Judged]]:
    """What is open, the worst first; and by key what somebody has accepted."""
    groups: dict[str, tuple[str, list[Finding]]] = {}
    accepted: dict[str, Judged] = {}
    for each in told:
        project = each.report.project
        for it in each.report.findings:
            if SEVERITIES.index(it.finding.severity) < SEVERITIES.index(least):
                continue
            key = key_of(project, it.finding)
            if it.state in ("waived", "suppressed"):
                accepted[key] = it
            else:
                groups.setdefault(key, (project, []))[1].append(it.finding)
    found = [Problem(key, project, tuple(them)) for key, (project, them) in groups.items()]
    found.sort(key=lambda it: (-SEVERITIES.index(it.severity), due_of(it) or "9", it.title, it.key))
    return found, {key: it for key, it in accepted.items() if key not in groups}


def key_of(project: str, finding: Finding) -> str:
    """The same for a vulnerability of a package in all files and versions; else the fingerprint's."""
    what = package(finding.subject) or finding.fingerprint
    whole = "\0".join((project, finding.scanner, finding.rule, what))
    return sha256(whole.encode("utf-8", "backslashreplace")).hexdigest()[:24]


def _storable(text: str) -> str:
    """Without bytes that are no text, as names of files may have them."""
    return text.encode("utf-8", "replace").decode()


def package(subject: str) -> str:
    """`ecosystem:name` of `ecosystem:name@version`."""
    return subject.rpartition("@")[0] or subject


def due_of(problem: Problem) -> str:
    """The nearest date that the findings themselves name, as the audit does by its own policy."""
    dates = [
        found[1] for it in problem.findings
        if it.scanner == "dependencies" and (found := _DUE.search(it.message))
    ]  # fmt: skip
    return min(dates, default="")


def due_date(problem: Problem, since: str, policy: IssueDueDates) -> str:
    """The ISO date until which it has to be dealt with; empty when nothing demands one."""
    dates = [it for it in (due_of(problem),) if it]
    days = getattr(policy, problem.severity)
    if days is not UNSET:
        dates.append((date.fromisoformat(since) + timedelta(days)).isoformat())
    return min(dates, default="")


def owners_of(problem: Problem, look: Look) -> list[str]:
    """By CODEOWNERS, for each file that it is in."""
    paths = dict.fromkeys(_inside(problem.project, it.path) for it in problem.findings if it.path)
    return list(dict.fromkeys(owner for path in paths for owner in look.owners.owners(path)))


def _inside(project: str, path: str) -> str:
    return f"{project}/{path}" if project not in ("", ".") else path


def text(problem: Problem, since: str, look: Look, policy: IssueDueDates) -> str:
    """What the issue says, as long as the problem is there."""
    first = problem.worst
    facts = [
        f"{SIGNS[problem.severity]} **{problem.severity}**",
        code(f"{first.scanner}/{first.rule}", 120),
    ]
    if due := due_date(problem, since, policy):
        late = " (overdue)" if due < look.today else ""
        facts.append(f"due on **{due}**{late}")
    if owners := owners_of(problem, look):
        facts.append("owned by " + ", ".join(code(it, 80) for it in owners[:5]))
    rows = [_row(problem, it, look) for it in problem.findings[:_MOST_PLACES]]
    if len(problem.findings) > _MOST_PLACES:
        rows.append(f"- and {plural(len(problem.findings) - _MOST_PLACES, 'more place')}\n")
    page = help_link(first.help_url)
    more = f"{page} · " if page else ""
    return (
        f"{' · '.join(facts)}\n\n{prose(first.message, 1_500) or 'no message'}\n\n{''.join(rows)}\n"
        f"<sub>{more}`gatekeeper explain {printable(first.fingerprint)[:12]}`. This text is kept up to"
        " date, and the issue is closed when the problem is gone. To accept it, waive it: closed by"
        " hand it is opened again.</sub>\n"
    )


def _row(problem: Problem, it: Finding, look: Look) -> str:
    path = _inside(problem.project, it.path)
    shown = code(path + (f":{it.line}" if it.line else ""), 200) if it.path else "the repository"
    url = look.place(path, it.line, it.end_line)
    about = f" {code(it.subject, 120)}" if it.subject else ""
    return f"- [{shown}]({url}){about}\n" if url else f"- {shown}{about}\n"


def listed(rest: Sequence[Problem], look: Look) -> str:
    """What the one issue about all others says."""
    rows = []
    for it in rest[:200]:
        due = f", due on {due_of(it)}" if due_of(it) else ""
        rows.append(
            f"- {SIGNS[it.severity]} {code(it.title, 200)}: {plural(len(it.findings), 'place')}{due}\n"
        )
    if len(rest) > 200:
        rows.append(f"- and {len(rest) - 200:,} more\n")
    details = f" [The run]({look.details}) has all of them." if look.details else ""
    return (
        f"{plural(len(rest), 'problem')} have no issue of their own: as many are open as"
        f" `issues.max_open` allows. The worst come first.{details}\n\n{''.join(rows)}"
    )


def written(memory: Memory, said: str) -> str:
    """The body of an issue: what it remembers comes first, so that nothing quoted can pass for it."""
    packed = base64.b64encode(msgspec.msgpack.encode(memory)).decode("ascii")
    return f"<!-- gatekeeper-issue:1 {packed} -->\n{said}"


def remembered(body: str) -> Memory | None:
    """What an issue of ours remembers; None for any other."""
    found = _MARK.match(body)
    if found is None:
        return None
    try:
        return msgspec.msgpack.decode(base64.b64decode(found[1], validate=True), type=Memory)
    except (binascii.Error, ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return None

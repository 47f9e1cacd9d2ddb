"""Runs that tell a pull request what they found, with only what a test cares about spelled out."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from gatekeeper.adapters.github import GitHub
from gatekeeper.config.issue_options import IssueOptions
from gatekeeper.config.pull_request_options import PullRequestOptions
from gatekeeper.model.finding import Severity
from gatekeeper.model.verdict import Judged, Report
from gatekeeper.publish.run import Outcome, Target, publish
from gatekeeper.publish.state import parse, visible
from gatekeeper.publish.subject import Subject, Told
from gatekeeper.reports.comment_look import Look
from gatekeeper.text.codeowners import CodeOwners
from tests.fakes.github.hub import Hub
from tests.fakes.reports import judged, sources

CODE = "import os\nimport sys\n\n\ndef f(x):\n    return x\n"
DETAILS = "https://github.example/octo/app/actions/runs/9"


def problem(path: str = "a.py", line: int = 1, **more: Any) -> Judged:
    """A new problem that blocks; its fingerprint comes from its place."""
    given = {
        "fingerprint": sha256(f"{path}:{line}".encode("utf-8", "replace")).hexdigest()[:32],
        "column": 0,
    }
    return judged(path=path, line=line, end_line=line, **{**given, **more})


def many(count: int, path: str = "a.py", severity: Severity = "medium") -> list[Judged]:
    """As many as asked for, each with a place of its own."""
    return [
        problem(path, at, fingerprint=f"{at:032x}", severity=severity) for at in range(1, count + 1)
    ]


def tell(
    hub: Hub, *reports: Report, to: tuple[Target, ...] = ("comment",), forge: GitHub | None = None,
    options: PullRequestOptions | None = None, commit: str = "", files: dict[str, str] | None = None,
    number: int = 1, issues: IssueOptions | None = None, owners: str = "", **subject: Any,
) -> Outcome:  # fmt: skip
    """Publish, as the run of a job does for the branch's last commit."""
    head = commit or hub.repo.git("rev-parse", "HEAD")
    given: dict[str, Any] = {
        "run": 9, "part": "gate / check", "ref": f"refs/pull/{number}/merge", "details": DETAILS,
        "blob": f"https://github.example/octo/app/blob/{head}", **subject,
    }  # fmt: skip
    told = tuple(Told(it, sources(files or {"a.py": CODE})) for it in reports)
    today = given.pop("today", "2026-11-27")
    look = Look(
        blob=given["blob"], details=given["details"], today=today, owners=CodeOwners(owners)
    )
    return publish(
        forge or hub.fake.forge(), Subject(head, number, **given), told, look,
        options or PullRequestOptions(), to, issues,
    )  # fmt: skip


def bodies(hub: Hub, number: int = 1) -> list[str]:
    """What people see of our comments."""
    return [visible(it.body) for it in hub.state.on(number) if parse(it.body) is not None]


def only(hub: Hub, number: int = 1) -> str:
    """The one comment there is."""
    (body,) = bodies(hub, number)
    return body


def words(outcome: Outcome) -> dict[str, str]:
    """What was said of each target that went well."""
    assert not outcome.failed, outcome.failed
    return {it.target: it.text for it in outcome.done}

"""Everything that is told about one run: each target on its own, so that one refusal costs no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Struct

from gatekeeper.config.issue_options import IssueOptions
from gatekeeper.config.pull_request_options import PullRequestOptions
from gatekeeper.errors import ForgeError
from gatekeeper.ports.forge import Forge
from gatekeeper.publish import check, comment, issues, render, review, sarif
from gatekeeper.publish.subject import Done, Subject, Told
from gatekeeper.reports.comment_look import Look

Target = Literal["comment", "review", "check", "sarif", "issues", "summary"]
TARGETS: tuple[Target, ...] = ("comment", "review", "check", "sarif", "issues", "summary")
ON_PULL_REQUESTS = ("comment", "review")
# What a merge may depend on, or what alerts and issues are closed by.
_BINDING = ("check", "sarif", "issues")


class Outcome(Struct, frozen=True):
    """What was done, and what could not be, by target."""

    done: tuple[Done, ...]
    failed: tuple[tuple[Target, ForgeError], ...]


def publish(
    forge: Forge, subject: Subject, told: tuple[Told, ...], look: Look,
    options: PullRequestOptions, targets: Sequence[Target],
    issue_options: IssueOptions | None = None,
) -> Outcome:  # fmt: skip
    """Tell it to every target in turn. What goes wrong is a value: the verdict stands without it."""
    steps: dict[Target, Callable[[], Done]] = {
        "comment": lambda: comment.publish(
            forge,
            subject,
            lambda name: render.part(subject, told, look, name),
            quiet=options.comment == "problems",
        ),
        "review": lambda: review.publish(
            forge, subject, told, most=options.max_inline, outdated=options.outdated
        ),
        "check": lambda: check.publish(forge, subject, told, look, kind=options.checks),
        "sarif": lambda: sarif.publish(forge, subject, told),
        "issues": lambda: issues.publish(
            forge, subject, told, look, issue_options or IssueOptions()
        ),
    }
    done: list[Done] = []
    failed: list[tuple[Target, ForgeError]] = []
    for target in dict.fromkeys(targets):
        if target in ON_PULL_REQUESTS and not subject.number:
            done.append(Done(target, "this commit has no open pull request"))
        elif target in _BINDING and subject.untrusted:
            failed.append((target, _no_word()))
        elif target in steps:
            try:
                done.append(steps[target]())
            except ForgeError as error:
                failed.append((target, error))
    return Outcome(tuple(done), tuple(failed))


def _no_word() -> ForgeError:
    return ForgeError(
        "invalid",
        "what untrusted code has reported must not decide anything",
        remedy="leave this target out: a check could let the change in, whatever it is",
    )

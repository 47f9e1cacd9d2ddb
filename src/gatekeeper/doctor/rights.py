"""Which rights the jobs of workflows need for what they do, and have."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from gatekeeper.config.pull_request_options import CommandOptions
from gatekeeper.doctor.jobs import Job, Use, ours
from gatekeeper.doctor.result import Check

# What a job does, and the right it needs for that. Our own actions begin with a slash: see ours.
_NEEDS: tuple[tuple[str, str, str], ...] = (
    ("github/codeql-action/upload-sarif", "security-events", "to upload SARIF"),
)
# What our own action writes, by its input `to`.
_TARGETS = {
    "comment": ("pull-requests", "to comment"),
    "review": ("pull-requests", "to comment"),
    "check": ("checks", "to write check runs"),
    "sarif": ("security-events", "to upload SARIF"),
    "issues": ("issues", "to keep issues"),
}


class Right(Struct, frozen=True):
    """`level` of `name`, what for, and what else could be done."""

    name: str
    purpose: str
    level: str = "write"
    instead: str = ""


def rights(job: Job, commands: CommandOptions) -> Iterator[Check]:
    """What the job's token may do, beside what the job does. `commands` are those of comments."""
    if job.gate and job.permissions is None:
        yield Check(
            "workflows", job.where, "warn",
            "no `permissions:`, so the token may do all that the repository's settings allow",
            "in this job:\n  permissions:\n    contents: read",
        )  # fmt: skip
    needs = [(use.action, right) for use in job.uses for right in _needed(use, commands)]
    for action, right in dict.fromkeys(needs):
        if not _may(job.permissions, right):
            instead = f"\n{right.instead}" if right.instead else ""
            yield Check(
                "workflows", job.where, "fail",
                f"`{right.name}: {right.level}` is missing, {right.purpose} ({action})",
                f"in this job:\n  permissions:\n    {right.name}: {right.level} # {right.purpose}"
                + instead,
            )  # fmt: skip


def _needed(use: Use, commands: CommandOptions) -> Iterator[Right]:
    """The rights that a step needs, and what for."""
    for action, right, purpose in _NEEDS:
        if use.action == action:
            yield Right(right, purpose)
    if is_bot(use):
        yield Right("pull-requests", "to answer comments")
        yield from _of_commands(commands)
    for target in use.targets:
        if target in _TARGETS:
            yield Right(*_TARGETS[target])
    if use.reads_run:
        yield Right("actions", "to get the report of the other run", "read")


def _of_commands(commands: CommandOptions) -> Iterator[Right]:
    pushing = [it for it in ("fix", "waive") if getattr(commands, it) != "nobody"]
    reading = [it for it in ("explain", "waive") if getattr(commands, it) != "nobody"]
    if commands.rerun != "nobody":
        off = "or in gatekeeper.yml: `pull_requests: {commands: {rerun: nobody}}`"
        yield Right("actions", "for /gatekeeper rerun", instead=off)
    elif reading:
        yield Right("actions", f"for /gatekeeper {' and '.join(reading)}", "read")
    if pushing:
        off = ", ".join(f"{it}: nobody" for it in pushing)
        yield Right(
            "contents", f"for /gatekeeper {' and '.join(pushing)}",
            instead=f"or in gatekeeper.yml: `pull_requests: {{commands: {{{off}}}}}`",
        )  # fmt: skip


def is_bot(use: Use) -> bool:
    """Whether it does what comments ask for."""
    return ours(use.action) and use.action.endswith("/actions/bot")


def _may(permissions: dict[str, str] | str | None, right: Right) -> bool:
    if permissions is None:  # whatever the settings say: nobody can tell from here
        return True
    if isinstance(permissions, str):
        return permissions == "write-all" or (right.level == "read" and permissions == "read-all")
    return permissions.get(right.name) in (right.level, "write")

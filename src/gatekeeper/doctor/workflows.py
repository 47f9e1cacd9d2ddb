"""GitHub workflows: how gatekeeper is called, with which rights, and what is not pinned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from gatekeeper.config.documents import Document, decode, parse_yaml
from gatekeeper.doctor.result import Check
from gatekeeper.errors import ConfigError
from gatekeeper.text.patterns import regex
from gatekeeper.version import VERSION

_COMMIT = regex(r"[0-9a-f]{40}")
_DIGEST = regex(r"@sha256:[0-9a-f]{64}$")
_VERSION = regex(r"#\s*v?(\d+(?:\.\d+)*)")
_RUNS = regex(r"(?:^|[\s;&|/])gatekeeper\s+(?:check|merge|plan)\b")
MOST_NAMED = 10
# What a job does, and the right it needs for that. Our own actions begin with a slash: see _ours.
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
_BY_DEFAULT = "comment\nreview"
# Parts of ours that judge no change.
_BESIDES = (
    "/actions/setup", "/actions/comment", "/actions/bot", "/actions/audit", "/workflows/audit.yml",
)  # fmt: skip


class Use(Struct, frozen=True):
    """One `uses:`: what is called, at which version, the comment behind it, and its input `to`."""

    action: str
    ref: str
    comment: str
    where: str
    targets: tuple[str, ...] = ()


class Job(Struct, frozen=True):
    """A job of a workflow. `alone`: before gatekeeper nothing but a checkout is done. `permissions` is None where neither it nor the workflow says."""

    workflow: str
    name: str
    where: str
    uses: tuple[Use, ...]
    depth: str | None
    runs: bool
    alone: bool
    permissions: dict[str, str] | str | None

    @property
    def gate(self) -> bool:
        """Whether it runs gatekeeper, and is not only told by it."""
        return self.runs or any(
            _ours(use.action) and not use.action.endswith(_BESIDES) for use in self.uses
        )


def _ours(action: str) -> bool:
    """Whoever owns the copy: organisations keep their own, and servers without github.com have to."""
    return action.split("/")[1:2] == ["gatekeeper"]


def workflows(
    paths: Sequence[str], read: Callable[[str], bytes | None], checkers: Sequence[str] = ()
) -> Iterator[Check]:
    """Look at every workflow. `checkers` are the type checkers that the project has set up."""
    jobs: list[Job] = []
    documents: list[Document] = []
    for path in paths:
        try:
            text = decode(path, read(path) or b"")
            document = parse_yaml(path, text)
        except ConfigError as error:
            message = f"it cannot be read: {error.message}"
            yield Check("workflows", error.where or path, "warn", message, error.remedy)
            continue
        documents.append(document)
        jobs += _jobs(document, text.splitlines())
    gates = [job for job in jobs if job.gate]
    if not gates:
        message = "no workflow runs gatekeeper, so nothing is judged in CI"
        yield Check("workflows", "gatekeeper", "warn", message, "`gatekeeper init` writes one")
    for document in documents:
        if any(job.workflow == document.name for job in gates):
            yield from _triggers(document)
    for job in jobs:
        yield from _versions(job)
    for job in gates:
        yield from _gate(job)
        if (
            job.alone
            and checkers
            and any(_ours(use.action) and use.action.count("/") == 1 for use in job.uses)
        ):
            names = ", ".join(checkers)
            message = f"nothing is installed before gatekeeper, so {names} cannot run: inconclusive"
            remedy = "install the project, with its type checker, in a step before"
            yield Check("workflows", job.where, "warn", message, remedy)
    for job in jobs:
        yield from _rights(job)
    yield from _tags([use for job in jobs for use in job.uses if not _ours(use.action)])


def _jobs(document: Document, rows: Sequence[str]) -> Iterator[Job]:
    jobs = document.data.get("jobs")
    for name, job in jobs.items() if isinstance(jobs, dict) else ():
        if not isinstance(job, dict):
            continue
        steps = job.get("steps")
        steps = [it for it in steps if isinstance(it, dict)] if isinstance(steps, list) else []
        places: list[tuple[Any, tuple[str | int, ...], Any]] = [
            (it.get("uses"), ("jobs", name, "steps", at, "uses"), it.get("with"))
            for at, it in enumerate(steps)
        ]
        places.append((job.get("uses"), ("jobs", name, "uses"), None))
        uses = tuple(
            _use(str(text), document.where(path), rows[document.line(path) - 1], given)
            for text, path, given in places if text
        )  # fmt: skip
        checkout = next(
            (it for it in steps if str(it.get("uses", "")).startswith("actions/checkout@")), None
        )
        options = checkout.get("with") if checkout else None
        depth = str(options.get("fetch-depth", "1")) if isinstance(options, dict) else "1"
        rights = job.get("permissions", document.data.get("permissions"))
        yield Job(
            document.name,
            name,
            document.where(("jobs", name)),
            uses,
            depth if checkout else None,
            any(_RUNS.search(str(it.get("run", ""))) for it in steps),
            all(_ours(use.action) or use.action == "actions/checkout" for use in uses)
            and not any(it.get("run") for it in steps),
            {key: str(value) for key, value in rights.items()} if isinstance(rights, dict)
            else None if rights is None else str(rights),
        )  # fmt: skip


def _use(text: str, where: str, row: str, given: Any) -> Use:
    action, _, ref = text.partition("@")
    asked = given.get("to", _BY_DEFAULT) if isinstance(given, dict) else _BY_DEFAULT
    told = _ours(action) and action.endswith("/actions/comment")
    comment = row.partition(text)[2]
    found = _VERSION.search(comment)
    targets = tuple(str(asked).split()) if told else ()
    return Use(action, ref, found[1] if found else "", where, targets)


def _triggers(document: Document) -> Iterator[Check]:
    triggers = document.data.get("on")
    names = [triggers] if isinstance(triggers, str) else list(triggers or ())
    if "pull_request" in names and "merge_group" not in names:
        yield Check(
            "workflows", document.where(("on",)), "warn",
            "no `merge_group` trigger: with a merge queue, the required check would never come",
            "add under `on:`\n  merge_group:",
        )  # fmt: skip


def _versions(job: Job) -> Iterator[Check]:
    """Which of us it calls."""
    for use in job.uses:
        if not _ours(use.action):
            continue
        version = use.comment if _COMMIT.fullmatch(use.ref) else use.ref.removeprefix("v")
        if not _COMMIT.fullmatch(use.ref):
            yield Check(
                "workflows", use.where, "warn",
                f"{use.action}@{use.ref} is a tag or branch, which can be moved to other code",
                f"pin the commit of the release: uses: {use.action}@<commit> # v{VERSION}",
            )  # fmt: skip
        if _VERSION.fullmatch(f"# {version}") and not (VERSION + ".").startswith(version + "."):
            message = f"CI runs gatekeeper {version}, here it is {VERSION}: verdicts may differ"
            remedy = f"use {VERSION} in both, and in .pre-commit-config.yaml"
            yield Check("workflows", use.where, "warn", message, remedy)


def _gate(job: Job) -> Iterator[Check]:
    """A job that runs gatekeeper."""
    if job.depth not in (None, "0"):
        yield Check(
            "workflows", job.where, "warn",
            "actions/checkout fetches one commit, so the base has to be fetched in each run, and"
            " cannot be where credentials are not kept",
            "in this job:\n  - uses: actions/checkout@…\n    with:\n      fetch-depth: 0",
        )  # fmt: skip
    advice = f"make `{job.name}` a required check of the default branch (Settings, Rules)"
    yield Check("workflows", job.where, "ok", f"job {job.name} runs gatekeeper; {advice}")


def _rights(job: Job) -> Iterator[Check]:
    """What the job's token may do, beside what the job does."""
    if job.gate and job.permissions is None:
        yield Check(
            "workflows", job.where, "warn",
            "no `permissions:`, so the token may do all that the repository's settings allow",
            "in this job:\n  permissions:\n    contents: read",
        )  # fmt: skip
    needs = [(use.action, *needed) for use in job.uses for needed in _needed(use)]
    for action, right, purpose in dict.fromkeys(needs):
        if not _may(job.permissions, right):
            yield Check(
                "workflows", job.where, "fail",
                f"`{right}: write` is missing, {purpose} ({action})",
                f"in this job:\n  permissions:\n    {right}: write # {purpose}",
            )  # fmt: skip


def _needed(use: Use) -> Iterator[tuple[str, str]]:
    """The rights that a step needs to write, and what for."""
    for action, right, purpose in _NEEDS:
        if use.action == action:
            yield right, purpose
    if _ours(use.action) and use.action.endswith("/actions/bot"):
        yield "pull-requests", "to answer comments"
    for target in use.targets:
        if target in _TARGETS:
            yield _TARGETS[target]


def _may(permissions: dict[str, str] | str | None, right: str) -> bool:
    if permissions is None:  # whatever the settings say: nobody can tell from here
        return True
    if isinstance(permissions, str):
        return permissions == "write-all"
    return permissions.get(right) == "write"


def _tags(uses: Sequence[Use]) -> Iterator[Check]:
    """Other people's actions that are called by a name which can be moved."""
    loose = [
        use for use in uses
        if not use.action.startswith(("./", "../"))
        and not _COMMIT.fullmatch(use.ref)
        and not (use.action.startswith("docker://") and _DIGEST.search(f"{use.action}@{use.ref}"))
    ]  # fmt: skip
    for use in loose[:MOST_NAMED]:
        name = f"{use.action}@{use.ref}" if use.ref else use.action
        yield Check(
            "workflows", use.where, "warn",
            f"{name} is a tag or branch, which can be moved to other code",
            f"pin a commit: uses: {use.action}@<commit> # {use.ref or 'version'}",
        )  # fmt: skip
    if len(loose) > MOST_NAMED:
        message = f"and {len(loose) - MOST_NAMED} more actions by tag or branch"
        yield Check(
            "workflows", "actions", "warn", message, "`gatekeeper check --gate workflows --all`"
        )
    if uses and not loose:
        yield Check("workflows", "actions", "ok", "all actions are pinned by commit")

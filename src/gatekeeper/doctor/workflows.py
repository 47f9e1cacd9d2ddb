"""GitHub workflows: how gatekeeper is called, with which rights, and what is not pinned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gatekeeper.config.documents import Document, decode, parse_yaml
from gatekeeper.config.pull_request_options import CommandOptions
from gatekeeper.doctor.jobs import VERSIONED, Job, Use, jobs_of, ours
from gatekeeper.doctor.result import Check
from gatekeeper.doctor.rights import rights
from gatekeeper.doctor.trusted import trusted
from gatekeeper.errors import ConfigError
from gatekeeper.text.patterns import regex
from gatekeeper.version import VERSION

_COMMIT = regex(r"[0-9a-f]{40}")
_DIGEST = regex(r"@sha256:[0-9a-f]{64}$")
MOST_NAMED = 10


def workflows(
    paths: Sequence[str], read: Callable[[str], bytes | None], checkers: Sequence[str] = (),
    commands: CommandOptions | None = None,
) -> Iterator[Check]:  # fmt: skip
    """Look at every workflow. `checkers` are the type checkers that the project has set up, `commands`
    what comments may ask for."""
    commands = commands or CommandOptions()
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
        jobs += jobs_of(document, text.splitlines())
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
            and any(ours(use.action) and use.action.count("/") == 1 for use in job.uses)
        ):
            names = ", ".join(checkers)
            message = f"nothing is installed before gatekeeper, so {names} cannot run: inconclusive"
            remedy = "install the project, with its type checker, in a step before"
            yield Check("workflows", job.where, "warn", message, remedy)
    for job in jobs:
        yield from rights(job, commands)
    yield from trusted(jobs, documents)
    yield from _tags([use for job in jobs for use in job.uses if not ours(use.action)])


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
        if not ours(use.action):
            continue
        version = use.comment if _COMMIT.fullmatch(use.ref) else use.ref.removeprefix("v")
        if not _COMMIT.fullmatch(use.ref):
            yield Check(
                "workflows", use.where, "warn",
                f"{use.action}@{use.ref} is a tag or branch, which can be moved to other code",
                f"pin the commit of the release: uses: {use.action}@<commit> # v{VERSION}",
            )  # fmt: skip
        if VERSIONED.fullmatch(f"# {version}") and not (VERSION + ".").startswith(version + "."):
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
            f"`gatekeeper pin` does: uses: {use.action}@<commit> # {use.ref or 'version'}",
        )  # fmt: skip
    if len(loose) > MOST_NAMED:
        message = f"and {len(loose) - MOST_NAMED} more actions by tag or branch"
        yield Check(
            "workflows", "actions", "warn", message, "`gatekeeper check --gate workflows --all`"
        )
    if uses and not loose:
        yield Check("workflows", "actions", "ok", "all actions are pinned by commit")

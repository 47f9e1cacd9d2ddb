"""What a run without rights has judged, told by one that has them and trusts nothing of it.

Code of the change ran there, so it may have written anything. What is believed comes from the forge:
which commit the run was for, of which branch of which repository, and whose pull request that is.
"""

from __future__ import annotations

from hashlib import sha256

from msgspec import Struct

from gatekeeper.errors import ArtifactError, ForgeError
from gatekeeper.model.forge import Artifact, PullRequest, WorkflowRun
from gatekeeper.model.verdict import Report
from gatekeeper.ports.forge import Forge
from gatekeeper.publish import comment
from gatekeeper.publish.artifact import MOST_PACKED, reports_in
from gatekeeper.publish.state import Part, part_of
from gatekeeper.publish.subject import UNTRUSTED, Subject
from gatekeeper.reports.comment_parts import MARKS
from gatekeeper.reports.github_markdown import prose

# GitHub ends a run so that waits for somebody to allow it: nothing was judged, and nothing failed.
_NOT_STARTED = "action_required"


class Judging(Struct, frozen=True):
    """A run, and the one open pull request whose head it judged."""

    run: WorkflowRun
    pull: PullRequest


def judging(forge: Forge, run_id: int) -> Judging | str:
    """Whom the run is about, by what the forge knows of it; or why nobody is to be told.

    Raises ForgeError.
    """
    run = forge.run(run_id)
    if reason := _nothing_judged(run):
        return f"run {run_id} {reason}"
    owner = run.head_repository.partition("/")[0]
    pulls = [
        it
        for it in forge.pull_requests_from(run.head_branch, owner)
        if it.head_repository.lower() == run.head_repository.lower()
    ]
    found = [it for it in pulls if it.head == run.head and it.state == "open"]
    if len(found) > 1:
        # GitHub names the one for branches of the repository itself, and never for forks.
        found = [it for it in found if it.number in run.pull_requests]
        if len(found) != 1:
            return f"the commit of run {run_id} is the head of several pull requests"
    if found:
        return Judging(run, found[0])
    if pulls:
        return "there is a newer commit, so its run has the word"
    return f"the commit of run {run_id} is the head of no open pull request"


def _nothing_judged(run: WorkflowRun) -> str:
    """Why the run has judged no pull request that could be found; empty when it has."""
    if run.event != "pull_request":
        return "was not started by a pull request"
    if run.status != "completed":
        return "has not ended yet"
    if run.conclusion == _NOT_STARTED:
        return "waits for somebody to allow it"
    return "" if run.head_repository and run.head_branch else "is of a branch or fork that is gone"


def collect(forge: Forge, run: WorkflowRun, name: str) -> tuple[Report, ...]:
    """The reports that the run kept under this name. Raises ArtifactError, ForgeError."""
    where = f"artifact {name} of run {run.id}"
    # The last one: a run that was started again may have kept another.
    kept = max(
        (it for it in forge.artifacts(run.id) if it.name == name and not it.expired),
        key=lambda it: it.id,
        default=None,
    )
    if kept is None:
        raise ArtifactError(
            "the run has kept no report", where=where,
            remedy="look at the run: did it fail before it could hand its report over?",
        )  # fmt: skip
    data = _downloaded(forge, kept, where)
    if kept.digest and kept.digest != f"sha256:{sha256(data).hexdigest()}":
        raise ArtifactError("it is not what the run has kept", where=where, remedy="run it again")
    return reports_in(data, where)


def _downloaded(forge: Forge, kept: Artifact, where: str) -> bytes:
    too_large = ArtifactError(f"it has more than {MOST_PACKED >> 20} MiB", where=where)
    if kept.size > MOST_PACKED:
        raise too_large
    try:
        return forge.download(kept.id, MOST_PACKED)
    except ForgeError as error:
        if error.kind == "too-large":
            raise too_large from None
        raise


def tell_unusable(forge: Forge, subject: Subject, error: ArtifactError) -> None:
    """Say that nobody knows: else the word for an older commit would be left to stand.

    Raises ForgeError.
    """
    brief = f"the report of this run cannot be used ({UNTRUSTED})."
    more = f"\n<sub>[the run]({subject.details})</sub>\n" if subject.details else ""
    text = (
        f"{MARKS['inconclusive']} **gatekeeper: inconclusive** — {brief}\n\n"
        f"{prose(error.message, 300)}\n{more}"
    )

    def make(name: str) -> Part:
        return part_of(
            name, subject.commit, subject.run, subject.attempt, "inconclusive", brief, text
        )

    comment.publish(forge, subject, make)

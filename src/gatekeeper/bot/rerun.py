"""`/gatekeeper rerun`: the checks of this commit once more, with the rights that they had."""

from __future__ import annotations

from gatekeeper.bot.answer import Answer, Asked
from gatekeeper.bot.authority import moved
from gatekeeper.errors import ForgeError
from gatekeeper.model.forge import WorkflowRun
from gatekeeper.ports.forge import Forge
from gatekeeper.publish.comment import own_comments
from gatekeeper.publish.state import parse
from gatekeeper.reports.github_markdown import prose

_STARTER = "gatekeeper"
# It waits for somebody to allow it, which is more than to have it run again.
_NOT_ALLOWED = "action_required"


def rerun(forge: Forge, asked: Asked) -> Answer:
    """Start them. Raises ForgeError."""
    if why := moved(forge, asked):
        return Answer("refused", f"Nothing was run again: {why}. A new commit has runs of its own.")
    name = forge.repository.lower()
    runs = [it for it in forge.runs_at(asked.pull.head) if it.repository.lower() == name]
    ours = _ours(forge, asked, runs)
    if not ours:
        return Answer(
            "unclear",
            "No run of gatekeeper is known for this commit: neither does its comment name one, nor"
            " is there one of a workflow whose file begins with `gatekeeper`.",
        )
    if all(it.conclusion == _NOT_ALLOWED for it in ours):
        return Answer("refused", "The run waits for somebody to allow it, on the page of the run.")
    # What was started since has heard of this command, if it was not this command that started it.
    waiting = [
        it
        for it in ours
        if it.status == "completed"
        and it.conclusion != _NOT_ALLOWED
        and it.started[:19] <= asked.comment.created[:19]
    ]
    problems = [said for it in waiting if (said := _started(forge, it))]
    if problems:
        return Answer("failed", "\n\n".join(problems))
    return Answer("done")


def _ours(forge: Forge, asked: Asked, runs: list[WorkflowRun]) -> list[WorkflowRun]:
    """Runs that our comment names, and else those of our starters; one of each workflow."""
    said = forge.conversation(asked.pull.number)
    named = {part.run for it in own_comments(said) for part in parse(it.body) or ()}
    chosen = [it for it in runs if it.id in named] or [
        it for it in runs if it.path.rpartition("/")[2].startswith(_STARTER)
    ]
    latest: dict[str, WorkflowRun] = {}
    for it in chosen:
        latest.setdefault(it.path, it)
    return list(latest.values())


def _started(forge: Forge, run: WorkflowRun) -> str:
    """Start it; what went wrong, if something did that another try would not mend."""
    try:
        forge.rerun(run.id)
    except ForgeError as error:
        if error.uncertain and forge.run(run.id).attempt > run.attempt:
            return ""
        # GitHub keeps runs for a month, and says so with the status of a missing right.
        if error.kind == "permission" and "created over a month ago" in error.message:
            return f"The run is too old: {prose(error.message, 200)} Push a commit instead."
        raise
    return ""

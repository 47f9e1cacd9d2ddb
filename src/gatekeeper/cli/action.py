"""`gatekeeper action`: what the steps of the GitHub Action call. Inputs come from their `env`.

Whatever is printed while a repository is looked at may hold text of the change, so the runner is
told to obey none of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gatekeeper.adapters.runner import Runner, RunnerError, command, inert
from gatekeeper.errors import GatekeeperError, UsageError
from gatekeeper.text.names import printable

if TYPE_CHECKING:
    from gatekeeper.cli.action_inputs import Verb

# Of several projects the worst decides: with an error of usage or of our own nothing was judged.
_WORST_FIRST = (4, 2, 1, 3, 0)
_LIMITS = {"shard-seconds": "60", "max-shards": "16"}


def run_action(arguments: Sequence[str]) -> int:
    """One step of the action: check, audit, plan, keep, report or bot; its exit status."""
    runner = Runner()
    steps = {
        "check": _check, "audit": _audit, "plan": _plan, "keep": _keep, "report": _report,
        "bot": _bot,
    }  # fmt: skip
    try:
        if len(arguments) != 1 or arguments[0] not in steps:
            raise UsageError(f"gatekeeper action takes one of {', '.join(steps)}")
        return steps[arguments[0]](runner)
    except (GatekeeperError, RunnerError) as error:
        print(command("error", "gatekeeper", printable(str(error).replace("\n", "; "))))
        return error.exit_status if isinstance(error, GatekeeperError) else 4


def _check(runner: Runner) -> int:
    return _judge(runner, "merge" if runner.input("shards").strip() else "check")


def _audit(runner: Runner) -> int:
    return _judge(runner, "audit")


def _judge(runner: Runner, verb: Verb) -> int:
    from gatekeeper.cli.action_advisories import get_advisories
    from gatekeeper.cli.action_inputs import flag, lines
    from gatekeeper.cli.action_projects import judge, projects
    from gatekeeper.cli.action_reports import annotate, formats, outputs, summary, write_reports

    workspace = os.getcwd()
    shard = runner.input("shard").strip() if verb == "check" else ""
    asked = formats(lines(runner.input("format")))
    wanted = {name: flag(name, runner.input(name)) for name in ("annotations", "summary")}
    given = runner.input("output").strip()
    folder = os.path.abspath(given or os.path.join(runner.temporary, "gatekeeper-reports"))
    with inert():
        chosen = projects(runner)
        trouble = get_advisories(runner, chosen, verb)
        sections = [judge(runner, project, workspace, verb) for project in chosen]
    # Not before all projects are judged: the folder may lie in the repository.
    paths = write_reports(sections, folder, asked, shard)
    status = next(it for it in _WORST_FIRST if it in {section.status for section in sections})
    if trouble:
        # In any case: who reads of no vulnerability has to know by which advisories.
        print(command("warning", "gatekeeper: advisories", printable(trouble.replace("\n", "; "))))
    if wanted["annotations"]:
        print(annotate(sections), end="")
    if wanted["summary"] and not shard:
        runner.summary(summary(sections))
    for name, value in {**outputs(sections, status), **paths}.items():
        runner.output(name, value)
    return status


def _plan(runner: Runner) -> int:
    """Set the output `matrix`: as many shards as the largest project is worth."""
    from gatekeeper.cli.action_projects import command_line, projects
    from gatekeeper.cli.arguments import parser
    from gatekeeper.cli.session import opened
    from gatekeeper.model.shard import Shard
    from gatekeeper.pipeline.sharding import count_for, loads

    workspace = os.getcwd()
    limits = [f"--{name}={runner.input(name).strip() or it}" for name, it in _LIMITS.items()]
    most = 1
    with inert():
        for project in projects(runner):
            os.chdir(project.folder)
            line = command_line(runner, project, workspace, "check")
            options = parser().parse_args(["plan", *limits, *line])
            with opened(options, colour=False) as check:
                work, workers = loads(check), check.request.jobs
            os.chdir(workspace)
            most = max(most, count_for(work, workers, options.shard_seconds, options.max_shards))
    shards = [str(Shard(index, most)) for index in range(1, most + 1)]
    runner.output("matrix", json.dumps({"shard": shards}, separators=(",", ":")))
    runner.output("shards", str(most))
    return 0


def _report(runner: Runner) -> int:
    from gatekeeper.cli.action_report import run_report_step

    return run_report_step(runner)


def _bot(runner: Runner) -> int:
    from gatekeeper.cli.action_bot import run_bot_step

    return run_bot_step(runner)


def _keep(runner: Runner) -> int:
    from gatekeeper.cli.action_cache import keep

    try:
        keep(runner)
    except (OSError, ValueError, RunnerError) as error:
        # Without a cache the next run takes longer, and that is all.
        said = printable(str(error))
        print(command("warning", "gatekeeper", f"nothing is kept for the next run: {said}"))
    return 0

"""What actions/comment does: `gatekeeper report`, where nothing that goes wrong costs the verdict."""

from __future__ import annotations

import os

from gatekeeper.adapters.runner import Runner, command, inert
from gatekeeper.cli.action_inputs import flag, lines
from gatekeeper.cli.arguments import parser
from gatekeeper.cli.report import Refusal, report_to
from gatekeeper.errors import GatekeeperError
from gatekeeper.text.names import printable

# Inputs that are options of `report` with one value.
VALUES = ("name", "pull", "commit", "config", "from-run", "artifact")
# Inputs that are no option of `report`, and what reads them.
OF_THE_ACTION = {
    "token": "an option would show it to every process of the machine",  # nosec B105 - no password
    "fail": "the status of the step",
}


def run_report_step(runner: Runner) -> int:
    """Publish; 0 unless the input `fail` asks for more. What was not written is a warning."""
    strict = flag("fail", runner.input("fail"))
    try:
        options = [f"--to={it}" for it in lines(runner.input("to"))]
        folder = runner.input("report").strip()
        if not folder and not runner.input("from-run").strip():
            folder = os.path.join(runner.temporary, "gatekeeper-reports")
        options += [f"--report={folder}"] if folder else []
        options += [f"--{it}={text}" for it in VALUES if (text := runner.input(it).strip())]
        parsed = parser().parse_args(["report", *options])
        with inert():
            refusals, status = report_to(parsed, token=runner.input("token").strip())
    except GatekeeperError as error:
        refusals, status = [Refusal("report", error)], error.exit_status
    for it in refusals:
        said = "\n".join(map(printable, str(it.error).split("\n")))
        print(command("warning", f"gatekeeper: {it.target} not written", said))
    runner.output("status", str(status))
    return status if strict else 0

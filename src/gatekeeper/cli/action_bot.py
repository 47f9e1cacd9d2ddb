"""What actions/bot does: `gatekeeper bot`, whose log may hold what anybody has written."""

from __future__ import annotations

from gatekeeper.adapters.runner import Runner, command, inert
from gatekeeper.cli.arguments import parser
from gatekeeper.cli.bot import obey_comment
from gatekeeper.errors import GatekeeperError
from gatekeeper.text.names import printable

# Inputs that are options of `bot` with one value.
VALUES = ("comment", "artifact", "config")
# Inputs that are no option of `bot`, and what reads them.
OF_THE_ACTION = {
    "token": "an option would show it to every process of the machine",  # nosec B105 - no password
}


def run_bot_step(runner: Runner) -> int:
    """Obey and answer. It fails, with an error beside it, where that could not be done."""
    try:
        options = [f"--{it}={text}" for it in VALUES if (text := runner.input(it).strip())]
        parsed = parser().parse_args(["bot", *options])
        with inert():
            ended = obey_comment(parsed, token=runner.input("token").strip())
            print("\n".join(map(printable, ended.text.split("\n"))))
        error = ended.error
    except GatekeeperError as raised:
        error = raised
    status = error.exit_status if error is not None else 0
    if error is not None:
        said = "\n".join(map(printable, str(error).split("\n")))
        print(command("error", "gatekeeper bot", said))
    runner.output("status", str(status))
    return status

"""The command line: find the command, run it, turn errors into words and an exit status."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from gatekeeper.cli.arguments import parser
from gatekeeper.errors import GatekeeperError
from gatekeeper.text.names import printable

EXIT_INTERRUPTED = 130


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP: ends a run the way Ctrl-C does."""


def _terminate(number: int, frame: object) -> NoReturn:
    raise Terminated


def run(arguments: Sequence[str]) -> int:
    """Run one command. 0 pass, 1 blocked, 2 usage, 3 inconclusive, 4 internal error."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminate)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What the terminal's encoding cannot show is escaped instead of ending the run.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = _command(arguments)
        # A reader that went away is noticed here, and not when nobody can react any more.
        sys.stdout.flush()
        return status
    except GatekeeperError as error:
        shown = "\n".join(map(printable, str(error).split("\n")))
        print(f"gatekeeper: {shown}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("gatekeeper: interrupted; every tool has been stopped", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output went away, so nobody saw the verdict.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GatekeeperError.exit_status
    except Exception as error:  # noqa: BLE001 - the last resort: nobody sees a traceback
        from gatekeeper.cli.crash import report_crash

        return report_crash(error, arguments)


def _command(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["action"]:  # for the steps of the GitHub Action, not for people
        from gatekeeper.cli.action import run_action

        return run_action(arguments[1:])
    try:
        options = parser(*arguments[:1]).parse_args(arguments)
        return int(options.run(options))
    except SystemExit as done:  # argparse has printed help
        return int(done.code or 0)

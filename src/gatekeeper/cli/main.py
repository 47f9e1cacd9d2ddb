"""The command line: find the command, run it, turn errors into words and an exit status."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from gatekeeper.errors import GatekeeperError
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import compiled_when_used

if TYPE_CHECKING:
    from gatekeeper.adapters.git_process import EarlyLook

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
    early = _early_look(arguments)
    hasten()
    from argparse import Namespace

    from gatekeeper.cli.arguments import parser

    try:
        options = parser(*arguments[:1]).parse_args(arguments, Namespace(early=early))
        return int(options.run(options))
    except SystemExit as done:  # argparse has printed help
        return int(done.code or 0)


def _early_look(arguments: Sequence[str]) -> EarlyLook | None:
    """In a large repository git needs longer than all imports, so it begins to look before them."""
    # Those judge something else than the working tree, or nothing.
    others = ("-h", "--help", "--staged", "--head", "--fix", "--shard")
    if arguments[:1] not in (["check"], ["audit"]) or any(
        it.partition("=")[0] in others for it in arguments
    ):
        return None
    from gatekeeper.adapters.git_process import EarlyLook

    return EarlyLook(".")


def hasten() -> None:
    """Two things that a short run has no use for, and that cost a quarter of its start."""
    # Next to nothing of what is made while modules load is ever garbage.
    gc.set_threshold(50_000, 20, 20)
    # msgspec takes typing_extensions where somebody installed it, and that loads `inspect`, `ast`
    # and `tokenize`. What types here are made of is all in `typing`.
    name = "typing_extensions"
    if name not in sys.modules:
        sys.modules[name] = None  # type: ignore[assignment]  # how an import is told to fail
        try:
            # It loads `platform` and `textwrap`, which have many expressions.
            with compiled_when_used():
                import_module("msgspec")
        finally:
            del sys.modules[name]

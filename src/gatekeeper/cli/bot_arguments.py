"""The options of `bot`."""

from __future__ import annotations

from typing import Any

from gatekeeper.cli.argument_kinds import command, lazily, whole


def add_bot(commands: Any) -> None:
    """`gatekeeper bot`."""
    bot = command(commands, "bot", "do what a comment on a pull request asks for, and answer it")
    add = bot.add_argument
    add(
        "--comment",
        type=whole("--comment", 10**15 - 1),
        default=0,
        metavar="ID",
        help="the comment (default: the one that started the workflow)",
    )
    add(
        "--artifact",
        default="gatekeeper-reports",
        metavar="NAME",
        help="what runs call the report that they keep (default: gatekeeper-reports)",
    )
    add(
        "--repository",
        default="",
        metavar="OWNER/NAME",
        help="the repository (default: the workflow's, or that of the remote `origin`)",
    )
    add("--config", default="", metavar="FILE", help="use this file")
    add("--dry-run", action="store_true", help="print the answer; do and send nothing")
    bot.set_defaults(run=lazily("bot", "run_bot"), pull=0, commit="", name="", from_run=0)

"""The options of `secrets`."""

from __future__ import annotations

from typing import Any

from gatekeeper.cli.argument_kinds import Parser, command, jobs, lazily, whole
from gatekeeper.cli.check_arguments import FORMATS, add_means, add_reports


def add_secrets(commands: Any) -> None:
    """`gatekeeper secrets`."""
    secrets = command(commands, "secrets", "look for credentials beyond what is checked out")
    parts = secrets.add_subparsers(metavar="ACTION", required=True, parser_class=Parser)
    history = command(
        parts, "history", "look for credentials in everything that was ever committed"
    )
    add = history.add_argument
    add(
        "--since",
        default="",
        metavar="REF",
        help="leave out what this commit, branch or tag already had",
    )
    add(
        "--max-blob-mb",
        type=whole("--max-blob-mb", 4096),
        default=64,
        metavar="N",
        help="larger files are reported as not checked (default: 64)",
    )
    add_reports(add, FORMATS)
    add_means(add)
    add("--jobs", type=jobs, default=0, metavar="N", help="processors to use (default: all)")
    add("--no-cache", action="store_true", help="neither use nor keep results")
    history.set_defaults(run=lazily("secrets", "run_history"))

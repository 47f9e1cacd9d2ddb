"""The options of `pin`."""

from __future__ import annotations

from typing import Any

from gatekeeper.cli.argument_kinds import command, lazily


def add_pin(commands: Any) -> None:
    """`gatekeeper pin`."""
    pin = command(
        commands, "pin", "turn tags of actions into commits, and verify those that are pinned"
    )
    add = pin.add_argument
    add("paths", nargs="*", metavar="PATH", help="only these workflows, actions and folders; also"
        " .pre-commit-config.yaml, when it is named")  # fmt: skip
    add(
        "--check",
        action="store_true",
        help="write nothing; end with 1 when something is to be done",
    )
    add("--diff", action="store_true", help="like --check, and show what would change")
    add("--offline", action="store_true", help="ask nobody: what is pinned cannot be verified then")
    add("--server", default="", metavar="URL",
        help="where actions come from (default: as configured, else https://github.com)")  # fmt: skip
    add("--config", default="", metavar="FILE", help="use this configuration file")
    pin.set_defaults(run=lazily("pin", "run_pin"))

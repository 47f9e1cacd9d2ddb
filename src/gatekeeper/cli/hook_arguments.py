"""The commands that have to do with hooks."""

from __future__ import annotations

import argparse
from typing import Any

from gatekeeper.cli.argument_kinds import Parser, command, lazily


def add_hooks(commands: Any) -> None:
    """`gatekeeper hooks` and `gatekeeper check-message`."""
    hooks = command(commands, "hooks", "install git hooks, or do what a hook does")
    parts = hooks.add_subparsers(metavar="ACTION", required=True, parser_class=Parser)
    install = command(parts, "install", "have git check what is committed and pushed in this clone")
    install.add_argument(
        "--chain",
        action="store_true",
        help="run the hooks that core.hooksPath names already first, instead of refusing",
    )
    fix = install.add_mutually_exclusive_group()
    fix.add_argument("--fix", action="store_true", help="let pre-commit repair what is staged")
    fix.add_argument("--no-fix", action="store_true", help="let it only check (default)")
    install.set_defaults(run=lazily("hooks", "run_install"))
    for name, summary in (
        ("uninstall", "take the hooks out and put back what was configured before"),
        ("status", "say which hooks are in force; exit status 1 when none are"),
    ):
        command(parts, name, summary).set_defaults(run=lazily("hooks", f"run_{name}"))
    run = command(parts, "run", "do what a hook is for, as git or a runner of hooks calls it")
    run.add_argument("hook", choices=("pre-commit", "commit-msg", "pre-push"), metavar="HOOK",
                     help="pre-commit, commit-msg or pre-push")  # fmt: skip
    run.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT",
                     help="git's own, then options of `gatekeeper check`")  # fmt: skip
    run.set_defaults(run=lazily("hook_run", "run_hook"))
    message = command(commands, "check-message", "judge the message of a commit that is being made")
    message.add_argument("file", metavar="FILE", help="the file that git passes to commit-msg")
    message.add_argument("--config", default="", metavar="FILE", help="use this file")
    message.set_defaults(run=lazily("message", "run_check_message"), only_if_on=False)

"""Every command and option. Commands' code is imported when they run, not before."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

from gatekeeper.cli.argument_kinds import Parser, command, formatter, lazily
from gatekeeper.cli.examples import examples
from gatekeeper.version import VERSION


def parser(first: str = "") -> argparse.ArgumentParser:
    """The parser of the command line; of one command alone when that is the `first` argument."""
    top = Parser(
        prog="gatekeeper",
        description="One verdict for a repository: gates where only new problems block.",
        epilog=examples("gatekeeper"),
        formatter_class=formatter,
        allow_abbrev=False,
    )
    top.add_argument("-V", "--version", action="version", version=f"gatekeeper {VERSION}")
    commands = top.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    for name, place in _COMMANDS.items():
        if name == first or first not in _COMMANDS:
            module, _, function = place.partition(":")
            getattr(import_module(f"gatekeeper.cli.{module}"), function)(commands)
    return top


def add_config(commands: Any) -> None:
    """`gatekeeper config`."""
    config = command(commands, "config", "show, check or describe the configuration")
    parts = config.add_subparsers(metavar="ACTION", required=True, parser_class=Parser)
    for name, summary in (
        ("show", "print the effective configuration and where each value comes from"),
        ("validate", "check the configuration and the waivers"),
        ("schema", "print the JSON Schema of the configuration"),
    ):
        action = command(parts, name, summary)
        if name == "schema":
            action.add_argument("--waivers", action="store_true", help="of the waiver file instead")
        else:
            action.add_argument("--config", default="", metavar="FILE", help="use this file")
        if name == "show":
            action.add_argument("--json", action="store_true", help="as JSON")
        action.set_defaults(run=lazily("settings_commands", f"run_{name}"))


def add_tools(commands: Any) -> None:
    """`gatekeeper tools`."""
    tools = command(commands, "tools", "list, install or lock the tools that scanners start")
    parts = tools.add_subparsers(metavar="ACTION", required=True, parser_class=Parser)
    for name, summary in (
        ("list", "print each tool, its version, where it comes from and whether it is installed"),
        ("install", "install locked tools now, so that checks need no network"),
        ("lock", "resolve tools anew into hash-pinned locks in .gatekeeper/locks/"),
    ):
        action = command(parts, name, summary)
        action.add_argument("--config", default="", metavar="FILE", help="use this file")
        if name == "list":
            action.add_argument("--json", action="store_true", help="as JSON")
        else:
            action.add_argument(
                "tools", nargs="*", metavar="TOOL", help="only these (default: all)"
            )
        if name == "install":
            action.add_argument("--offline", action="store_true", help="from uv's cache only")
        if name == "lock":
            action.add_argument("--output", default="", metavar="FOLDER", help="where locks go")
        action.set_defaults(run=lazily("tools", f"run_{name}"))


def add_cache(commands: Any) -> None:
    """`gatekeeper cache`."""
    cache = command(commands, "cache", "look after the results and tools kept on this machine")
    parts = cache.add_subparsers(metavar="ACTION", required=True, parser_class=Parser)
    command(parts, "info", "print where the cache is and how large it is").set_defaults(
        run=lazily("cache", "run_info")
    )
    prune = command(parts, "prune", "forget results and tools that are no longer needed")
    prune.add_argument("--all", action="store_true", help="forget everything")
    prune.set_defaults(run=lazily("cache", "run_prune"))


# What declares a command, as MODULE:FUNCTION: most runs need one.
_COMMANDS = {
    "init": "arguments_setup:add_init",
    "check": "check_arguments:add_check",
    "audit": "arguments_audit:add_audit",
    "sbom": "arguments_sbom:add_sbom",
    "secrets": "arguments_secrets:add_secrets",
    "pin": "arguments_pin:add_pin",
    "explain": "arguments_setup:add_explain",
    "doctor": "arguments_setup:add_doctor",
    "merge": "check_arguments:add_merge",
    "report": "report_arguments:add_report",
    "bot": "bot_arguments:add_bot",
    "plan": "check_arguments:add_plan",
    "hooks": "hook_arguments:add_hooks",
    "advisories": "arguments_advisories:add_advisories",
    "config": "arguments:add_config",
    "tools": "arguments:add_tools",
    "cache": "arguments:add_cache",
    "completion": "arguments_setup:add_completion",
}

"""Every command and option. Commands' code is imported when they run, not before."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NoReturn

from gatekeeper.errors import UsageError
from gatekeeper.model.policy import GATE_IDS, STAGES
from gatekeeper.text.names import did_you_mean
from gatekeeper.version import VERSION

FORMATS = ("text", "json", "sarif")
_EPILOG = """\
exit status: 0 pass, 1 blocked, 2 wrong usage or configuration, 3 inconclusive (something needed
could not be checked), 4 internal error, 130 interrupted
"""
_CHECK_EXAMPLES = """\
examples:
  gatekeeper check                        only what this branch brings in can block
  gatekeeper check --all                  judge the whole tree, as if everything were new
  gatekeeper check --staged               what is staged, for a commit hook
  gatekeeper check --base origin/main src only src, compared with origin/main
  gatekeeper check --gate secrets --gate sast
  gatekeeper check --format text --format sarif --output reports/
  gatekeeper check --plan                 what would run, why, and what is cached

"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message, remedy=f"see `{self.prog} --help`")


class _OneOf:
    """An argument type that names the nearest valid choice."""

    def __init__(self, kind: str, names: Sequence[str]) -> None:
        self.kind = kind
        self.names = names

    def __call__(self, text: str) -> str:
        if text not in self.names:
            raise UsageError(f"unknown {self.kind} {text!r}", remedy=did_you_mean(text, self.names))
        return text


class _Format(argparse.Action):
    """Collects `(format, output)` pairs: an --output belongs to the --format before it."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any,
        option_string: str | None = None,
    ) -> None:  # fmt: skip
        namespace.formats = [*namespace.formats, (values, "")]


class _Output(argparse.Action):
    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any,
        option_string: str | None = None,
    ) -> None:  # fmt: skip
        if not namespace.formats or namespace.formats[-1][1]:
            raise UsageError(
                f"--output {values} has no --format of its own",
                remedy="write --format FORMAT --output PATH, once for each report",
            )
        namespace.formats = [*namespace.formats[:-1], (namespace.formats[-1][0], values)]


def _lazily(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        return int(getattr(import_module(f"gatekeeper.cli.{module}"), function)(options))

    return run


def _jobs(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 256:
        raise UsageError(f"--jobs takes a whole number from 1 to 256, not {text!r}")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    top = _Parser(
        prog="gatekeeper",
        description="One verdict for a repository: gates where only new problems block.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("-V", "--version", action="version", version=f"gatekeeper {VERSION}")
    commands = top.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    _add_check(commands)
    _add_config(commands)
    _add_tools(commands)
    _add_cache(commands)
    return top


def _command(commands: Any, name: str, summary: str, epilog: str = "") -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    return made


def _add_check(commands: Any) -> None:
    check = _command(
        commands, "check", "run what fits and print one verdict with the reasons",
        _CHECK_EXAMPLES + _EPILOG,
    )  # fmt: skip
    add = check.add_argument
    add("paths", nargs="*", metavar="PATH", help="judge only these files and folders")
    add(
        "--base",
        default="",
        metavar="REF",
        help="compare with the merge base of HEAD and REF (default: the default branch, or the pull request's base in CI)",
    )
    add("--all", action="store_true", help="judge the whole tree; everything counts as new")
    add(
        "--staged",
        action="store_true",
        help="judge the index: what is staged, not what lies in the working tree",
    )
    add(
        "--stage",
        type=_OneOf("stage", STAGES),
        metavar="STAGE",
        help="hook (fast, changed files only), ci or full (default: ci; hook with --staged)",
    )
    add(
        "--gate",
        type=_OneOf("gate", GATE_IDS),
        action="append",
        default=[],
        metavar="ID",
        help=f"judge only this gate; repeatable: {', '.join(GATE_IDS)}",
    )
    add(
        "--format",
        type=_OneOf("format", FORMATS),
        action=_Format,
        dest="formats",
        default=[],
        metavar="FORMAT",
        help=f"{', '.join(FORMATS)}; repeatable",
    )
    add(
        "--output",
        action=_Output,
        dest="formats",
        metavar="PATH",
        help="where the --format before it goes (default: standard output; for sarif a folder gets one file per tool)",
    )
    add(
        "--sarif-in",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="judge other tools' SARIF reports in the gate `external`",
    )
    add(
        "--sarif-base",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="the same tools' reports at the base, to tell new from existing",
    )
    add(
        "--config",
        default="",
        metavar="FILE",
        help="use this configuration file instead of looking for one",
    )
    add(
        "--offline",
        action="store_true",
        help="use no network: fetch nothing, install nothing that is not cached",
    )
    add("--jobs", type=_jobs, default=0, metavar="N", help="processors to use (default: all)")
    add("--no-cache", action="store_true", help="neither use nor keep results")
    add(
        "--plan",
        action="store_true",
        help="show what would run, why, on which files, and what is cached",
    )
    add("--no-color", action="store_true", help="no colours (NO_COLOR does the same)")
    check.set_defaults(run=_lazily("check", "run_check"))


def _add_config(commands: Any) -> None:
    config = _command(commands, "config", "show, check or describe the configuration")
    parts = config.add_subparsers(metavar="ACTION", required=True, parser_class=_Parser)
    for name, summary in (
        ("show", "print the effective configuration and where each value comes from"),
        ("validate", "check the configuration and the waivers"),
        ("schema", "print the JSON Schema of the configuration"),
    ):
        action = _command(parts, name, summary)
        if name == "schema":
            action.add_argument("--waivers", action="store_true", help="of the waiver file instead")
        else:
            action.add_argument("--config", default="", metavar="FILE", help="use this file")
        if name == "show":
            action.add_argument("--json", action="store_true", help="as JSON")
        action.set_defaults(run=_lazily("settings_commands", f"run_{name}"))


def _add_tools(commands: Any) -> None:
    tools = _command(commands, "tools", "list, install or lock the tools that scanners start")
    parts = tools.add_subparsers(metavar="ACTION", required=True, parser_class=_Parser)
    for name, summary in (
        ("list", "print each tool, its version, where it comes from and whether it is installed"),
        ("install", "install locked tools now, so that checks need no network"),
        ("lock", "resolve tools anew into hash-pinned locks in .gatekeeper/locks/"),
    ):
        action = _command(parts, name, summary)
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
        action.set_defaults(run=_lazily("tools", f"run_{name}"))


def _add_cache(commands: Any) -> None:
    cache = _command(commands, "cache", "look after the results and tools kept on this machine")
    parts = cache.add_subparsers(metavar="ACTION", required=True, parser_class=_Parser)
    _command(parts, "info", "print where the cache is and how large it is").set_defaults(
        run=_lazily("cache", "run_info")
    )
    prune = _command(parts, "prune", "forget results and tools that are no longer needed")
    prune.add_argument("--all", action="store_true", help="forget everything")
    prune.set_defaults(run=_lazily("cache", "run_prune"))

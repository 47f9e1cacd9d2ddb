"""Kinds of arguments, and how a command is declared."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NoReturn

from gatekeeper.cli.examples import examples
from gatekeeper.cli.width import columns
from gatekeeper.errors import UsageError
from gatekeeper.model.shard import MOST_SHARDS, Shard
from gatekeeper.text.names import did_you_mean


class Parser(argparse.ArgumentParser):
    """Wrong usage is an error like any other: in words, with what to do."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, remedy=f"see `{self.prog} --help`")


def formatter(prog: str) -> argparse.HelpFormatter:
    """Lays help out for the terminal's width.

    argparse makes one for every option that is declared, and loads `shutil` to know the width.
    """
    return argparse.RawDescriptionHelpFormatter(prog, width=columns(80) - 2)


class OneOf:
    """An argument type that names the nearest valid choice."""

    def __init__(self, kind: str, names: Sequence[str]) -> None:
        self.kind = kind
        self.names = names

    def __call__(self, text: str) -> str:
        if text not in self.names:
            raise UsageError(f"unknown {self.kind} {text!r}", remedy=did_you_mean(text, self.names))
        return text


class Format(argparse.Action):
    """Collects `(format, output)` pairs: an --output belongs to the --format before it."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any,
        option_string: str | None = None,
    ) -> None:  # fmt: skip
        namespace.formats = [*namespace.formats, (values, "")]


class Output(argparse.Action):
    """Gives the --format before it a place to go."""

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


def lazily(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """A command's code, imported when it runs and not before."""

    def run(options: argparse.Namespace) -> int:
        return int(getattr(import_module(f"gatekeeper.cli.{module}"), function)(options))

    return run


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def whole(name: str, most: int) -> Callable[[str], int]:
    """An argument type: a whole number from 1 on."""

    def read(text: str) -> int:
        if not _is_number(text) or not 1 <= int(text) <= most:
            raise UsageError(f"{name} takes a whole number from 1 to {most}, not {text!r}")
        return int(text)

    return read


jobs = whole("--jobs", 256)


def shard(text: str) -> Shard:
    index, slash, count = text.partition("/")
    if slash and _is_number(index) and _is_number(count):
        shard = Shard(int(index), int(count))
        if 1 <= shard.index <= shard.count <= MOST_SHARDS:
            return shard
    raise UsageError(
        f"--shard takes I/N, such as 1/4, with at most {MOST_SHARDS} shards, not {text!r}"
    )


def command(commands: Any, name: str, summary: str) -> argparse.ArgumentParser:
    """A command with its summary; what stands below its options is in cli/examples.py."""
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        formatter_class=formatter,
        allow_abbrev=False,
    )
    made.epilog = examples(made.prog)
    return made

"""The command line as a whole: every command has examples, and every example is one."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Iterator
from unittest import mock

import pytest

from gatekeeper.cli.arguments import parser
from gatekeeper.cli.arguments_setup import PRESETS
from gatekeeper.cli.examples import EXAMPLES
from gatekeeper.config.presets import PRESETS as SHIPPED


def every(command: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield command
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from every(below)


COMMANDS = {command.prog: command for command in every(parser())}


def test_every_command_has_examples_and_nothing_else_has() -> None:
    assert set(EXAMPLES) == set(COMMANDS)


@pytest.mark.parametrize(
    "typed", sorted({typed for rows in EXAMPLES.values() for typed, _ in rows})
)
def test_every_example_can_be_typed(typed: str) -> None:
    words = shlex.split(typed.split(" > ", maxsplit=1)[0])

    options = parser().parse_args(words[1:])

    assert callable(options.run)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_a_page(name: str) -> None:
    with mock.patch.dict(os.environ, {"COLUMNS": "100", "NO_COLOR": "1"}):
        text = COMMANDS[name].format_help()

    assert [line for line in text.splitlines() if len(line) > 100] == []
    assert "examples:" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name: str) -> None:
    assert [it.dest for it in COMMANDS[name]._actions if not it.help
            and not isinstance(it, argparse._SubParsersAction)] == []  # fmt: skip


def test_presets_are_those_that_ship() -> None:
    assert set(PRESETS) == set(SHIPPED)

"""The arguments of `init`, `explain`, `doctor` and `completion`."""

from __future__ import annotations

from typing import Any

from gatekeeper.cli.argument_kinds import OneOf, command, lazily

PRESETS = ("relaxed", "standard", "strict")
SOURCES = ("megalinter", "super-linter", "pre-commit")
SHELLS = ("bash", "zsh", "fish")
# As starter.EXTRAS has them, which a test compares: to parse a command line nothing of it is needed.
EXTRAS = ("comments", "forks", "bot", "audit")
DOCTOR_FORMATS = ("text", "json")


def add_init(commands: Any) -> None:
    """`gatekeeper init`."""
    init = command(commands, "init", "set this repository up: configuration, workflow, hooks")
    add = init.add_argument
    add(
        "--from",
        dest="source",
        type=OneOf("source", SOURCES),
        metavar="TOOL",
        help=f"carry over the settings of {', '.join(SOURCES[:-1])} or {SOURCES[-1]},"
        " and list what has no counterpart",
    )
    add(
        "--preset",
        type=OneOf("preset", PRESETS),
        metavar="NAME",
        help=f"{', '.join(PRESETS)} (default: standard)",
    )
    add(
        "--with",
        dest="extras",
        type=OneOf("workflow", EXTRAS),
        action="append",
        default=[],
        metavar="WORKFLOW",
        help="also write the workflow for comments on pull requests, for those of forks, for commands in"
        f" comments (bot), or for a daily audit: {', '.join(EXTRAS)}; repeatable",
    )
    add("--hooks", action="store_true", help="install git's own hooks, too; no pre-commit needed")
    add("--dry-run", action="store_true", help="show the changes and make none")
    add("--force", action="store_true", help="overwrite files that say something else")
    init.set_defaults(run=lazily("init", "run_init"))


def add_explain(commands: Any) -> None:
    """`gatekeeper explain`."""
    explain = command(
        commands, "explain", "tell what a rule or finding means, why it blocks, and what to do"
    )
    explain.add_argument(
        "topic",
        metavar="RULE|FINGERPRINT|PATH:LINE|WORD",
        help="a rule, a fingerprint or the start of one, a place, a gate, a scanner or a code",
    )
    explain.add_argument("--config", default="", metavar="FILE", help="use this file")
    explain.set_defaults(run=lazily("explain", "run_explain"))


def add_doctor(commands: Any) -> None:
    """`gatekeeper doctor`."""
    doctor = command(
        commands, "doctor", "tell what is installed, what drifted apart and what is missing"
    )
    doctor.add_argument(
        "--format",
        type=OneOf("format", DOCTOR_FORMATS),
        default="text",
        metavar="FORMAT",
        help=f"{', '.join(DOCTOR_FORMATS)} (default: text)",
    )
    doctor.add_argument("--config", default="", metavar="FILE", help="use this file")
    doctor.set_defaults(run=lazily("doctor", "run_doctor"))


def add_completion(commands: Any) -> None:
    """`gatekeeper completion`."""
    completion = command(commands, "completion", "print a script that completes gatekeeper's words")
    completion.add_argument(
        "shell", type=OneOf("shell", SHELLS), metavar="SHELL", help=", ".join(SHELLS)
    )
    completion.set_defaults(run=lazily("completion", "run_completion"))

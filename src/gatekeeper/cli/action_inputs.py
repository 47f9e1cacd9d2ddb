"""The action's inputs, and the options of `check` they stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from gatekeeper.errors import UsageError

Kind = Literal["flag", "value", "lines", "files"]
Verb = Literal["check", "merge", "audit"]


class Input(Struct, frozen=True):
    """An input and how it becomes an option of the same name.

    `flag`: true or false. `value`: one text. `lines`: one option per line. `files`: the same, and
    relative to the workspace. `merging`: `gatekeeper merge` needs it, too; `auditing`: so does
    `gatekeeper audit`.
    """

    name: str
    kind: Kind
    merging: bool = True
    auditing: bool = False


INPUTS = (
    Input("base", "value", auditing=True),
    Input("all", "flag", auditing=True),
    Input("stage", "value"),
    Input("gate", "lines"),
    Input("sarif-in", "files"),
    Input("sarif-base", "files"),
    Input("junit", "files"),
    Input("junit-base", "files"),
    Input("coverage", "files"),
    Input("coverage-base", "files"),
    Input("config", "files", auditing=True),
    Input("offline", "flag", auditing=True),
    Input("jobs", "value", merging=False),
    Input("no-cache", "flag", merging=False, auditing=True),
    Input("shard", "value", merging=False),
    Input("suggest", "flag", merging=False),
)
# Inputs that are no option of `check`, or mean something more than it, and what reads them.
OF_THE_ACTION = {
    "working-directory": "the projects, each judged in its own folder",
    "paths": "the arguments of `check`",
    "format": "all of them go to one folder",
    "output": "that folder",
    "shards": "the arguments of `merge`, which is done instead of `check`",
    "summary": "the job's summary",
    "annotations": "annotations of the job",
    "advisories": "what `gatekeeper advisories sync` is to do before anything is judged",
    "cache": "what actions/cache restores and saves",
}
# Options of `check` that are no input, and why.
NO_INPUT = {
    "staged": "a workflow has nothing staged",
    "head": "a workflow checks out what it judges",
    "fix": "a job's files are gone when it ends",
    "plan": "actions/plan does that",
    "no-color": "the log of a job has no terminal",
}

Read = Callable[[str], str]


def lines(text: str) -> list[str]:
    """What an input of several lines holds."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def flag(name: str, text: str) -> bool:
    """An input that is either true or false. Raises UsageError."""
    if text not in ("", "true", "false"):
        raise UsageError(f"input {name}: true or false, not {text!r}")
    return text == "true"


def insists(advisories: str) -> bool:
    """Whether the input `advisories` asks for an audit, so that none is not enough."""
    return advisories.strip() not in ("", "auto", "off")


def arguments(read: Read, place: Callable[[str], str], verb: Verb = "check") -> list[str]:
    """The options that the inputs stand for; `place` finds a file. Raises UsageError.

    Each is one argument with its value behind `=`: a value is never taken for an option.
    """
    found: list[str] = []
    for it in INPUTS:
        text = read(it.name).strip()
        if (verb == "merge" and not it.merging) or (verb == "audit" and not it.auditing):
            continue
        if it.kind == "flag":
            found += [f"--{it.name}"] * flag(it.name, text)
        elif it.kind == "value":
            found += [f"--{it.name}={text}"] if text else []
        else:
            for value in lines(text):
                found.append(f"--{it.name}={place(value) if it.kind == 'files' else value}")
    return found

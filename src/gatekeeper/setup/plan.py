"""What `init` would do to each file, before anything is done."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from msgspec import Struct

from gatekeeper.config.load import find
from gatekeeper.errors import ConfigError, SetupError
from gatekeeper.setup import precommit, settings, starter
from gatekeeper.setup.facts import PRE_COMMIT, WORKFLOWS, Facts
from gatekeeper.setup.origin import UNKNOWN, Origin
from gatekeeper.setup.settings import CONFIG, PathsOff, Setting, Wish
from gatekeeper.text.names import printable

Change = Literal["create", "extend", "replace", "same", "keep", "stuck"]
Read = Callable[[str], bytes | None]


class Step(Struct, frozen=True):
    """One file. `create`: it is not there yet; `extend`: lines are added, none is changed;
    `replace`: it says something else, so somebody has to agree; `same` and `keep`: nothing;
    `stuck`: it cannot be done, and `note` says why and what to do."""

    path: str
    change: Change
    old: bytes | None
    new: bytes
    note: str = ""


class Asked(Struct, frozen=True):
    """What the command line wants. `preset` empty: the file's own, or `standard`. `extras` are words
    of starter.EXTRAS."""

    preset: str = ""
    settings: tuple[Setting, ...] = ()
    exceptions: tuple[PathsOff, ...] = ()
    carried: bool = False
    force: bool = False
    native_hooks: bool = False
    origin: Origin = UNKNOWN
    extras: tuple[str, ...] = ()


def steps(read: Read, facts: Facts, asked: Asked) -> list[Step]:
    """Every file that `init` cares about. Errors: ConfigError, SetupError."""
    wish = Wish(
        preset=asked.preset or "standard",
        settings=(*settings.from_facts(facts), *asked.settings),
        exceptions=asked.exceptions,
        suggestions=settings.suggestions(facts),
    )
    made = [_config(read, wish, asked), *_workflows(read, facts, asked)]
    if facts.pre_commit or not asked.native_hooks:
        made.append(_pre_commit(read, _hooks(made[0], read), asked.origin))
    return made


def _config(read: Read, wish: Wish, asked: Asked) -> Step:
    there = find(read)
    new = settings.render(wish).encode()
    if there and there != CONFIG:
        if asked.preset or asked.carried:
            message = f"{there} already holds the configuration, and two are not allowed"
            raise ConfigError(
                message, where=there, remedy="edit it, or remove it and run init again"
            )
        return Step(there, "keep", read(there), b"", "the configuration is here")
    old = read(CONFIG)
    if old is not None and not (asked.preset or asked.carried or asked.force):
        return Step(CONFIG, "same" if old == new else "keep", old, new, "it is yours")
    return _step(CONFIG, old, new)


def _workflows(read: Read, facts: Facts, asked: Asked) -> list[Step]:
    """The workflow that judges, with comments or without, and those that were asked for besides."""
    before = starter.environment(facts)
    old = read(starter.PATH)
    chosen = [starter.EXTRAS[it] for it in dict.fromkeys(asked.extras)]
    # With comments, as an earlier run may have been asked for, it judges the same.
    names = [starter.NAME, starter.COMMENTS]
    if any(comments for _, comments in chosen):
        names = [starter.COMMENTS]
    forms = [starter.starter(facts.branch, asked.origin, before, it).encode() for it in names]
    made = [_step(starter.PATH, old, old if old is not None and old in forms else forms[0])]
    for name, _ in chosen:
        if name != starter.COMMENTS:
            path = WORKFLOWS + name
            text = starter.starter(facts.branch, asked.origin, (), name)
            made.append(_step(path, read(path), text.encode()))
    return made


def _pre_commit(read: Read, hooks: Sequence[str], origin: Origin) -> Step:
    old = read(PRE_COMMIT)
    try:
        new = precommit.with_entry(old, hooks, origin)
    except (ConfigError, SetupError) as error:
        entry = "\n  ".join(("add this to `repos` by hand:", *precommit.entry_lines(hooks, origin)))
        return Step(PRE_COMMIT, "stuck", old, b"", f"{error.message}\n  {entry}")
    if old is not None and new != old:
        return Step(PRE_COMMIT, "extend", old, new)
    return _step(PRE_COMMIT, old, new)


def _hooks(config: Step, read: Read) -> list[str]:
    """The hooks that fit: commit messages are judged only where the gate for them is on."""
    from gatekeeper.config.load import load

    made = config.change in ("create", "replace")
    loaded = load({config.path: config.new}.get) if made else load(read)
    messages = loaded.policy.gates["commits"].enabled
    return [precommit.HOOK, *([precommit.MESSAGE_HOOK] if messages else [])]


def _step(path: str, old: bytes | None, new: bytes) -> Step:
    return Step(path, "create" if old is None else "same" if old == new else "replace", old, new)


def diff(step: Step) -> Iterable[str]:
    """The change as a unified diff, safe to print."""
    old, new = (_rows(it) for it in (step.old, step.new))
    before = f"a/{step.path}" if step.old is not None else "/dev/null"
    for row in difflib.unified_diff(old, new, before, f"b/{step.path}", lineterm=""):
        yield printable(row.replace("\t", "    "))


def _rows(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "backslashreplace").splitlines()

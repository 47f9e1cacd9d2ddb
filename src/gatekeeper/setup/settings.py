"""gatekeeper.yml as `init` writes it: short, with a reason beside each value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from gatekeeper.config.load import load
from gatekeeper.config.presets import PRESETS
from gatekeeper.setup.facts import Facts
from gatekeeper.text.patterns import regex
from gatekeeper.version import REPOSITORY, VERSION

CONFIG = "gatekeeper.yml"
PAGES = f"https://github.com/{REPOSITORY}/blob/v{VERSION}/docs"
SCHEMA = (
    f"https://raw.githubusercontent.com/{REPOSITORY}/v{VERSION}"
    "/docs/schemas/gatekeeper-config-1.schema.json"
)
_WIDTH = 100
_HEAD = f"""\
# yaml-language-server: $schema={SCHEMA}
#
# What may block a change here. Only new problems block; what was there before is counted.
# Every key with its value and where that comes from:  gatekeeper config show
# What the keys mean: {PAGES}/configuration.md
version: 1
"""
_PRESETS = {
    "relaxed": "only severe problems block",
    "standard": "lint, format, types, code security, secrets and workflows; or relaxed, strict",
    "strict": "all of it, in tests too, and an inline ignore needs a reason",
}
_PLAIN = regex(r"[a-zA-Z/][a-zA-Z0-9_./-]*")
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


class Setting(Struct, frozen=True):
    """One value of the configuration, and why it is not the default."""

    key: tuple[str, ...]
    value: Any
    why: str = ""


class PathsOff(Struct, frozen=True):
    """An entry of `overrides`: gates that are off for some paths."""

    paths: tuple[str, ...]
    gates: tuple[str, ...]
    why: str = ""


class Wish(Struct, frozen=True):
    """All that the file is to say. Later settings of a key replace earlier ones."""

    preset: str
    settings: tuple[Setting, ...] = ()
    exceptions: tuple[PathsOff, ...] = ()
    suggestions: tuple[str, ...] = ()


def from_facts(facts: Facts) -> tuple[Setting, ...]:
    """What the repository's own settings ask for."""
    return tuple(_from_facts(facts))


def _from_facts(facts: Facts) -> Iterator[Setting]:
    if not facts.branch_known:
        yield Setting(("base",), f"origin/{facts.branch}", "the default branch")
    if not facts.ruff_formats:
        for tool in ("black", "yapf", "autopep8"):
            if where := facts.where(tool):
                why = f"{tool} formats this project ({where}); this gate is ruff's formatter"
                yield Setting(("gates", "format", "enabled"), False, why)
                break
    for tool in ("commitizen", "commitlint", "semantic-release"):
        if where := facts.where(tool):
            why = f"Conventional Commits, as {tool} wants them ({where})"
            yield Setting(("gates", "commits", "enabled"), True, why)
            break
    if where := facts.where("semgrep"):
        yield Setting(("scanners", "semgrep", "rules"), [where], "besides gatekeeper's own rules")


def suggestions(facts: Facts) -> tuple[str, ...]:
    """Lines that somebody may want to uncomment: leaving files out is for people to decide."""
    if not facts.foreign:
        return ()
    rows = [f"  - {_flow('/' + folder)}" for folder in facts.foreign]
    return ("Other people's code? Then no tool needs to look at it:", "exclude:", *rows)


def render(wish: Wish) -> str:
    """The file. It loads, or this is a bug."""
    tree: dict[str, Any] = {}
    said = {setting.key: setting for setting in wish.settings}
    for setting in said.values():
        if _at(PRESETS[wish.preset], setting.key) == setting.value:
            continue
        inner = tree
        for part in setting.key[:-1]:
            inner = inner.setdefault(part, {})
        inner[setting.key[-1]] = setting
    rows = [_row("preset: " + wish.preset, _PRESETS[wish.preset], "")]
    order = ("base", "exclude", "gates")
    for key in (*order, *(key for key in tree if key not in order)):
        if key in tree:
            rows += ["", *_rows({key: tree[key]}, "")]
        if key == "gates" and wish.exceptions:
            rows += ["", "overrides:", *_exceptions(wish.exceptions)]
    if wish.suggestions:
        rows += ["", *(f"# {line}" for line in wish.suggestions)]
    text = _HEAD + "\n".join(rows) + "\n"
    load({CONFIG: text.encode()}.get)
    return text


def _at(data: Any, key: Sequence[str]) -> Any:
    for part in key:
        data = data.get(part) if isinstance(data, Mapping) else None
    return data


def _rows(tree: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in tree.items():
        if not isinstance(value, Setting):
            yield f"{indent}{key}:"
            yield from _rows(value, indent + "  ")
        elif isinstance(value.value, list | tuple):
            if value.why:
                yield from _comment(value.why, indent)
            yield f"{indent}{key}:"
            yield from (f"{indent}  - {_flow(item)}" for item in value.value)
        else:
            yield _row(f"{indent}{key}: {_flow(value.value)}", value.why, indent)


def _exceptions(exceptions: Sequence[PathsOff]) -> Iterator[str]:
    for one in exceptions:
        if one.why:
            yield from _comment(one.why, "  ")
        yield f"  - paths: [{', '.join(map(_flow, one.paths))}]"
        yield "    gates:"
        for gate in one.gates:
            yield f"      {gate}:"
            yield "        enabled: false"


def _row(text: str, why: str, indent: str) -> str:
    beside = f"{text} # {why}"
    if not why or len(beside) <= _WIDTH:
        return beside if why else text
    return "\n".join([*_comment(why, indent), text])


def _comment(text: str, indent: str) -> list[str]:
    import textwrap

    lead = f"{indent}# "
    return textwrap.wrap(text, _WIDTH, initial_indent=lead, subsequent_indent=lead,
                         break_long_words=False, break_on_hyphens=False)  # fmt: skip


def _flow(value: Any) -> str:
    if isinstance(value, str):
        if _PLAIN.fullmatch(value) and value.lower() not in _RESERVED:
            return value
        quoted = json.dumps(value, ensure_ascii=False)
        return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)
    return json.dumps(value)

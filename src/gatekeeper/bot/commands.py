"""What a comment asks for: a command, something that is nearly one, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from gatekeeper.text.names import nearest
from gatekeeper.text.patterns import regex

Verb = Literal["rerun", "explain", "waive", "fix", "help"]
USAGE: dict[Verb, tuple[str, str]] = {
    "rerun": ("/gatekeeper rerun", "runs the checks of this commit again"),
    "explain": (
        "/gatekeeper explain <fingerprint or rule>",
        "tells what a problem or a rule means, and what to do about it",
    ),
    "waive": (
        "/gatekeeper waive <fingerprint> until <YYYY-MM-DD> because <reason>",
        "accepts a problem until a day",
    ),
    "fix": ("/gatekeeper fix", "commits the safe fixes of ruff to this branch"),
    "help": ("/gatekeeper help", "shows this"),
}
MOST_REASON = 500
_MOST_LINES = 500
# Other marks than a slash, and other spellings, are near; only `/gatekeeper` itself is a command.
_FIRST = regex(r"([/@!]?)([A-Za-z-]{7,14})(:?)(?: (.*))?")
_INSIDE = regex(r"(?:^|[\s(])/gatekeeper ([A-Za-z-]{2,12})(?![A-Za-z])", re.IGNORECASE)
_CODE = regex(r"`+[^`\n]*`+")
_FENCE = regex(r" {0,3}(`{3,}|~{3,})")
_FINGERPRINT = regex(r"[0-9a-f]{12,32}")
_DAY = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|never")
_WAIVE = regex(r"(?P<what>\S+) until (?P<until>.+?) because (?P<why>.+)", re.IGNORECASE)
_NAME = "gatekeeper"


class Command(Struct, frozen=True):
    """`topic` is what to explain, or the fingerprint to waive, `until` an ISO date or `never`."""

    verb: Verb
    topic: str = ""
    until: str = ""
    reason: str = ""


class Near(Struct, frozen=True):
    """Close to a command, and none: `said` is what is wrong, `usage` how it would be right."""

    said: str
    usage: str = ""


def read(body: str) -> Command | Near | None:
    """The one command of a comment. Code, quotations and hidden text hold none."""
    found = [it for line in _lines(body) if (it := _read_line(line)) is not None]
    commands = [it for it in found if isinstance(it, Command)]
    if len(commands) > 1:
        return Near("one comment can give one command, so none of them was done")
    return commands[0] if commands else next(iter(found), None)


def _lines(body: str) -> Iterator[str]:
    """The lines that its author says in their own words."""
    fence = ""
    for line in body.replace("\r\n", "\n").split("\n")[:_MOST_LINES]:
        if mark := _FENCE.match(line):
            if not fence:
                fence = mark[1]
                continue
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
                continue
        # Four blanks make code, `>` quotes, `<!--` hides.
        if not fence and not line.startswith(("    ", "\t")):
            text = line.strip()
            if text and not text.startswith((">", "<!--")):
                yield " ".join(text.split())


def _read_line(line: str) -> Command | Near | None:
    match = _FIRST.fullmatch(line)
    if match is None:
        return _mid_line(line)
    mark, name, colon, rest = match[1], match[2].lower(), match[3], (match[4] or "").strip()
    if mark == "/" and name == _NAME and not colon:
        return _command(rest)
    verb = rest.partition(" ")[0].lower()
    alike = name == _NAME or (mark and bool(nearest_name(name)))
    if alike and (verb in USAGE or (mark and not verb)):
        usage = USAGE[verb][0] if verb in USAGE else USAGE["help"][0]
        return Near(f"a command begins with `/{_NAME}`", usage)
    return _mid_line(line)


def nearest_name(name: str) -> bool:
    """Whether it is `gatekeeper` with a slip or two."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, name.replace("-", ""), _NAME).ratio() >= 0.85


def _mid_line(line: str) -> Near | None:
    found = _INSIDE.search(_CODE.sub(" ", line))
    if found is None or found[1].lower() not in USAGE:
        return None
    verb: Verb = next(it for it in USAGE if it == found[1].lower())
    return Near("a command has to begin its line", USAGE[verb][0])


def _command(rest: str) -> Command | Near:
    word, _, more = rest.partition(" ")
    verb = next((it for it in USAGE if it == word.lower()), None)
    more = more.strip()
    if verb is None:
        return _unknown(word)
    if verb == "waive":
        return _waive(more)
    if verb == "explain":
        topic = more.strip("`")
        if not topic or " " in topic or len(topic) > 200:
            return Near("say what to explain: one fingerprint, rule or gate", USAGE["explain"][0])
        return Command("explain", topic)
    if more:
        return Near(f"`{verb}` takes nothing more, so nothing was done", USAGE[verb][0])
    return Command(verb)


def _unknown(word: str) -> Command | Near:
    if not word:
        return Command("help")
    near = nearest(word.lower(), USAGE) or "help"
    usage = next(USAGE[it][0] for it in USAGE if it == near)
    return Near(f"there is no command `{word.replace('`', '')[:40]}`", usage)


def _waive(more: str) -> Command | Near:
    usage = USAGE["waive"][0]
    match = _WAIVE.fullmatch(more)
    if match is None:
        lower = f" {more.lower()} "
        missing = [it for it in ("until", "because") if f" {it} " not in lower]
        said = f"what follows `{missing[0]}` is missing" if missing else "something is missing"
        return Near(said, usage)
    what, until, why = match["what"].strip("`").lower(), match["until"].strip("`"), match["why"]
    if not _FINGERPRINT.fullmatch(what):
        return Near("a problem is named by its fingerprint: 12 to 32 digits and letters", usage)
    if not _DAY.fullmatch(until.lower()):
        return Near("the last day is written as YYYY-MM-DD", usage)
    if len(why) > MOST_REASON:
        return Near(f"a reason has at most {MOST_REASON} characters", usage)
    return Command("waive", what, until.lower(), why)

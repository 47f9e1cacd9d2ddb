"""Sinks inside functions and methods of the same file: a call that hands them a value is the sink.

The engine follows a value through one function at a time. So a call of a helper counts as the sink,
when one of the helper's parameters, or what is made of it, reaches a sink in the helper's body.
Each pattern names the sink, so that files without it are passed over unread.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Formula = dict[str, Any]

# How a parameter gets to the sink: what has to be in the sink, and the statements up to it.
_FLOWS = (
    ("$P", "...\n{sink}\n...\n"),
    ("$V", "...\n$V = <... $P ...>\n...\n{sink}\n...\n"),
    ("$V", "...\n$V += <... $P ...>\n...\n{sink}\n...\n"),
    ("$V", "...\n$V.$PUT(..., <... $P ...>, ...)\n...\n{sink}\n...\n"),
    ("$V", "...\nfor $V in <... $P ...>:\n    ...\n    {sink}\n    ...\n...\n"),
    ("$V", "...\nwith $OPEN(..., <... $P ...>, ...) as $V:\n    ...\n    {sink}\n    ...\n...\n"),
)
# The parameter's place in the definition, and that of the value in the call.
_PLACES = (
    ("$P, ...", "$SINK, ..."),
    ("$_, $P, ...", "$_, $SINK, ..."),
    ("..., $P, ...", "..., $P=$SINK, ..."),
)


def calls(own: Mapping[str, Any]) -> Iterator[Formula]:
    """What makes `$SINK` of a call: `sinks` with $REACHED as the place, `clean` calls that end it.

    A sink is a pattern, or a mapping with a `pattern` and conditions in `where`.
    """
    for method in (False, True):
        for parameters, arguments in _PLACES:
            reached = [_reached(name, own["sinks"], parameters, method) for name in ("$P", "$V")]
            clean = [
                _definition("...", f"...\n<... {it} ...>\n...\n", method) for it in own["clean"]
            ]
            call = f"{'$OBJECT.' if method else ''}$HELPER({arguments})"
            yield {
                "patterns": [
                    {"pattern-either": reached},
                    *({"pattern-not-inside": it} for it in clean),
                    {"pattern": call},
                ]
            }


def _reached(name: str, sinks: Sequence[Any], parameters: str, method: bool) -> Formula:
    """Definitions from where on `name` is in what reaches the sink."""
    found: list[Formula] = []
    for it in sinks:
        sink, where = (it, []) if isinstance(it, str) else (it["pattern"], it["where"])
        for wanted, body in _FLOWS:
            if wanted == name:
                pattern = _definition(parameters, _with(body, sink), method)
                found.append(
                    {"patterns": [{"pattern": pattern}, *where]} if where else {"pattern": pattern}
                )
    inside = {"metavariable": "$REACHED", "pattern": f"<... {name} ...>"}
    return {"patterns": [{"pattern-either": found}, {"metavariable-pattern": inside}]}


def _with(body: str, sink: str) -> str:
    """The statements with the sink, which may be several lines, at its indentation."""
    lines = []
    for line in body.splitlines(keepends=True):
        before, place, _ = line.partition("{sink}")
        lines.append(textwrap.indent(sink, before) + "\n" if place else line)
    return "".join(lines)


def _definition(parameters: str, body: str, method: bool) -> str:
    """The definition and all that follows: what calls it. A method's object may be made anywhere."""
    if not method:
        return f"def $HELPER({parameters}):\n{textwrap.indent(body, '    ')}...\n"
    inner = f"def $HELPER($SELF, {parameters}):\n{textwrap.indent(body, '    ')}"
    return f"class $OWNER(...):\n    ...\n{textwrap.indent(inner, '    ')}    ...\n...\n"

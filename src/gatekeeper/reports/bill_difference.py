"""The difference of two bills of materials, for people or for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from gatekeeper.bom.compare import Changed, Difference
from gatekeeper.text.names import printable


def render_difference(found: Difference, *, as_json: bool = False) -> str:
    """A line for each package, or one JSON object."""
    if as_json:
        return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"
    lines = list(_lines(found)) or ["no difference"]
    return "\n".join(map(printable, lines)) + "\n"


def _lines(found: Difference) -> Iterator[str]:
    for sign, rows in (("+", found.added), ("-", found.removed)):
        for ecosystem, name, version in rows:
            yield f"{sign} {ecosystem} {name} {version}".rstrip()
    for it in found.versions:
        yield _change("~", it, "version")
    for it in found.licenses:
        yield _change("§", it, "licence")


def _change(sign: str, it: Changed, what: str) -> str:
    return f"{sign} {it.ecosystem} {it.name} {what} {_of(it.before)} > {_of(it.after)}"


def _of(values: Sequence[str]) -> str:
    return ", ".join(value or "unknown" for value in values)

"""References to container images."""

from __future__ import annotations

import re

from gatekeeper.model.dependency import Dependency, Place, Scope
from gatekeeper.text.patterns import regex

_REFERENCE = regex(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._/:-]*?)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>[a-z0-9]+:[0-9a-f]{32,128}))?"
)
_VARIABLE = regex(
    r"\$(?:\{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)(?:(?P<sign>:?[-+?])(?P<word>[^}]*))?\}"
    r"|(?P<plain>[A-Za-z_][A-Za-z0-9_]*))"
)


def image(text: str, place: Place, scope: Scope = "runtime") -> Dependency:
    """The image that a reference names. One that cannot be told stays as it is written.

    The name has its registry: `python` is `docker.io/library/python`.
    """
    found = _REFERENCE.fullmatch(text)
    if found is None or "$" in text:
        return Dependency(
            ecosystem="docker",
            name=text,
            display=text,
            version="",
            requirement=text,
            place=place,
            origin="unknown",
            direct=True,
            scope=scope,
        )
    return Dependency(
        ecosystem="docker",
        name=_full_name(found["name"]),
        display=found["name"],
        version=found["tag"] or "",
        requirement=text[len(found["name"]) :],
        place=place,
        direct=True,
        scope=scope,
        hashes=(found["digest"],) if found["digest"] else (),
    )


def _full_name(name: str) -> str:
    first, slash, _ = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return name.lower()
    return f"docker.io/{name}" if slash else f"docker.io/library/{name}"


def substituted(text: str, values: dict[str, str | None]) -> str:
    """`text` with its variables: their values, else the defaults beside them.

    A variable that has neither stays, so that nobody takes the rest for the whole.
    """

    def one(found: re.Match[str]) -> str:
        value = values.get(found["braced"] or found["plain"])
        sign, word = found["sign"] or "", found["word"] or ""
        if sign.endswith("+"):
            return word if value else ""
        if value or (value == "" and not sign.startswith(":")):
            return value
        return word if sign.endswith("-") else found.group()

    return _VARIABLE.sub(one, text)

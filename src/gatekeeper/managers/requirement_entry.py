"""One requirement of a requirements file: a name, an address, or a path."""

from __future__ import annotations

import re

from gatekeeper.managers.names import is_pypi_name, is_url, pypi_name, without_password
from gatekeeper.managers.pep508 import (
    Demand,
    file_in,
    file_project,
    file_version,
    parse_demand,
)
from gatekeeper.managers.reading import UnreadableError
from gatekeeper.text.patterns import regex

_VARIABLE = regex(r"\$\{[A-Z0-9_]+\}")
_MARKER = regex(r"^(?P<target>.*?)(?:\s+;|;\s)\s*(?P<marker>.+)$", re.DOTALL)
_EXTRAS = regex(r"^(?P<target>.*[^\[])\[(?P<extras>[A-Za-z0-9_., -]+)\]$", re.DOTALL)
_ARCHIVE = (".whl", ".zip", ".tar.gz", ".tgz", ".tar", ".tar.bz2", ".tar.xz", ".tbz")


def read_entry(text: str, line: int) -> Demand:
    """What it asks for; an address or path without a name is named by itself. Raises UnreadableError."""
    if not _is_place(text):
        if variable := _VARIABLE.search(text.partition("@")[0]):
            raise UnreadableError(
                f"what {text[:120]!r} asks for depends on the variable {variable.group()}",
                line,
                "write it out",
            )
        return parse_demand(text, line)
    marker = ""
    if found := _MARKER.match(text):
        text, marker = found["target"].strip(), found["marker"].strip()
    extras = ""
    if not is_url(text) and (found := _EXTRAS.match(text)):
        text, extras = found["target"], found["extras"]
    name, more = _egg(text) if is_url(text) else ("", "")
    name = name or file_project(file_in(text))
    shown = without_password(text)
    extras = ",".join((extras, more))
    return Demand(
        name=pypi_name(name) if name else shown,
        display=name or shown,
        version=file_version(text, pypi_name(name)),
        extras=tuple(sorted({pypi_name(it.strip()) for it in extras.split(",") if it.strip()})),
        marker=marker,
        url=text,
    )


def _is_place(text: str) -> bool:
    """Whether pip would take it for an address or path, and not for a name."""
    first = re.split(r"[ \t;]", text, maxsplit=1)[0]
    if is_url(first):
        return True
    if re.match(r"[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*@", text):
        return False
    return (
        first.startswith(("./", "../", "/", "~", ".\\", "..\\"))
        or first.partition("[")[0] in (".", "..")
        or first.lower().endswith(_ARCHIVE)
        or ("/" in first and not re.search(r"[=<>!@]", first))
    )


def _egg(url: str) -> tuple[str, str]:
    """Name and extras of `#egg=name[extra]`."""
    from urllib.parse import parse_qs, urlsplit

    try:
        fragment = urlsplit(url).fragment
    except ValueError:
        return "", ""
    egg = (parse_qs(fragment).get("egg") or [""])[0]
    name, _, extras = egg.partition("[")
    return (name, extras.rstrip("]")) if is_pypi_name(name) else ("", "")

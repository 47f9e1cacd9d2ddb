"""The lowest version of Python that a project wants to run on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from gatekeeper.managers.names import beside
from gatekeeper.managers.reading import UnreadableError
from gatekeeper.managers.toml_document import read_toml
from gatekeeper.managers.tool_tables import poetry_specifier
from gatekeeper.managers.view import View
from gatekeeper.text.patterns import regex

_LOWEST = regex(r"(?:>=|==|~=)\s*(\d{1,3}\.\d{1,3})(?:\.\d{1,6}|\.\*)*\s*")


_NAMED = regex(
    rb"\s*(?:c?python-?)?(\d{1,3}\.\d{1,3})(?:\.\d{1,6})?\s*(?:\n.*)?", re.IGNORECASE | re.DOTALL
)


def python_of(manifests: Iterable[str], read: Callable[[str], bytes]) -> str:
    """The lowest version that these manifests are for, as far as they or files beside them tell.

    `read` gives nothing for what is not there. Empty when nobody tells.
    """
    paths = list(manifests)
    around = dict.fromkeys(
        it for path in paths for it in (beside(path, "pyproject.toml"), "pyproject.toml")
    )
    for path in around:
        if found := lowest_python(read(path)):
            return found
    for path in dict.fromkeys(
        (*(beside(it, ".python-version") for it in paths), ".python-version")
    ):
        if named := _NAMED.fullmatch(read(path)[:200]):
            return named[1].decode()
    return ""


def lowest_python(content: bytes) -> str:
    """`3.11` of a pyproject.toml; empty when it does not say, or nobody can tell."""
    try:
        document = read_toml(content)
        wanted = document.table("project").text("requires-python")
        if not wanted:
            asked = document.table("tool").table("poetry").table("dependencies").at("python")
            wanted = poetry_specifier(_text(asked))
    except UnreadableError:
        return ""
    found = [it[1] for part in wanted.split(",") if (it := _LOWEST.fullmatch(part.strip()))]
    return max(found, key=lambda it: tuple(map(int, it.split("."))), default="")


def _text(view: View) -> str:
    return view.value if isinstance(view.value, str) else ""

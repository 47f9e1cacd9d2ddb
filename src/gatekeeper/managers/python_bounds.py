"""The lowest version of Python that a project wants to run on."""

from __future__ import annotations

from gatekeeper.managers.reading import UnreadableError
from gatekeeper.managers.toml_document import read_toml
from gatekeeper.managers.tool_tables import poetry_specifier
from gatekeeper.managers.view import View
from gatekeeper.text.patterns import regex

_LOWEST = regex(r"(?:>=|==|~=)\s*(\d{1,3}\.\d{1,3})(?:\.\d{1,6}|\.\*)*\s*")


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

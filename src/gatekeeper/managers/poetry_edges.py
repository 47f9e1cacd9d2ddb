"""Who asks for whom in a poetry.lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.managers.asked import Asked
from gatekeeper.managers.graph import Graph
from gatekeeper.managers.names import pypi_name
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.tool_tables import poetry_specifier
from gatekeeper.managers.versions import allows
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Dependency
from gatekeeper.text.patterns import regex

_ONE = r"extra == [\"'][^\"']*[\"']"
_EXTRA = regex(rf"\(?{_ONE}(?: or {_ONE})*\)?")
_AND_EXTRA = regex(rf" and (?:{_ONE}|\({_ONE}(?: or {_ONE})*\))$")


class Edges:
    """Follows `[package.dependencies]`; those of an extra only where somebody asks for the extra.

    A lock leaves out what the project's own conditions exclude, so not every name leads somewhere.
    """

    def __init__(
        self,
        found: Found,
        by_name: Mapping[str, Sequence[Dependency]],
        asked: Sequence[Asked],
    ) -> None:
        self._found = found
        self._by_name = by_name
        self._extras: dict[str, set[str]] = {}
        for it in asked:
            self._extras.setdefault(it.demand.name, set()).update(it.demand.extras)

    def add(self, packages: Sequence[tuple[View, Dependency]], graph: Graph) -> None:
        for table, _ in packages:
            with self._found.entry():
                for name, wanted in _wanted(table):
                    extras = {pypi_name(it) for it in _texts(wanted, "extras")}
                    self._extras.setdefault(name, set()).update(extras)
        for table, dependency in packages:
            with self._found.entry():
                active = self._of_extras(table, dependency.name)
                for name, wanted in _wanted(table):
                    optional = isinstance(wanted.value, dict) and wanted.flag("optional")
                    if optional and name not in active:
                        continue
                    marker = wanted.text("markers") if isinstance(wanted.value, dict) else ""
                    demand = _specifier(wanted)
                    for child in self._children(name, wanted):
                        graph.edge(dependency.key, child.key, without_extra(marker), demand or "*")

    def _of_extras(self, table: View, name: str) -> set[str]:
        """The names that the extras bring in that somebody asks for."""
        active: set[str] = set()
        for extra, below in table.table("extras").entries():
            if pypi_name(extra) in self._extras.get(name, ()):
                active |= {pypi_name(it.split(" ")[0].split("[")[0]) for it in below.own_texts()}
        return active

    def _children(self, name: str, wanted: View) -> Sequence[Dependency]:
        candidates = self._by_name.get(name, ())
        if len(candidates) < 2:
            return candidates
        specifier = _specifier(wanted)
        fitting = [it for it in candidates if allows(specifier, it.version)]
        return fitting or candidates


def _specifier(wanted: View) -> str:
    text = wanted.value if isinstance(wanted.value, str) else wanted.text("version")
    return poetry_specifier(text)


def without_extra(marker: str) -> str:
    """A marker without its condition on an extra: what is followed is asked for."""
    marker = _AND_EXTRA.sub("", marker)
    return "" if _EXTRA.fullmatch(marker) else marker


def _wanted(table: View) -> Iterator[tuple[str, View]]:
    for name, value in table.table("dependencies").entries():
        for option in value.items() if isinstance(value.value, list) else (value,):
            if not isinstance(option.value, str | dict):
                raise UnreadableError(f"{option.name} has to be text or a table", option.line)
            yield pypi_name(name), option


def _texts(wanted: View, key: str) -> list[str]:
    return wanted.texts(key) if isinstance(wanted.value, dict) else []

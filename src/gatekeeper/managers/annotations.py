"""`# via` comments: how pip-compile and uv say who brought a package in."""

from __future__ import annotations

from msgspec.structs import replace

from gatekeeper.managers.names import pypi_name
from gatekeeper.managers.requirement_lines import Line
from gatekeeper.model.dependency import Dependency
from gatekeeper.text.patterns import regex

_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?")


class Annotations:
    """Takes the lines of a file in their order, and tells parents in the end."""

    def __init__(self) -> None:
        # What each dependency, by its place in the order, is there for.
        self._reasons: list[list[str]] = []
        self._open = False

    def follow(self, dependency: Dependency, line: Line) -> None:
        """A dependency, with the comment behind it."""
        self._reasons.append([])
        self._open = False
        if line.comment.startswith("via"):
            self._add(line.comment[3:])

    def comment(self, line: Line) -> None:
        """A line with nothing but a comment, or nothing."""
        if not line.indented or not self._reasons:
            self._open = False
        elif line.comment == "via":
            self._open = True
        elif line.comment.startswith("via "):
            self._add(line.comment[4:])
            self._open = True
        elif self._open:
            self._add(line.comment)

    def _add(self, text: str) -> None:
        self._reasons[-1] += [it.strip() for it in text.split(",") if it.strip()]

    def applied(self, dependencies: list[Dependency]) -> list[Dependency]:
        """The dependencies, in the order they came in, with what the comments say.

        A name that is not in the file is the project's own: what it asks for is direct.
        """
        keys: dict[str, list[str]] = {}
        for it in dependencies:
            keys.setdefault(it.name, []).append(it.key)
        made = []
        for it, reasons in zip(dependencies, self._reasons, strict=True):
            # Constraints bring nothing in.
            asking = [why for why in reasons if not why.startswith(("-c ", "--constraint"))]
            if not asking:
                made.append(it)
                continue
            names = [pypi_name(why.partition("[")[0]) for why in asking if _NAME.fullmatch(why)]
            parents = {key: None for name in names for key in keys.get(name, ()) if key != it.key}
            known = sum(name in keys for name in names)
            made.append(replace(it, parents=tuple(parents), direct=known < len(asking)))
        return made

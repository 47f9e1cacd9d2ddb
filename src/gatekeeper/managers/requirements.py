"""requirements.txt and its kin, as pip reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from gatekeeper.managers.annotations import Annotations
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.names import beside, is_url, without_password
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.requirement_entry import read_entry
from gatekeeper.managers.requirement_lines import Line, logical_lines, requirement_text
from gatekeeper.managers.requirement_options import Option, split_line
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.model.dependency import (
    Dependency,
    Ecosystem,
    IndexKind,
    Inventory,
    PackageIndex,
    Place,
    Scope,
)
from gatekeeper.text.patterns import regex

_DEV = regex(r"(?:^|[-_./])(?:dev|develop|development|tests?|testing|lint|docs?|ci)(?=[-_./])")
_INDEXES: dict[str, IndexKind] = {
    "--index-url": "main",
    "--pypi-url": "main",
    "--extra-index-url": "extra",
    "--find-links": "find-links",
}


class Requirements:
    """With all the files that `-r` and `-c` lead to. Places are in the file that names it."""

    id = "requirements"
    kind: Kind = "manifest"
    ecosystem: Ecosystem | None = "pypi"

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        try:
            lines = list(logical_lines(requirement_text(content)))
        except UnreadableError:
            return ()
        return [name for line in lines for name in _included(line, path)]

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        dependencies = requirements_in(path, files, found)
        complete = (
            bool(dependencies)
            and all(it.version or it.origin != "index" for it in dependencies)
            and (
                all(it.hashes or it.origin in ("path", "vcs") for it in dependencies)
                or any(it.parents or it.direct is not None for it in dependencies)
            )
        )
        if not complete:
            dependencies = [replace(it, direct=it.direct is not False) for it in dependencies]
        return found.inventory(dependencies, complete=complete)


def _included(line: Line, path: str) -> list[str]:
    """The files of the repository that a line leads to."""
    if "-r" not in line.content and "-c" not in line.content:
        return []
    try:
        _, options = split_line(line.content, line.number)
    except UnreadableError:
        return []
    return [
        there
        for it in options
        if it.name in ("--requirement", "--constraint")
        and not is_url(it.value)
        and (there := beside(path, it.value))
    ]


def requirements_in(path: str, files: Mapping[str, bytes], found: Found) -> list[Dependency]:
    """All that a file and those it leads to ask for; what cannot be read is told to `found`."""
    reader = _Reader(files, found)
    reader.read(path, "")
    return reader.dependencies()


class _Reader:
    def __init__(self, files: Mapping[str, bytes], found: Found) -> None:
        self._files = files
        self._found = found
        self._seen: set[tuple[str, str]] = set()
        self._found_here: list[Dependency] = []
        self._pins: dict[str, str] = {}
        self._annotations = Annotations()

    def dependencies(self) -> list[Dependency]:
        pinned = [
            replace(it, version=self._pins[it.name])
            if not it.version and it.origin == "index" and it.name in self._pins
            else it
            for it in self._found_here
        ]
        return self._annotations.applied(pinned)

    def read(self, path: str, role: str) -> None:
        """One file; `role` is `--constraint` for one that only bounds versions."""
        if (path, role) in self._seen:
            return
        self._seen.add((path, role))
        with self._found.entry(path):
            for line in logical_lines(requirement_text(self._files[path])):
                with self._found.entry(path):
                    self._line(path, line, role)

    def _line(self, path: str, line: Line, role: str) -> None:
        if not line.content:
            self._annotations.comment(line)
            return
        requirement, options = split_line(line.content, line.number)
        editable = [it for it in options if it.name == "--editable"]
        if requirement or editable:
            text = requirement or editable[0].value
            self._requirement(path, line, text, options, role)
        for option in options:
            self._option(path, line, option, role)

    def _requirement(
        self, path: str, line: Line, text: str, options: list[Option], role: str
    ) -> None:
        entry = read_entry(text, line.number)
        if role == "--constraint":
            if entry.version:
                self._pins.setdefault(entry.name, entry.version)
            return
        dependency = Dependency(
            ecosystem="pypi",
            name=entry.name,
            display=entry.display,
            version=entry.version,
            requirement=entry.specifier,
            place=Place(path, line.number),
            origin=entry.origin,
            url=without_password(entry.url),
            scope=_scope(path),
            extras=entry.extras,
            marker=entry.marker,
            hashes=_hashes(options, line.number),
        )
        self._found_here.append(dependency)
        self._annotations.follow(dependency, line)

    def _option(self, path: str, line: Line, option: Option, role: str) -> None:
        if option.name in _INDEXES:
            index = PackageIndex(
                url=without_password(option.value),
                place=Place(path, line.number),
                kind=_INDEXES[option.name],
            )
            self._found.indexes.append(index)
        elif option.name in ("--requirement", "--constraint"):
            self._include(path, line, option, role)

    def _include(self, path: str, line: Line, option: Option, role: str) -> None:
        if is_url(option.value):
            raise UnreadableError(
                f"{without_password(option.value)} is fetched when it is installed: not read",
                line.number,
                "keep the file in the repository",
            )
        there = beside(path, option.value)
        if not there:
            raise UnreadableError(
                f"{option.value!r} leads out of the repository: not read",
                line.number,
                "keep the file in the repository",
            )
        if there not in self._files:
            raise UnreadableError(
                f"{option.value!r} is not there", line.number, "add the file, or drop the line"
            )
        self.read(there, role or ("--constraint" if option.name == "--constraint" else ""))


def _scope(path: str) -> Scope:
    return "dev" if _DEV.search(path.lower()) else "runtime"


def _hashes(options: list[Option], line: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for option in options:
        if option.name != "--hash":
            continue
        algorithm, colon, value = option.value.partition(":")
        if not colon or not re.fullmatch(r"[0-9A-Fa-f]{32,128}", value):
            raise UnreadableError(
                f"{option.value[:100]!r} is no hash", line, "write it as in `--hash=sha256:…`"
            )
        found[f"{algorithm.lower()}:{value.lower()}"] = None
    return tuple(found)

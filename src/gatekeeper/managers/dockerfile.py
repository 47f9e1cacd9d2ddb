"""Dockerfile and Containerfile: the images they are built from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.managers.dockerfile_lines import Instruction, instructions, syntax_of
from gatekeeper.managers.images import image, substituted
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.reading import Found, UnreadableError, decode
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Place
from gatekeeper.text.patterns import regex

_FROM = regex(r"(?P<flags>(?:--\S+\s+)*)(?P<image>\S+)(?:\s+[Aa][Ss]\s+(?P<stage>\S+))?")
_ARGUMENT = regex(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?:=(?P<value>\"[^\"]*\"|'[^']*'|\S*))?")
_COPIED = regex(r"--from=(\S+)")
_MOUNTED = regex(r"--mount=\S*?\bfrom=([^,\s]+)")


class Dockerfile:
    """`FROM`, `COPY --from`, `RUN --mount=from`, and the image that reads the file (`# syntax=`).

    Arguments have the defaults that stand before the first `FROM`; what has none stays open.
    """

    id = "dockerfile"
    kind: Kind = "references"
    ecosystem: Ecosystem | None = "docker"

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        return ()

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        dependencies: list[Dependency] = []
        with found.entry():
            text = decode(files[path])
            if syntax := syntax_of(text):
                line, reference = syntax
                dependencies.append(image(reference, Place(path, line), "build"))
            dependencies.extend(_Stages(found).read(text))
        return found.inventory(dependencies)


class _Stages:
    def __init__(self, found: Found) -> None:
        self._found = found
        self._values: dict[str, str | None] = {}
        self._stages: set[str] = set()
        self._count = 0

    def read(self, text: str) -> Iterator[Dependency]:
        for instruction in instructions(text):
            with self._found.entry():
                yield from self._instruction(instruction)

    def _instruction(self, instruction: Instruction) -> Iterator[Dependency]:
        rest = instruction.rest
        if instruction.name == "FROM":
            yield from self._from(instruction)
        elif instruction.name == "ARG" and not self._count:
            for found in _ARGUMENT.finditer(rest):
                value = found["value"]
                self._values[found["name"]] = (
                    None if value is None else substituted(value.strip("\"'"), self._values)
                )
        elif instruction.name in ("COPY", "ADD"):
            for reference in _COPIED.findall(rest):
                yield from self._other(reference, instruction.line)
        elif instruction.name == "RUN":
            for reference in _MOUNTED.findall(rest):
                yield from self._other(reference, instruction.line)

    def _from(self, instruction: Instruction) -> Iterator[Dependency]:
        self._count += 1
        found = _FROM.fullmatch(instruction.rest)
        if found is None:
            raise UnreadableError(
                f"`FROM {instruction.rest[:100]}` is not understood",
                instruction.line,
                "write it as in `FROM image:tag@sha256:… AS name`",
            )
        reference = substituted(found["image"].strip("\"'"), self._values)
        if reference.lower() not in self._stages and reference != "scratch":
            yield image(reference, Place(self._found.path, instruction.line))
        if found["stage"]:
            self._stages.add(found["stage"].lower())

    def _other(self, reference: str, line: int) -> Iterator[Dependency]:
        """An image beside the stages, which can be named, numbered, or contexts of the builder."""
        reference = substituted(reference.strip("\"'"), self._values)
        if reference.lower() not in self._stages and not reference.isdecimal():
            yield image(reference, Place(self._found.path, line), "build")

"""From bytes to text, and from what is wrong with it to a Problem."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gatekeeper.model.dependency import Dependency, Inventory, PackageIndex, Place, Problem, Tie
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

MAX_BYTES = 64 << 20
_CONFLICT = regex(r"^(?:<{7}|>{7})(?=[ \r\n]|$)", re.MULTILINE)


class UnreadableError(Exception):
    """Something in a file that cannot be relied on; becomes a Problem at that line."""

    def __init__(self, message: str, line: int = 0, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.remedy = remedy


def decode(content: bytes) -> str:
    """The text of a UTF-8 file, without a byte order mark. Raises UnreadableError."""
    check_size(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError("the file is not UTF-8 text", line, "save it as UTF-8") from None
    check_text(text)
    return text


def check_size(content: bytes) -> None:
    """Refuse what would take minutes and gigabytes to read. Raises UnreadableError."""
    if len(content) > MAX_BYTES:
        raise UnreadableError(
            f"the file is larger than {MAX_BYTES >> 20} MiB, so it was not read",
            remedy="no lock file grows so large by itself: make it anew",
        )


def check_text(text: str) -> None:
    """Refuse what a tool may read in another way than we do. Raises UnreadableError."""
    if ("<<<<<<<" in text or ">>>>>>>" in text) and (found := _CONFLICT.search(text)):
        raise UnreadableError(
            f"a merge conflict is not resolved: this line begins with {found.group()}",
            line_at(text, found.start()),
            "resolve it, or take one side and let the tool that wrote the file make it anew",
        )
    if "\0" in text:
        raise UnreadableError("the file holds a null byte", line_at(text, text.index("\0")))


def line_at(text: str, offset: int) -> int:
    """The line, from 1, in which the character at `offset` stands."""
    return text.count("\n", 0, offset) + 1


class _Entry:
    def __init__(self, found: Found, path: str) -> None:
        self._found = found
        self._path = path

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if isinstance(error, UnreadableError):
            self._found.problem(error.message, error.line, error.remedy, self._path)
            return True
        if isinstance(error, RecursionError):
            self._found.problem("it is nested too deeply to be read", path=self._path)
            return True
        return False


class Found:
    """Gathers what a file says, and what is wrong with it."""

    def __init__(self, manager: str, path: str) -> None:
        self.manager = manager
        self.path = path
        self.problems: list[Problem] = []
        self.indexes: list[PackageIndex] = []
        self.tie = Tie()

    def problem(self, message: str, line: int = 0, remedy: str = "", path: str = "") -> None:
        place = Place(path or self.path, line)
        problem = Problem(place, printable(message)[:500], printable(remedy)[:500])
        # A table that is read for two purposes is wrong once.
        if problem not in self.problems[-50:]:
            self.problems.append(problem)

    def entry(self, path: str = "") -> _Entry:
        """A context: what is unreadable in it is told, and the rest is read all the same."""
        return _Entry(self, path)

    def inventory(
        self, dependencies: Iterable[Dependency] = (), *, complete: bool = False
    ) -> Inventory:
        return Inventory(
            manager=self.manager,
            path=self.path,
            dependencies=tuple(dependencies),
            problems=tuple(self.problems),
            complete=complete,
            indexes=tuple(self.indexes),
            tie=self.tie,
        )

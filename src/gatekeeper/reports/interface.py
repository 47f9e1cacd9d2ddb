"""What a report is. A report renders a verdict; it never recomputes one."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from gatekeeper.model.verdict import Report
from gatekeeper.text.redact import key_lines


class Texts(Protocol):
    """Contents by path; KeyError for what is not there. A snapshot is one."""

    def read(self, path: str) -> bytes: ...


class Nothing:
    """No files at all: where nothing is checked out there is nothing to quote."""

    def read(self, path: str) -> bytes:
        """Raises KeyError."""
        raise KeyError(path)


class Sources:
    """The text of the version that was checked, for excerpts. Read once per file."""

    def __init__(self, snapshot: Texts) -> None:
        self._snapshot = snapshot
        self._lines: dict[str, list[str]] = {}
        self._key_lines: dict[str, frozenset[int]] = {}

    def lines(self, path: str) -> list[str]:
        """The file's lines; none when it cannot be read."""
        if path not in self._lines:
            try:
                content = self._snapshot.read(path)
            except (KeyError, OSError):
                self._lines[path] = []
            else:
                self._lines[path] = content.decode("utf-8", "replace").split("\n")
                if b"-----BEGIN " not in content:
                    self._key_lines[path] = frozenset()
        return self._lines[path]

    def key_lines(self, path: str) -> frozenset[int]:
        """The numbers of lines that hold a private key."""
        if path not in self._key_lines:
            self._key_lines[path] = key_lines(self.lines(path))
        return self._key_lines[path]


class Style(Struct, frozen=True):
    """How text may look where it goes."""

    width: int = 100
    colour: bool = False


class Rendered(Struct, frozen=True):
    """A document and the file name it gets when the output is a folder."""

    name: str
    text: str


class Renderer(Protocol):
    """Turns a report into documents. Whatever comes from the repository or a tool is escaped.

    `whole` renders one document; `parts` what belongs into a folder (one file per tool for SARIF).
    """

    def whole(self, report: Report, sources: Sources, style: Style) -> str: ...

    def parts(self, report: Report, sources: Sources) -> list[Rendered]: ...

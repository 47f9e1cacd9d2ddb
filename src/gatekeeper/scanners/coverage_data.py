"""coverage.py's own data files, and its opinion on sources, asked of coverage_probe.py."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from gatekeeper.model.outcome import FailReason
from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.scanners.coverage_lines import Lines
from gatekeeper.scanners.coverage_model import Branch, FileCoverage
from gatekeeper.scanners.output import decode
from gatekeeper.text.names import printable

PROBE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "coverage_probe.py")
MAGIC = b"SQLite format 3\0"

# Starts the probe with the request; gets its answer.
Ask = Callable[[bytes], bytes]


class DataFile(Struct, frozen=True):
    """One data file: where it is, and what it is called in messages."""

    path: str
    shown: str


class Measured(Struct, frozen=True):
    """What a data file tells about: whether branches, and name, renamed, plugin of each file."""

    branch: bool
    files: list[tuple[str, str, str]]


class Analysed(Struct, frozen=True):
    """One file as coverage.py would report it; the second half is there if it was asked for."""

    left_out: str = ""
    statements: list[int] = []
    executed: list[int] = []
    excluded: list[int] = []
    branches: list[tuple[int, int, int, tuple[str, ...]]] = []
    stray: int = 0
    first: list[tuple[int, int]] = []
    last: list[tuple[int, int]] = []
    number: int = 0
    functions: list[tuple[int, int, str]] = []
    markers: list[int] = []

    def coverage(self) -> FileCoverage:
        """As any other report would tell it."""
        return FileCoverage(
            frozenset(self.statements),
            frozenset(self.executed),
            frozenset(self.excluded),
            {
                line: Branch(possible, taken, missing)
                for line, possible, taken, missing in self.branches
            },
        )

    def lines(self) -> Lines | None:
        """What each line belongs to."""
        return Lines(dict(self.first), dict(self.last), self.number) if self.number else None


class _Answer(Struct):
    problem: str = ""
    reason: FailReason = "tool-output-invalid"
    data: list[Measured] = []
    files: dict[str, Analysed] = {}
    failed: dict[str, str] = {}
    sources: list[str] = []
    version: str = ""
    python: str = ""


class Analysis(Struct, frozen=True):
    """What coverage.py makes of a set of data files. `failed` says why a file was not judged."""

    files: Mapping[str, Analysed]
    failed: Mapping[str, str]
    has_source: bool
    version: str
    python: str


class Asked(Struct, frozen=True):
    """`root` is where the sources lie as they are at head, `folder` where the tests ran."""

    ask: Ask
    root: str
    folder: str

    def names(self, data: Sequence[DataFile]) -> list[Measured]:
        """What each data file tells about. Raises ToolError for one that cannot be read."""
        return self._answer("names", data).data

    def analyse(
        self,
        data: Sequence[DataFile],
        names: Mapping[str, str],
        unknown: Sequence[str],
        detailed: Sequence[str],
    ) -> Analysis:
        """Analyse all files that `names` (as measured, to path) and `unknown` name."""
        answer = self._answer(
            "analyse", data, names=names, unknown=list(unknown), detailed=list(detailed)
        )
        return Analysis(
            answer.files, answer.failed, bool(answer.sources), answer.version, answer.python
        )

    def _answer(self, do: str, data: Sequence[DataFile], **more: Any) -> _Answer:
        import json

        request = {
            "do": do,
            "root": self.root,
            "folder": self.folder,
            "data": [(it.path, it.shown) for it in data],
            **more,
        }
        # The standard library's: paths may be undecodable, which UTF-8 has no way to write.
        told = self.ask(json.dumps(request).encode())
        answer = decode(Completed(0, told, ""), _Answer, "coverage")
        if answer.problem:
            raise ToolError(
                answer.reason, f"coverage.py: {printable(answer.problem)[:400]}", _remedy(answer)
            )
        return answer


def _remedy(answer: _Answer) -> str:
    if answer.reason == "tool-not-installed":
        return "install coverage there, or set tools.coverage.from to locked in gatekeeper.yml"
    if answer.reason == "tool-misconfigured":
        return "update it, or set tools.coverage.from to locked in gatekeeper.yml"
    return (
        "delete the data, and run the tests with coverage again; data of another version of"
        " coverage.py needs tools.coverage.from: project in gatekeeper.yml"
    )


def decoded(source: bytes) -> str:
    """A Python source as text, by the encoding it declares."""
    import io
    import tokenize

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        text = source.decode(encoding, "replace")
    except (SyntaxError, LookupError):
        text = source.decode("utf-8", "replace")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

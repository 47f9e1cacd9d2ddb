"""Reading LCOV tracefiles: hostile until proved otherwise."""

from __future__ import annotations

from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.coverage_model import MOST_LINES, Branch, FileCoverage, Told
from gatekeeper.text.names import printable

# Known and not needed: function coverage, MC/DC, versions, and sums we compute ourselves.
_PASSED_OVER = frozenset(
    ("TN", "FN", "FNDA", "FNF", "FNH", "FNL", "FNA", "BRF", "BRH", "LF", "LH", "VER",
     "MCDC", "MCF", "MCH", "CN")
)  # fmt: skip
_REMEDY = "Have the tool write its report again: `coverage lcov`, or what your test runner has."


class _Section:
    """What is told about one file, in one or several sections."""

    def __init__(self) -> None:
        self.hits: dict[int, bool] = {}
        self.exits: dict[int, dict[str, bool]] = {}

    def covered(self) -> FileCoverage:
        branches = {}
        for line, exits in self.exits.items():
            # A line with one exit is no decision.
            if len(exits) > 1:
                missing = tuple(_exit(name) for name, taken in exits.items() if not taken)
                branches[line] = Branch(len(exits), len(exits) - len(missing), missing)
        return FileCoverage(
            frozenset(self.hits),
            frozenset(line for line, hit in self.hits.items() if hit),
            branches=branches,
        )


def read_lcov(data: bytes, name: str) -> list[Told]:
    """The files of the tracefile `name`. Raises ToolError with the line of what is wrong."""
    reader = _Reader(name)
    for raw in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        reader.number += 1
        line = raw.decode("utf-8", "surrogateescape").strip()
        if line and not line.startswith("#"):
            reader.take(line)
    if reader.section is not None:
        raise reader.wrong("it ends inside a record, so it was cut off")
    if not reader.sections:
        raise reader.wrong("it tells about no file")
    return [Told((path,), section.covered()) for path, section in reader.sections.items()]


class _Reader:
    """Takes one record after the other; `section` is that of the file they are about."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.number = 0
        self.sections: dict[str, _Section] = {}
        self.section: _Section | None = None

    def take(self, line: str) -> None:
        kind, _, rest = line.partition(":")
        if line == "end_of_record":
            if self.section is None:
                raise self.wrong("`end_of_record` without `SF:`")
            self.section = None
        elif kind == "SF":
            if self.section is not None:
                raise self.wrong("a new `SF:` before `end_of_record`")
            if not rest:
                raise self.wrong("`SF:` without a path")
            self.section = self.sections.setdefault(rest, _Section())
        elif kind in ("DA", "BRDA"):
            if self.section is None:
                raise self.wrong(f"`{kind}:` before `SF:`")
            (self._line if kind == "DA" else self._branch)(self.section, rest)
        elif kind not in _PASSED_OVER:
            raise self.wrong(f"{line[:60]!r} is no LCOV record")

    def _line(self, section: _Section, rest: str) -> None:
        fields = rest.split(",")
        if len(fields) not in (2, 3):
            raise self.wrong(f"`DA:{rest[:60]}`, expected `DA:line,hits`")
        line = self._line_number(fields[0])
        hit = self._count(fields[1])
        section.hits[line] = section.hits.get(line, False) or hit

    def _branch(self, section: _Section, rest: str) -> None:
        fields = rest.split(",", 2)
        exit_, comma, taken = fields[-1].rpartition(",")
        if len(fields) != 3 or not comma:
            raise self.wrong(f"`BRDA:{rest[:60]}`, expected `BRDA:line,block,branch,taken`")
        exits = section.exits.setdefault(self._line_number(fields[0]), {})
        key = f"{fields[1]},{exit_}"
        exits[key] = exits.get(key, False) or (taken != "-" and self._count(taken))

    def _line_number(self, text: str) -> int:
        digits = text.isascii() and text.isdigit() and len(text) < 9
        if not (digits and 0 < int(text) < MOST_LINES):
            raise self.wrong(f"{text[:40]!r} is no line number")
        return int(text)

    def _count(self, text: str) -> bool:
        if not (text.isascii() and text.isdigit() and len(text) < 40):
            raise self.wrong(f"{text[:40]!r} is no count")
        return bool(text.strip("0"))

    def wrong(self, why: str) -> ToolError:
        return ToolError(
            "input-invalid",
            f"{printable(self._name)}:{self.number}: no usable LCOV file: {printable(why)}",
            _REMEDY,
        )


def _exit(key: str) -> str:
    """What coverage.py calls the exit; others only number them."""
    what = key.partition(",")[2]
    return "" if what.isdigit() else what.removeprefix("jump to ")[:80]

"""Reading Cobertura XML: hostile until proved otherwise."""

from __future__ import annotations

# Expat itself is safe here: no entity may be declared, none from outside is ever fetched.
from xml.parsers import expat  # nosec B406

from msgspec import Struct

from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.coverage_model import MOST_LINES, Branch, FileCoverage, Told
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

_CONDITION = regex(r"\s*\d{1,3}(?:\.\d+)?%\s*\((\d{1,6})/(\d{1,6})\)\s*")
_DEEPEST = 32
_REMEDY = "Have the tool write its report again: `coverage xml`, or what your test runner has."


class _File(Struct):
    hits: dict[int, bool] = {}
    branches: dict[int, Branch] = {}


class _Reader:
    """Follows the elements that matter; all others are passed over."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parser = expat.ParserCreate()
        self._depth = 0
        self._text: list[str] | None = None
        self._file: _File | None = None
        self._sources: list[str] = []
        self._packages = False
        self.files: dict[str, _File] = {}
        parser = self._parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        # Cobertura names a DTD on the network. It is not needed, and never fetched.
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def read(self, data: bytes) -> list[Told]:
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            raise self._wrong(expat.ErrorString(error.code), error.lineno) from None
        except (ValueError, LookupError):
            raise self._wrong("its encoding cannot be read") from None
        if not self._packages:
            raise self._wrong("it has no `<packages>`, so this is another format")
        return [Told(self._names(name), _covered(file)) for name, file in self.files.items()]

    def _names(self, name: str) -> tuple[str, ...]:
        sources = [source.strip().rstrip("/\\") for source in self._sources]
        return tuple(dict.fromkeys(f"{it}/{name}" for it in sources if it)) or (name,)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._wrong("it is nested too deeply")
        if self._depth == 1 and tag != "coverage":
            raise self._wrong(f"its root is <{tag[:40]}>, expected <coverage>")
        if tag == "packages":
            self._packages = True
        elif tag == "source":
            self._text = []
        elif tag == "class":
            filename = attributes.get("filename", "")
            if not filename:
                raise self._wrong("a <class> without `filename`")
            # Several classes, and generated parts of one class, can share a file.
            self._file = self.files.setdefault(filename, _File())
        elif tag == "line":
            self._line(attributes)

    def _line(self, attributes: dict[str, str]) -> None:
        if self._file is None:
            raise self._wrong("a <line> outside of a <class>")
        line = self._number(attributes, "number")
        if not 0 < line < MOST_LINES:
            raise self._wrong(f"{line} is no line number")
        hits = self._file.hits
        hits[line] = hits.get(line, False) or self._number(attributes, "hits") > 0
        condition = attributes.get("condition-coverage")
        if attributes.get("branch", "").lower() != "true" or condition is None:
            return
        match = _CONDITION.fullmatch(condition)
        if match is None or int(match[1]) > int(match[2]):
            raise self._wrong(
                f"condition-coverage {condition[:40]!r}, expected such as '50% (1/2)'"
            )
        taken, possible = int(match[1]), int(match[2])
        missing = tuple(
            "exit the function" if it.strip() == "exit" else f"line {it.strip()}"[:80]
            for it in attributes.get("missing-branches", "").split(",")
            if it.strip()
        )
        told = Branch(possible, taken, missing if len(missing) == possible - taken else ())
        known = self._file.branches.get(line)
        # Methods repeat the lines of their class.
        if known is None or (told.possible, told.taken) > (known.possible, known.taken):
            self._file.branches[line] = told

    def _number(self, attributes: dict[str, str], name: str) -> int:
        text = attributes.get(name, "")
        if not (text.isascii() and text.isdigit() and len(text) < 40):
            raise self._wrong(f'<line> with {name}="{text[:40]}", expected a number')
        return int(text)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if tag == "class":
            self._file = None
        elif tag == "source" and self._text is not None:
            self._sources.append("".join(self._text))
            self._text = None

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _entity(self, *_: object) -> None:
        raise self._wrong("it declares entities, which no coverage report needs")

    def _wrong(self, why: str, line: int = 0) -> ToolError:
        return ToolError(
            "input-invalid",
            f"{printable(self._name)}:{line or self._parser.CurrentLineNumber}: no usable Cobertura"
            f" XML: {printable(why)}",
            _REMEDY,
        )


def read_cobertura(data: bytes, name: str) -> list[Told]:
    """The files of the report `name`. Raises ToolError with the line of what is wrong."""
    return _Reader(name).read(data)


def _covered(file: _File) -> FileCoverage:
    return FileCoverage(
        frozenset(file.hits),
        frozenset(line for line, hit in file.hits.items() if hit),
        # A line with one exit is no decision.
        branches={line: told for line, told in file.branches.items() if told.possible > 1},
    )

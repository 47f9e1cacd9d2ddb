"""What documents about exploitability have in common: names, times, packages."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from gatekeeper.managers.purl import read_purl
from gatekeeper.managers.reading import UnreadableError
from gatekeeper.managers.view import View
from gatekeeper.model.dependency import Place
from gatekeeper.model.vex import Product, Statement, VexFile, VexProblem
from gatekeeper.text.names import printable

REMEDY = "write the document anew with the tool that made it"


class Gathered:
    """Statements of one document, and what is wrong with others."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.statements: list[Statement] = []
        self.problems: list[VexProblem] = []

    def refuse(self, key: str, error: UnreadableError, line: int = 0) -> None:
        """Tell what is wrong with one statement, or with all of it (no key)."""
        place = Place(self.path, error.line or line)
        message, remedy = printable(error.message)[:500], printable(error.remedy)[:500]
        self.problems.append(VexProblem(place, key, message, remedy))

    def file(self) -> VexFile:
        return VexFile(self.path, tuple(self.statements), tuple(self.problems))


def product(address: str, line: int) -> Product:
    """The package of an address. Raises UnreadableError for what no lock file can tell apart."""
    from packageurl import PackageURL

    named = read_purl(address, line)
    qualifiers = PackageURL.from_string(address).qualifiers
    if qualifiers and named.ecosystem in ("pypi", "npm"):
        raise UnreadableError(
            f"{address[:120]!r} is about one file of a package, which no lock file tells apart",
            line,
            "leave out what follows the question mark",
        )
    return Product(named.ecosystem, named.name, named.version)


def time_of(view: View, *keys: str) -> str:
    """The first of these times that is there. Raises UnreadableError for what is no time."""
    for key in keys:
        if text := view.text(key):
            with suppress(ValueError, OverflowError):
                if datetime.fromisoformat(text).tzinfo:
                    return text
            raise UnreadableError(
                f"{text[:60]!r} is no time with a zone", view.at(key).line,
                "write it as in `2026-11-27T12:00:00Z`",
            )  # fmt: skip
    return ""


def one_line(*texts: str) -> str:
    """What is said, without line breaks; empty parts left out."""
    return " ".join(" ".join(texts).split())

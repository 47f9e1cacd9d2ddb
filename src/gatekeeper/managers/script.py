"""Scripts that name their own dependencies, as PEP 723 says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gatekeeper.managers.asked import Asked
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.pep508 import parse_demand
from gatekeeper.managers.reading import Found, UnreadableError, decode
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.toml_document import read_toml
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory

_BEGIN = "# /// script"
_END = "# ///"


class Script:
    """The block `script` of a Python file."""

    id = "script"
    kind: Kind = "manifest"
    ecosystem: Ecosystem | None = "pypi"

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        return ()

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        dependencies: list[Dependency] = []
        # Nearly no file has one, and one that is no text has none.
        if _BEGIN.encode() in files[path]:
            with found.entry():
                dependencies = _dependencies(path, decode(files[path]), found)
        return found.inventory(dependencies)


def _dependencies(path: str, text: str, found: Found) -> list[Dependency]:
    begin, inside = _block(text)
    try:
        document = read_toml(inside.encode())
    except UnreadableError as error:
        raise UnreadableError(error.message, error.line + begin, error.remedy) from None
    dependencies: list[Dependency] = []
    for item in document.items("dependencies"):
        with found.entry():
            line = item.line + begin
            if not isinstance(item.value, str):
                raise UnreadableError(f"{item.name} has to be text", line)
            demand = parse_demand(item.value, line)
            asked = Asked(demand=demand, scope="runtime", line=line, origin=demand.origin)
            dependencies.append(asked.dependency(path))
    return dependencies


def _block(text: str) -> tuple[int, str]:
    """The line in which the block begins, and its TOML; empty for a file without one.

    The last `# ///` before a line that is no comment ends it, as the PEP has it.
    """
    rows = text.replace("\r\n", "\n").split("\n")
    begins = [number for number, row in enumerate(rows, start=1) if row == _BEGIN]
    if not begins:
        return 0, ""
    begin, end = begins[0], 0
    for number in range(begin + 1, len(rows) + 1):
        row = rows[number - 1]
        if row == _END:
            end = number
        elif row != "#" and not row.startswith("# "):
            break
    if not end:
        raise UnreadableError(
            "the block `script` has no end",
            begin,
            "each of its lines begins with `#` and a blank, and the last is `# ///`",
        )
    if others := [it for it in begins if it > end]:
        raise UnreadableError("there is a second block `script`", others[0], "keep one")
    return begin, "\n".join(row[2:] for row in rows[begin : end - 1])

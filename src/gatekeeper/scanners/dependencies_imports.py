"""Whether the project imports what is vulnerable. Advice: it changes no severity and no verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from gatekeeper.managers.imports import Imports, Usage, roots, usage
from gatekeeper.managers.names import pypi_name
from gatekeeper.model.account import Imported
from gatekeeper.model.dependency import Dependency
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.change_interface import Change
from gatekeeper.scanners.dependencies_items import Item

# Files with one of these may import what no text of theirs names.
_DYNAMIC = (b"__import__", b"import_module")
_WORDS: Mapping[Usage, Imported] = {
    "imported": "imported", "not found": "not-found", "unknown": "unknown",
}  # fmt: skip


def with_imports(change: Change, items: Sequence[Item]) -> list[Item]:
    """The items; those of vulnerable Python packages say whether a file of head imports them."""
    wanted = {
        it.dependency.name for it in items if it.vulnerabilities and _is_python(it.dependency)
    }
    if not wanted:
        return list(items)
    provides = change.project.modules(wanted)
    words = {word.encode() for name in wanted for word in roots(name, provides)}
    imports = _imports(change.head, words)
    said = {name: _WORDS[usage(name, imports, provides)] for name in wanted}
    return [
        replace(it, imported=said[it.dependency.name])
        if it.vulnerabilities and it.dependency.name in said and _is_python(it.dependency)
        else it
        for it in items
    ]


def _is_python(it: Dependency) -> bool:
    return it.ecosystem == "pypi" and it.name == pypi_name(it.name)


def _imports(head: Snapshot, words: Collection[bytes]) -> Imports:
    """What is imported, as far as it matters: only files that name one of the words are parsed."""
    paths = [
        path
        for path, entry in head.entries().items()
        if entry.regular and path.endswith((".py", ".pyi", ".pyw"))
    ]
    if not paths:
        return Imports()
    from gatekeeper.managers.import_statements import MAX_BYTES, imports_of

    sizes = head.sizes(paths)
    small = [path for path in paths if sizes.get(path, 0) <= MAX_BYTES]
    found = imports_of(_naming(head, small, (*words, *_DYNAMIC)))
    return found if len(small) == len(paths) else replace(found, whole=False)


def _naming(head: Snapshot, paths: Iterable[str], words: Collection[bytes]) -> Iterator[bytes]:
    try:
        for _, content in head.read_many(paths):
            if any(word in content for word in words):
                yield content
    except OSError:
        # Nobody knows what it imports; what is no Python says so.
        yield b"("

"""A version of the files with some contents replaced: what a fix makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gatekeeper.model.tree import Entry, HeadKind
from gatekeeper.ports.repository import Snapshot
from gatekeeper.text.fingerprint import digest


class Overlaid:
    """`below` with the `contents` of some of its files replaced.

    It is nowhere on disk, so tools get it laid out. Its entries are those of `below`: the blob ids
    of replaced files name the old content, and nothing may be remembered under them.
    """

    kind: HeadKind = "index"

    def __init__(self, below: Snapshot, contents: Mapping[str, bytes]) -> None:
        self._below = below
        self._contents = contents

    @property
    def label(self) -> str:
        return f"{self._below.label}, fixed"

    @property
    def digest(self) -> str:
        contents = (f"{path} {content!r}" for path, content in sorted(self._contents.items()))
        return digest(self._below.digest, *contents)

    def entries(self) -> dict[str, Entry]:
        return self._below.entries()

    def read(self, path: str) -> bytes:
        content = self._contents.get(path)
        return self._below.read(path) if content is None else content

    def sizes(self, paths: Iterable[str]) -> dict[str, int]:
        wanted = list(paths)
        replaced = {path: len(self._contents[path]) for path in wanted if path in self._contents}
        return self._below.sizes(wanted) | replaced

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        wanted = list(paths)
        yield from self._below.read_many(path for path in wanted if path not in self._contents)
        for path in wanted:
            if path in self._contents:
                yield path, self._contents[path]

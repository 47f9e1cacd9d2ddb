"""Configuration layers, one over the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from gatekeeper.config.documents import Document, Path, key_name
from gatekeeper.config.presets import PRESETS


def merge(weaker: Mapping[str, Any], stronger: Mapping[str, Any]) -> dict[str, Any]:
    """Both layers as one: mappings merge key by key, everything else (lists too) replaces.

    Neither argument is changed. Layers of one shape, as validation guarantees, may be grouped in
    any way without changing the result.
    """
    merged = dict(weaker)
    for key, value in stronger.items():
        below = merged.get(key)
        if isinstance(value, Mapping):
            merged[key] = merge(below if isinstance(below, Mapping) else {}, value)
        else:
            merged[key] = value
    return merged


def leaves(data: Any, path: Path = ()) -> Iterator[Path]:
    """The key path of every value; a list of plain values is one value."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list | tuple) and any(isinstance(item, Mapping) for item in data):
        for index, item in enumerate(data):
            yield from leaves(item, (*path, index))
    else:
        yield path


class Layers(Struct, frozen=True):
    """A preset and the documents over it, weakest first."""

    preset: str
    documents: tuple[Document, ...]

    def merged(self) -> dict[str, Any]:
        """The data that counts."""
        data = PRESETS[self.preset]
        for document in self.documents:
            data = merge(data, document.data)
        return data

    def document(self, path: Path) -> Document | None:
        """The file that decides about `path`, None when none does."""
        # A list replaces as a whole: whoever has the list decides about its items.
        keys = path[: next((i for i, part in enumerate(path) if isinstance(part, int)), len(path))]
        return next((one for one in reversed(self.documents) if _has(one.data, keys)), None)

    def origin(self, path: Path) -> str:
        """`file:line`, `preset <name>` or `default`."""
        if found := self.document(path):
            return found.where(path)
        return f"preset {self.preset}" if _has(PRESETS[self.preset], path) else "default"

    def origins(self, data: Any) -> dict[str, str]:
        """The origin of every value in `data`, by dotted key."""
        return {key_name(path): self.origin(path) for path in leaves(data)}


def _has(data: Any, path: Path) -> bool:
    for key in path:
        if not isinstance(data, Mapping) or key not in data:
            return False
        data = data[key]
    return True

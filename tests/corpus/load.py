"""Reads the material. The held-back half has files of its own; only `held-back` reads those."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
import yaml

from tests.corpus.model import Common, FlowClass, PlainClass
from tests.corpus.weaknesses import FLOW, PLAIN

Half = Literal["dev", "held-back"]
HERE = Path(__file__).parent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SHARED = HERE / "material"
HELD_BACK = HERE / "heldback"
T = TypeVar("T", Common, FlowClass, PlainClass)


def folders(half: Half) -> tuple[Path, ...]:
    """Where the pieces of this half are."""
    return (SHARED,) if half == "dev" else (SHARED, HELD_BACK)


def common(half: Half) -> Common:
    """Shapes, sources, carriers and the like."""
    return _merged(
        (item for folder in folders(half) for item in _read(folder, "common-*.yml", Common)), Common
    )


def flow_classes(half: Half) -> dict[str, FlowClass]:
    """Every class with a flow for which there is material."""
    return _classes(half, FLOW, FlowClass)


def plain_classes(half: Half) -> dict[str, PlainClass]:
    """Every class without a flow for which there is material."""
    return _classes(half, PLAIN, PlainClass)


def _classes(half: Half, names: Iterable[str], kind: type[T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for name in names:
        parts = [item for folder in folders(half) for item in _read(folder, f"{name}.yml", kind)]
        if parts:
            found[name] = _merged(parts, kind)
    return found


def _read(folder: Path, pattern: str, kind: type[T]) -> Iterator[T]:
    for path in sorted(folder.glob(pattern)):
        try:
            yield msgspec.convert(_data(path), kind)
        except (yaml.YAMLError, msgspec.ValidationError) as error:
            raise ValueError(f"{path.name}: {error}") from error


@cache
def _data(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)


def _merged(parts: Iterable[T], kind: type[T]) -> T:
    """The lists of all parts, one after the other."""
    merged: dict[str, Any] = {}
    for part in parts:
        fields: dict[str, Any] = msgspec.structs.asdict(part)
        for name, value in fields.items():
            merged[name] = _both(merged.get(name), value)
    return kind(**merged)


def _both(first: Any, second: Any) -> Any:
    if isinstance(second, tuple):
        return (*(first or ()), *second)
    if isinstance(second, dict):
        pool: dict[str, tuple[str, ...]] = dict(first or {})
        for key, words in second.items():
            pool[key] = (*pool.get(key, ()), *words)
        return pool
    return second

"""Remembering results between runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol


class Cache(Protocol):
    """Content-addressed bytes. Losing any of it costs time, never correctness.

    No method raises for a broken, full or read-only store: it forgets instead, and says so once
    through `notes`. What it returns is what was stored under that key, verified. `keeps` is False
    for one that never remembers anything.
    """

    keeps: bool

    @property
    def notes(self) -> list[str]: ...

    def get_many(self, keys: Iterable[bytes]) -> dict[bytes, bytes]: ...

    def put_many(self, values: Mapping[bytes, bytes]) -> None: ...

    def rates(self) -> dict[str, float]: ...

    def remember_rate(self, scanner: str, seconds_per_megabyte: float) -> None: ...

    def close(self) -> None: ...

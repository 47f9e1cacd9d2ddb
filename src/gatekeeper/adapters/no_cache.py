"""The cache of --no-cache."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class NoCache:
    """Remembers nothing: for --no-cache."""

    keeps = False

    def __init__(self) -> None:
        self.notes: list[str] = []

    def get_many(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        return {}

    def put_many(self, values: Mapping[bytes, bytes]) -> None:
        return

    def rates(self) -> dict[str, float]:
        return {}

    def remember_rate(self, scanner: str, seconds_per_megabyte: float) -> None:
        return

    def close(self) -> None:
        return

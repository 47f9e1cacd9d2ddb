"""Waiting for something that goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """Begins at once, in a thread of its own, what somebody will want to know."""

    def __init__(self, begin: Callable[[], T]) -> None:
        self._value: list[T] = []
        self._error: Exception | None = None
        self._thread = Thread(target=self._run, args=(begin,))
        self._thread.start()

    def _run(self, begin: Callable[[], T]) -> None:
        try:
            self._value.append(begin())
        except Exception as error:  # noqa: BLE001 - it is raised where somebody waits for it
            self._error = error

    def value(self) -> T:
        """What came of it, as soon as it is there; raises what was raised, every time."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._value[0]

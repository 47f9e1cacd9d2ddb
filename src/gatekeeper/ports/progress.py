"""Telling people what is going on while it goes on."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """`started` and `finished` come from any thread; `close` ends all drawing."""

    def started(self, scanner: str, doing: str) -> None: ...

    def finished(self, scanner: str, said: str) -> None: ...

    def close(self) -> None: ...

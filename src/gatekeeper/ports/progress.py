"""Telling people what is going on while it goes on."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """`started`, `finished` and `installing` come from any thread; `close` ends all drawing.

    What is about to be installed is said everywhere: it is the one thing that may take a minute.
    """

    def started(self, scanner: str, doing: str) -> None: ...

    def finished(self, scanner: str, said: str) -> None: ...

    def installing(self, text: str) -> None: ...

    def close(self) -> None: ...

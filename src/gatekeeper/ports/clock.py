"""Time, handed in so that verdicts can be repeated."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """`today` is an ISO date in UTC; `monotonic` counts seconds from anywhere."""

    def today(self) -> str: ...

    def monotonic(self) -> float: ...

"""The machine's clock."""

from __future__ import annotations

import time


class SystemClock:
    """UTC today, and a counter that never goes back."""

    def today(self) -> str:
        return time.strftime("%Y-%m-%d", time.gmtime())

    def monotonic(self) -> float:
        return time.monotonic()

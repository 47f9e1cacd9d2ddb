"""Progress on standard error: a live table on a terminal, plain lines in CI, nothing in between."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gatekeeper.ports.progress import Progress
from gatekeeper.text.names import printable

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table


def choose_progress(*, colour: bool, environ: Mapping[str, str] = os.environ) -> Progress:
    """What fits where standard error goes."""
    if sys.stderr.isatty() and environ.get("TERM") != "dumb" and not environ.get("CI"):
        return LiveProgress(colour)
    if environ.get("CI"):
        return LineProgress()
    return SilentProgress()


def _say(text: str, environ: Mapping[str, str] = os.environ) -> None:
    """A line on standard error, or where a runner of hooks would keep it back, to the terminal."""
    line = f"gatekeeper: {printable(text)}"
    if environ.get("PRE_COMMIT") == "1":
        with contextlib.suppress(OSError), open("/dev/tty", "w", encoding="utf-8") as terminal:
            print(f"\n{line}", file=terminal)
            return
    print(line, file=sys.stderr, flush=True)


class SilentProgress:
    """For pipes: says only what is installed."""

    def started(self, scanner: str, doing: str) -> None:
        return

    def finished(self, scanner: str, said: str) -> None:
        return

    def installing(self, text: str) -> None:
        _say(text)

    def close(self) -> None:
        return


class LineProgress:
    """For logs: a line when a scanner starts and when it ends."""

    def __init__(self) -> None:
        self._began: dict[str, float] = {}
        self._lock = threading.Lock()

    def started(self, scanner: str, doing: str) -> None:
        with self._lock:
            self._began.setdefault(scanner, time.monotonic())
            print(f"gatekeeper: {scanner}: {doing}", file=sys.stderr, flush=True)

    def finished(self, scanner: str, said: str) -> None:
        with self._lock:
            began = self._began.pop(scanner, None)
            if began is None and not said:
                return
            took = f" in {time.monotonic() - began:.1f} s" if began is not None else ""
            end = f"failed: {printable(said)}" if said else "done"
            print(f"gatekeeper: {scanner}: {end}{took}", file=sys.stderr, flush=True)

    def installing(self, text: str) -> None:
        with self._lock:
            _say(text)

    def close(self) -> None:
        return


class LiveProgress:
    """For people: which scanners run and for how long; gone when the verdict is there."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour
        self._running: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()
        self._live: Live | None = None
        self._closed = False

    def started(self, scanner: str, doing: str) -> None:
        with self._lock:
            self._running[scanner] = (doing, time.monotonic())
            if self._live is None and not self._closed:
                self._live = self._open()

    def finished(self, scanner: str, said: str) -> None:
        with self._lock:
            self._running.pop(scanner, None)

    def installing(self, text: str) -> None:
        with self._lock:
            live = self._live
            if live is not None:
                live.console.print(f"gatekeeper: {printable(text)}", markup=False, highlight=False)
            else:
                _say(text)

    def close(self) -> None:
        with self._lock:
            live, self._live, self._closed = self._live, None, True
        if live is not None:
            live.stop()

    def _open(self) -> Live:
        # Imported only when something takes long enough to be shown.
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True, no_color=not self._colour)
        live = Live(
            get_renderable=self._table, console=console, refresh_per_second=8, transient=True
        )
        live.start()
        return live

    def _table(self) -> Table:
        from rich.spinner import Spinner
        from rich.table import Table

        table = Table.grid(padding=(0, 1))
        now = time.monotonic()
        for scanner, (doing, began) in list(self._running.items()):
            table.add_row(Spinner("dots"), scanner, doing, f"{now - began:.0f} s")
        return table

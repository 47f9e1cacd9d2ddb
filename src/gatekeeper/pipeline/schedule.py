"""Running jobs side by side: one processor each, the longest expected first."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from itertools import count
from queue import SimpleQueue


class Schedule:
    """A fixed number of workers. Use from one thread: `add` jobs, then `run` until all are done.

    A job's function runs in a worker; what it returns, or the exception it raises, goes to its
    `done` callback in the thread that called `run`, which may add further jobs.
    """

    def __init__(self, workers: int) -> None:
        self._workers = max(1, workers)
        self._waiting: list[tuple[float, int, Callable[[], object], Callable[[object], None]]] = []
        self._order = count()
        self._finished: SimpleQueue[tuple[Callable[[object], None], object]] = SimpleQueue()

    def add(
        self, expected: float, work: Callable[[], object], done: Callable[[object], None]
    ) -> None:
        """Queue a job that is expected to take so many seconds."""
        heapq.heappush(self._waiting, (-expected, next(self._order), work, done))

    def run(self, interrupted: Callable[[], None]) -> None:
        """Run everything. On any exception here (Ctrl-C), call `interrupted`, wait, and re-raise."""
        threads: list[threading.Thread] = []
        running = 0
        try:
            while self._waiting or running:
                while self._waiting and running < self._workers:
                    _, _, work, done = heapq.heappop(self._waiting)
                    thread = threading.Thread(target=self._work, args=(work, done), daemon=True)
                    threads.append(thread)
                    thread.start()
                    running += 1
                callback, result = self._finished.get()
                running -= 1
                callback(result)
        except BaseException:
            self._waiting.clear()
            interrupted()
            for thread in threads:
                thread.join(timeout=10)
            raise

    def _work(self, work: Callable[[], object], done: Callable[[object], None]) -> None:
        result: object
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - handed to the main thread, which decides
            result = error
        self._finished.put((done, result))

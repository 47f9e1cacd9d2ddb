"""Secrets that are put together when a test runs, and a look at where they got to.

No file of this repository holds one of them, or anything that looks like one.
"""

from __future__ import annotations

import base64
import os
import random
import string
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

PIECE = 8


def random_text(length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    """The same in every run of the process, another in every process."""
    return "".join(_RANDOM.choices(alphabet, k=length))


_RANDOM = random.Random(os.getpid())


def traces(value: str) -> frozenset[bytes]:
    """All that would give the value away: each piece of it, and the same in base64 and in hex."""
    raw = value.encode()
    pieces = {raw[at : at + PIECE] for at in range(max(1, len(raw) - PIECE + 1))}
    # Base64 depends on where in a group of three bytes the value starts.
    shifted = (base64.b64encode(b"\0" * shift + raw)[4:-4] for shift in range(3))
    encoded = [*shifted, raw.hex().encode(), raw.hex().upper().encode()]
    return frozenset(
        pieces | {it[at : at + 16] for it in encoded for at in range(max(1, len(it) - 15))}
    )


def found_in(data: bytes, values: Iterable[str]) -> list[str]:
    """The values of which `data` holds a trace."""
    return [value for value in values if any(trace in data for trace in traces(value))]


def files_below(folder: Path) -> Iterator[Path]:
    """Every regular file; what links lead to is somebody else's."""
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root, name)
            if path.is_file() and not path.is_symlink():
                yield path


@dataclass
class Watch:
    """Reads the arguments and the environment of every process while its block runs."""

    values: Iterable[str]
    leaks: set[str] = field(default_factory=set)
    programs: set[str] = field(default_factory=set)

    def __enter__(self) -> Watch:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        wanted = {trace: value for value in self.values for trace in traces(value)}
        seen: set[bytes] = set()
        while not self._stop.wait(0.005):
            for process in os.listdir("/proc"):
                if not process.isdigit():
                    continue
                for kind in ("cmdline", "environ"):
                    try:
                        data = Path("/proc", process, kind).read_bytes()
                    except OSError:
                        continue
                    if kind == "cmdline":
                        self.programs.add(os.path.basename(data.partition(b"\0")[0]).decode())
                    if data not in seen:
                        seen.add(data)
                        self.leaks |= {f"{kind}: {wanted[it]}" for it in wanted if it in data}

"""Files of the working tree that were written while they were being checked."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence

from gatekeeper.model.tree import Entry
from gatekeeper.ports.repository import Snapshot

# Times of files count in ticks of the kernel, so they may lag so many nanoseconds behind the clock.
_TICK = 10_000_000


def written_since(snapshot: Snapshot, root: str, paths: Sequence[str], since: int) -> list[str]:
    """Those of `paths` that may no longer be what `snapshot`, taken at `since`, says that they are."""
    if snapshot.kind != "worktree":
        return []
    late: list[str] = []
    for path in paths:
        full = os.path.join(root, path)
        try:
            status = os.lstat(full)
        except OSError:
            continue
        latest = max(status.st_mtime_ns, status.st_ctime_ns)
        # About the tick before, only the content tells.
        if latest >= since or (
            latest >= since - _TICK and not _is_still(full, status, snapshot.entries().get(path))
        ):
            late.append(path)
    return late


def _is_still(full: str, status: os.stat_result, entry: Entry | None) -> bool:
    if entry is None or not stat.S_ISREG(status.st_mode):
        # What is no file any more is told where it cannot be read.
        return True
    # As git names a blob, in either of its formats.
    name = "sha1" if len(entry.blob) == 40 else "sha256"
    state = hashlib.new(name, b"blob %d\0" % status.st_size, usedforsecurity=False)
    try:
        with open(os.open(full, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            while chunk := file.read(1 << 20):
                state.update(chunk)
    except OSError:
        return False
    return state.hexdigest() == entry.blob

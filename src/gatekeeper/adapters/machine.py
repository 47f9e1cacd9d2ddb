"""What this machine offers: programs, folders, room."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Sequence

from msgspec import Struct

from gatekeeper.adapters.folders import cache_folder
from gatekeeper.adapters.uv_process import uv_program
from gatekeeper.ports.process import ToolError
from gatekeeper.text.patterns import regex

_DEADLINE = 20
_VERSION = regex(r"\d+(?:\.\d+)+")


class Machine(Struct, frozen=True):
    """Versions are empty when the program is not there. Sizes are in bytes, -1 when unknown."""

    python: str
    git: str
    uv: str
    cache: str
    cache_writable: bool
    cache_size: int
    free: int


def look_at_machine() -> Machine:
    """Look; writes nothing, reaches nothing over the network."""
    folder = cache_folder()
    existing = folder
    while not os.path.exists(existing) and os.path.dirname(existing) != existing:
        existing = os.path.dirname(existing)
    try:
        free = shutil.disk_usage(existing).free
    except OSError:
        free = -1
    try:
        uv = _version((uv_program(), "--version"))
    except ToolError:
        uv = ""
    return Machine(
        python=platform.python_version(),
        git=_version(("git", "--version")),
        uv=uv,
        cache=folder,
        cache_writable=os.path.isdir(existing) and os.access(existing, os.W_OK | os.X_OK),
        cache_size=_size(folder),
        free=free,
    )


def _version(argv: Sequence[str]) -> str:
    try:
        done = subprocess.run(argv, capture_output=True, check=False, timeout=_DEADLINE)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = _VERSION.search(done.stdout.decode("utf-8", "replace"))
    return found.group() if found else ""


def _size(folder: str) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(root, name)).st_size
            except OSError:
                continue
    return total

"""Shells that people have and machines for tests lack: from Debian, unpacked into a folder."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PACKAGES = {"fish": ("fish", "fish-common", "libpcre2-32-0"), "zsh": ("zsh", "zsh-common")}


@dataclass(frozen=True)
class Shell:
    """How it is called, and what it needs in its environment."""

    argv: tuple[str, ...]
    env: dict[str, str]


def shell(name: str, folder: Path) -> Shell | None:
    """The one on PATH, else Debian's; None where neither is to be had."""
    if found := shutil.which(name):
        return Shell((found,), {})
    place = folder / "shells" / name
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "complete").exists() and not _unpack(name, place):
            return None
    program = min(it for it in place.rglob(name) if it.parent.name == "bin")
    libraries = ":".join(sorted({str(it.parent) for it in place.rglob("lib*.so.*")}))
    return Shell((str(program),), {"LD_LIBRARY_PATH": libraries} if libraries else {})


def _unpack(name: str, place: Path) -> bool:
    """Download and take apart: nothing is installed, and nobody has to be root."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return False
    got = subprocess.run(
        ["apt-get", "download", "-qq", *_PACKAGES[name]],
        cwd=place, check=False, capture_output=True, timeout=120,
        env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip
    if got.returncode != 0:
        return False
    for package in sorted(place.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", package, place], check=True)
        package.unlink()
    (place / "complete").touch()
    return True

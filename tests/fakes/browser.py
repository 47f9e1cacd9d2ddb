"""A browser that opens pages, says what happened, and brings everything it needs from registries.

Node comes with the development dependencies, Chromium and axe from npm by the lock file in
tests/browser. GATEKEEPER_TEST_BROWSER names another Chromium, for other kinds of machines.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from tests.fakes.npm import install, programs

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
        self._node = programs()[1]
        self.version = ""

    def open(self, jobs: Sequence[Mapping[str, Any]]) -> list[Seen]:
        """Do jobs as page.mjs describes them."""
        installed = install(_HERE, _FILES, self._folder)
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

"""A second opinion: npm's `emulate`, an imitation of GitHub that others wrote.

It starts a process of its own. What it does not have is listed where the tests are.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gatekeeper.adapters.github import GitHub
from gatekeeper.adapters.github_http import Access, Pace
from tests.fakes.npm import programs

TOKEN = "test_token_octocat"
_SEED = {
    "tokens": {TOKEN: {"login": "octocat", "scopes": ["repo", "user"]}},
    "github": {
        "users": [{"login": "octocat", "name": "O", "email": "octocat@example.org"}],
        "repos": [{"owner": "octocat", "name": "app", "auto_init": True}],
    },
}


@contextmanager
def emulated(descriptions: Path, folder: Path) -> Iterator[GitHub]:
    """The repository octocat/app with one commit on `main`."""
    seed = folder / "seed.json"
    seed.write_text(json.dumps(_SEED), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    argv = [
        programs()[1], str(descriptions / "node_modules/emulate/dist/index.js"), "start",
        "--service", "github", "--port", str(port), "--seed", str(seed),
    ]  # fmt: skip
    with (folder / "emulate.log").open("wb") as log:
        process = subprocess.Popen(
            argv, cwd=folder, stdout=log, stderr=log, env={**os.environ, "HOME": str(folder)}
        )
    try:
        _wait(port, process, folder / "emulate.log")
        forge = GitHub(
            Access(f"http://127.0.0.1:{port}", "octocat/app", TOKEN),
            Pace(sleep=lambda seconds: None),
        )
        yield forge
        forge.close()
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())

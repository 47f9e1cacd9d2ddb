"""gatekeeper run inside the test's own process: for commands of which many answers are asked.

Starting Python takes longer than most answers. What matters to the process itself (signals,
terminals, exit statuses) is tested with processes.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
from unittest import mock

from gatekeeper.cli.main import run
from tests.fakes.repo import Repo, Result


def ask(repo: Repo, *arguments: str, env: dict[str, str] | None = None) -> Result:
    """`repo.gatekeeper(…)` without a process of its own."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(repo.root),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.dict(os.environ, env or {}),
        mock.patch.object(signal, "signal"),
    ):
        status = run(arguments)
    return Result(status, out.getvalue(), err.getvalue())

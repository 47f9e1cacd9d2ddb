"""Processes of gatekeeper's own at a fraction of the price: forks of one that has imported it.

Starting Python, importing gatekeeper and starting coverage.py take longer than most answers. What
Python itself reads when it starts is tested with a real start.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from coverage import Coverage

SERVER = Path(__file__).with_name("forked_server.py")
_RUNNING: list[Forked] = []
_STARTING = threading.Lock()
_EARLY = ("PYTHON", "LC_", "LANG", "TZ")


class Forked:
    """The process that is forked. `environment` is what its Python saw when it started."""

    def __init__(self) -> None:
        self.environment = dict(os.environ)
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # -P: the modules beside the program are none of its own.
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(SERVER), str(theirs.fileno()), *measurement()],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                # What coverage.py tells is relative to where it began.
                cwd=SERVER.parents[2],
                env={k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")},
            )

    def run(
        self, arguments: tuple[str, ...], cwd: Path, env: Mapping[str, str]
    ) -> tuple[int, bytes, bytes]:
        """The status (negative: a signal), what was printed, and what was told as errors."""
        told, tell = os.pipe()
        with (
            tempfile.TemporaryFile() as request,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
            open(told, "rb") as answer,
        ):
            asked = {"arguments": arguments, "cwd": str(cwd), "env": dict(env)}
            request.write(json.dumps(asked).encode())
            request.flush()
            with open(tell, "wb") as ending:
                files = [it.fileno() for it in (request, out, err, ending)]
                socket.send_fds(self._ours, [b"run"], files)
            said = answer.read()
            out.seek(0)
            err.seek(0)
            assert said, "the forking process is gone"
            return struct.unpack("i", said)[0], out.read(), err.read()

    def close(self) -> None:
        """Let it end, and write what it measured."""
        self._ours.close()
        self._process.wait(60)


def measurement() -> list[str]:
    """The data file of the coverage measurement that the tests are in, if they are in one."""
    measuring = Coverage.current()
    return [os.path.abspath(str(measuring.get_option("run:data_file")))] if measuring else []


def run(
    arguments: tuple[str, ...], cwd: Path, env: Mapping[str, str]
) -> tuple[int, bytes, bytes] | None:
    """As `Forked.run`; None when this has to be a real start."""
    with _STARTING:
        if not _RUNNING:
            _RUNNING.append(Forked())
    forked = _RUNNING[0]
    if early(env) != early(forked.environment):
        return None
    return forked.run(arguments, cwd, env)


def early(env: Mapping[str, str]) -> dict[str, str]:
    """What Python heeds before it runs anything."""
    return {name: value for name, value in env.items() if name.startswith(_EARLY)}


def close() -> None:
    """At the end of the tests."""
    while _RUNNING:
        _RUNNING.pop().close()

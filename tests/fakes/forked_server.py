"""Forks itself for every request; each fork is one run of gatekeeper.

    python forked_server.py SOCKET [DATA_FILE]

A message brings four files: the request (JSON), standard output, standard error, and a pipe for
the status. Requests may overlap. It ends when the socket is closed. The other argument is where
coverage.py puts its files.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import struct
import sys
import tempfile
from typing import Any

from coverage import Coverage

import gatekeeper

# Programs of their own: they are not imported by gatekeeper.
_PROGRAMS = ("__main__", "coverage_probe", "run_unittest", "select_pytest", "bootstrap")
_OTHERS = ("concurrent.futures.thread", "rich.console", "sqlite3", "xml.etree.ElementTree", "yaml")


def measure(data_file: str) -> Coverage:
    """Measure this process, and each fork by itself.

    Without a `source`, since coverage.py would look each time for what has not been imported.
    """
    include = os.path.join(os.path.dirname(gatekeeper.__file__), "*")
    measuring = Coverage(
        data_file, True, auto_data=True, branch=True, config_file=False, include=[include]
    )
    measuring.set_option("run:relative_files", True)
    measuring.start()
    return measuring


def load() -> None:
    """Import what a run may need, once for all."""
    for module in pkgutil.walk_packages(gatekeeper.__path__, "gatekeeper."):
        if not module.name.endswith(_PROGRAMS):
            with contextlib.suppress(ImportError):  # A program for another Python, say.
                importlib.import_module(module.name)
    for name in _OTHERS:
        importlib.import_module(name)


def serve(requests: socket.socket) -> dict[str, Any] | None:
    """None in the process itself, when all is over; in a fork, what it has been asked."""
    woken, wake = os.pipe()
    for end in (woken, wake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    statuses: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([requests.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, 1000)
            reap(statuses)
        if requests.fileno() in ready:
            message, files, _, _ = socket.recv_fds(requests, 16, 4)
            if not message:
                return None
            child = os.fork()
            if not child:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for other in (woken, wake, *statuses.values()):
                    os.close(other)
                requests.close()
                return become(files)
            statuses[child] = files.pop()
            for passed in files:
                os.close(passed)


def reap(statuses: dict[int, int]) -> None:
    """Tell how those ended that did."""
    while statuses:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        with open(statuses.pop(child), "wb") as ending:
            ending.write(struct.pack("i", os.waitstatus_to_exitcode(status)))


def become(files: list[int]) -> dict[str, Any]:
    """Make this fork a process like one that was started for the request."""
    with open(files[0], "rb") as file:
        file.seek(0)
        request: dict[str, Any] = json.load(file)
    os.dup2(files[1], 1)
    os.dup2(files[2], 2)
    for passed in files[1:]:
        os.close(passed)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    tempfile.tempdir = None  # TMPDIR may be another one.
    return request


if __name__ == "__main__":
    measuring = measure(sys.argv[2]) if sys.argv[2:] else None
    load()
    if measuring:
        measuring.save()  # So it is in no fork's file.
    gc.freeze()  # No fork has to look through what was there before.
    asked = serve(socket.socket(fileno=int(sys.argv[1])))
    if asked is not None:
        from gatekeeper import __main__

        sys.argv = [__main__.__file__, *asked["arguments"]]
        sys.exit(__main__.main())

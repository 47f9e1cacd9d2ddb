"""Starting programs: no shell, scrubbed environment, deadline, output cap, nothing left behind."""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import IO

from gatekeeper.ports.process import Completed, ToolError
from gatekeeper.text.patterns import regex

OUTPUT_CAP = 64 * 1024 * 1024
OUTPUT_TAIL = 16 * 1024
_KEEP = frozenset(
    {
        "PATH",
        "LANG",
        "LANGUAGE",
        "TMPDIR",
        "TEMP",
        "TMP",
        "SYSTEMROOT",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    }
)
_SENSITIVE = regex(
    r"TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE|AUTH"
    r"|^GIT_|^ACTIONS_|^SSH_|(?:^|_)(?:KEYS?|PWD|PASS|PAT|DSN|CREDS?)(?:_|$)",
    re.IGNORECASE,
)


# The schedule is the processor budget: a tool that takes all cores would take them twice.
_ONE_PROCESSOR = {"RAYON_NUM_THREADS": "1", "TOKIO_WORKER_THREADS": "1"}
_WITH_PASSWORD = regex(r"://[^/\s:@]*:[^/\s@]+@")


def scrubbed(environ: Mapping[str, str], home: str, *, inherit: bool) -> dict[str, str]:
    """The environment a tool gets: nothing that looks like a credential, ever.

    Isolated tools also lose the user's home, so that no personal configuration changes a verdict.
    """
    if inherit:
        kept = without_credentials(environ)
    else:
        kept = {
            name: value
            for name, value in environ.items()
            # ssh passes any LC_ variable on, so people put more than languages there.
            if name in _KEEP or (name.startswith("LC_") and not _SENSITIVE.search(name))
        }
        kept |= {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}
        kept |= _ONE_PROCESSOR
        kept |= {"PYTHONNOUSERSITE": "1", "PYTHONDONTWRITEBYTECODE": "1", "RUST_BACKTRACE": "0"}
    return kept | {"NO_COLOR": "1", "PYTHONUTF8": "1", "GIT_OPTIONAL_LOCKS": "0"}


def without_credentials(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment but for what looks like a credential."""
    return {
        name: value
        for name, value in environ.items()
        if not _SENSITIVE.search(name) and not _WITH_PASSWORD.search(value)
    }


class Children:
    """Processes that are stopped together, each with its whole group. Safe from several threads."""

    def __init__(self) -> None:
        self.cancelled = False
        self._running: set[int] = set()
        self._lock = threading.Lock()

    def start(
        self,
        argv: Sequence[str],
        cwd: str | None,
        environment: Mapping[str, str],
        stdin: int = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        """Start a program with both outputs piped; `end` has to follow."""
        name = os.path.basename(argv[0])
        with self._lock:
            if self.cancelled:
                raise ToolError("cancelled", f"{name} was not started")
            try:
                process = subprocess.Popen(
                    argv,
                    cwd=cwd,
                    env=environment,
                    stdin=stdin,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    start_new_session=True,
                )
            except OSError as error:
                raise ToolError(
                    "tool-not-installed", f"{name} could not be started: {error.strerror or error}"
                ) from None
            self._running.add(process.pid)
            return process

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Stop what is left of it."""
        # Children that outlive their parent would keep burning CPU unseen, so the whole group
        # goes. A group id is not reused while any member lives, and with no member left the
        # signal goes nowhere.
        with self._lock:
            _kill_group(process.pid)
            self._running.discard(process.pid)
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def cancel(self) -> None:
        """Stop everything that runs; nothing starts any more."""
        with self._lock:
            self.cancelled = True
            for pid in self._running:
                _kill_group(pid)


class LocalProcesses:
    """Processes on this machine. Safe to use from several threads at once."""

    def __init__(self, home: str, environ: Mapping[str, str] = os.environ) -> None:
        self._home = home
        self._environ = environ
        self._children = Children()

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: str,
        deadline: float,
        env: Mapping[str, str] | None = None,
        inherit_env: bool = False,
    ) -> Completed:
        name = os.path.basename(argv[0])
        environment = scrubbed(self._environ, self._home, inherit=inherit_env) | dict(env or {})
        process = self._children.start(argv, cwd, environment)
        try:
            outputs = _Outputs(process, name, everything=True)
            status = outputs.read(deadline)
        except subprocess.TimeoutExpired:
            raise _too_slow(name, deadline) from None
        finally:
            self._children.end(process)
        if self._children.cancelled:
            raise ToolError("cancelled", f"{name} was stopped")
        if status < 0:
            raise ToolError(
                "tool-crashed",
                f"{name} was killed by {_signal_name(-status)}",
                "if it was SIGKILL, the machine may have run out of memory: try --jobs 1",
            )
        return Completed(status, outputs.stdout, outputs.stderr.decode("utf-8", "replace"))

    def run_own(
        self,
        argv: Sequence[str],
        *,
        cwd: str,
        deadline: float,
        env: Mapping[str, str],
        pass_env: Sequence[str],
    ) -> Completed:
        wanted = {name: self._environ[name] for name in pass_env if name in self._environ}
        environment = without_credentials(self._environ) | wanted | dict(env)
        process = self._children.start(argv, cwd, environment)
        late = False
        try:
            outputs = _Outputs(process, os.path.basename(argv[0]), everything=False)
            outputs.read(deadline)
        except subprocess.TimeoutExpired:
            late = True
        finally:
            self._children.end(process)
        if self._children.cancelled:
            raise ToolError("cancelled", f"{os.path.basename(argv[0])} was stopped")
        said = outputs.stderr.decode("utf-8", "replace")
        return Completed(process.returncode, outputs.stdout, said, late)

    def cancel(self) -> None:
        self._children.cancel()


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # most real-time signals have no name
        return f"signal {number}"


class _Outputs:
    """What a process prints: all of standard output, or its last part; the last of the other."""

    def __init__(self, process: subprocess.Popen[bytes], name: str, *, everything: bool) -> None:
        if process.stdout is None or process.stderr is None:
            raise ToolError("tool-crashed", f"{name} has no output streams")
        self._process = process
        self._streams = (process.stdout, process.stderr)
        self._name = name
        self._everything = everything
        self._chunks: list[bytes] = []
        self._size = 0
        self._tails = {process.stdout: b"", process.stderr: b""}

    @property
    def stdout(self) -> bytes:
        return b"".join(self._chunks) if self._everything else self._tails[self._streams[0]]

    @property
    def stderr(self) -> bytes:
        return self._tails[self._streams[1]]

    def read(self, deadline: float) -> int:
        """To the end of both; the status. Raises TimeoutExpired, or ToolError past the cap."""
        end = time.monotonic() + deadline
        with selectors.DefaultSelector() as selector:
            for stream in self._streams:
                selector.register(stream, selectors.EVENT_READ, stream)
            while selector.get_map():
                left = end - time.monotonic()
                if left <= 0:
                    raise subprocess.TimeoutExpired(self._name, deadline)
                for key, _ in selector.select(min(left, 1.0)):
                    if data := os.read(key.fd, 1 << 16):
                        self._keep(key.data, data)
                    else:
                        selector.unregister(key.fileobj)
                if self._process.poll() is not None and not _still_readable(selector):
                    break
        # Both streams can be closed long before the process ends.
        return self._process.wait(max(end - time.monotonic(), 0.01))

    def _keep(self, stream: IO[bytes], data: bytes) -> None:
        if not self._everything or stream is not self._streams[0]:
            self._tails[stream] = (self._tails[stream] + data)[-OUTPUT_TAIL:]
            return
        self._chunks.append(data)
        self._size += len(data)
        if self._size > OUTPUT_CAP:
            raise ToolError(
                "tool-output-too-large", f"{self._name} printed more than {OUTPUT_CAP >> 20} MiB"
            )


def _too_slow(name: str, deadline: float) -> ToolError:
    return ToolError(
        "tool-timeout",
        f"{name} was stopped after {deadline:g} s",
        "raise limits.tool_timeout, or exclude what makes it slow",
    )


def _still_readable(selector: selectors.BaseSelector) -> bool:
    # A grandchild may hold the pipe open after the tool has ended: take what is there and go.
    return bool(selector.select(0))

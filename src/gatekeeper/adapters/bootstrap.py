"""Installs gatekeeper on an Actions runner, from this checkout and its lock, and nothing else.

Started as a program, by the Python that the runner has, before anything is installed: it needs
nothing but Python itself. `locate` names what may be restored from a cache; `install` installs
what is missing. Exit status 3: it could not be installed, so nothing was checked.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the runner's Python may be any
    sys.exit(99)

import contextlib
import fcntl
import hashlib
import json
import os
import platform
from collections.abc import Iterator, Sequence

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
if not __package__:
    sys.path.insert(0, SOURCE)  # started as a file, in isolation from everything else

from gatekeeper.adapters.installation import BESIDE, COMPLETE, InstallError, install_into  # noqa: E402 - found by the path above
from gatekeeper.adapters.runner import Runner, RunnerError, command  # noqa: E402 - found by the path above

CHECKOUT = os.path.dirname(SOURCE)
FAILED = 3
# The number is that of the snapshot's form. Advisories are the same on every kind of machine.
_ADVISORIES = "gatekeeper-advisories-1-"
_MODES = ("auto", "write", "read", "off")
# In these events the code that ran has been accepted already, so it may write what others restore.
_TRUSTED_EVENTS = ("push", "schedule", "workflow_dispatch")


def main(arguments: Sequence[str]) -> int:
    """Locate or install; 0, or 3 with an annotation that says why."""
    runner = Runner()
    try:
        place = Place(runner)
        if list(arguments) == ["locate"]:
            locate(runner, place)
        elif list(arguments) == ["install"]:
            install(runner, place)
        else:
            raise InstallError("usage: bootstrap.py locate|install")
    except (InstallError, RunnerError, OSError) as error:
        print(command("error", "gatekeeper was not installed", str(error)))
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last resort: nobody sees a traceback
        said = f"internal error, this is a bug: {type(error).__name__}: {error}"
        print(command("error", "gatekeeper was not installed", said))
        return FAILED
    return 0


class Place:
    """Where everything is on this machine. The program's folder is named by all that is in it."""

    def __init__(self, runner: Runner) -> None:
        self.digest = _digest()
        self.program = os.path.join(runner.lasting, "gatekeeper", self.digest)
        own = os.environ.get("GATEKEEPER_CACHE_DIR", "")
        self.cache = os.path.abspath(own or os.path.join(runner.temporary, "gatekeeper"))
        self.state = state_file(runner)

    @property
    def bin(self) -> str:
        """The folder to put on PATH: it holds `gatekeeper` and nothing else."""
        return os.path.join(self.program, "bin")

    @property
    def python(self) -> str:
        return os.path.join(self.program, "env", "bin", "python")

    @property
    def ready(self) -> bool:
        return os.path.exists(os.path.join(self.program, COMPLETE)) and os.path.exists(self.python)


def _digest() -> str:
    """Names this checkout's package and lock, and the Python that will run it."""
    state = hashlib.blake2b(digest_size=16)
    python = f"{platform.python_version()} {os.path.realpath(sys.executable)}"
    for text in (python, platform.machine(), sys.platform):
        state.update(text.encode("utf-8", "surrogateescape") + b"\0")
    files = [os.path.join(CHECKOUT, "uv.lock")]
    for top in (
        os.path.join(SOURCE, "gatekeeper"),
        *(os.path.join(CHECKOUT, it) for it in BESIDE),
    ):
        for folder, folders, names in os.walk(top):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            files += (os.path.join(folder, name) for name in sorted(names))
    for path in files:
        with open(path, "rb") as file:
            content = file.read()
        name = os.path.relpath(path, CHECKOUT)
        state.update(f"{name}\0{len(content)}\0".encode() + content)
    return state.hexdigest()


def state_file(runner: Runner) -> str:
    """What one step of a job leaves for a later one."""
    return os.path.join(runner.temporary, "gatekeeper-state.json")


def locate(runner: Runner, place: Place) -> None:
    """Say what may be restored, and under which keys; whether to, and whether to save, is noted."""
    mode = runner.input("cache") or "auto"
    if mode not in _MODES:
        raise InstallError(f"input cache: {mode!r} is none of {', '.join(_MODES)}")
    part = "".join(char if char.isalnum() else "-" for char in runner.input("shard"))[:20]
    own = f"gatekeeper-results-{runner.platform}-"
    tools = f"gatekeeper-tools-{runner.platform}-{place.digest}-"
    results = f"{own}{part}-" if part else own
    # Nothing is ever saved under these keys themselves: the newest with the prefix is restored.
    runner.output("tools-path", "\n".join((place.program, *tool_paths(place.cache))))
    runner.output("tools-key", f"{tools}none")
    runner.output("tools-restore-keys", tools)
    runner.output("results-path", result_path(place.cache))
    runner.output("results-key", f"{results}none")
    runner.output("results-restore-keys", "\n".join(dict.fromkeys((results, own))))
    runner.output("advisories-path", advisory_path(place.cache))
    runner.output("advisories-key", f"{_ADVISORIES}none")
    runner.output("advisories-restore-keys", _ADVISORIES)
    runner.output("restore", "false" if mode == "off" else "true")
    wanted = mode != "off" and runner.input("advisories").strip() != "off"
    runner.output("restore-advisories", "true" if wanted else "false")
    state = {
        "save": mode == "write" or (mode == "auto" and runner.event in _TRUSTED_EVENTS),
        "cache": place.cache,
        "program": place.program,
        "tools": tools,
        "results": f"{results}{runner.run}",
        "advisories": _ADVISORIES,
    }
    with open(place.state, "w", encoding="utf-8") as file:
        json.dump(state, file)


def tool_paths(cache: str) -> tuple[str, ...]:
    """What tools consist of, below the cache folder."""
    return os.path.join(cache, "tools"), os.path.join(cache, "home")


def result_path(cache: str) -> str:
    """Where results are kept."""
    return os.path.join(cache, "results-1.sqlite3")


def advisory_path(cache: str) -> str:
    """Where the snapshot of advisories is kept."""
    return os.path.join(cache, "advisories-1.snapshot")


def stamp(cache: str) -> str:
    """What is another one as soon as the snapshot of advisories is; empty without any."""
    try:
        about = os.stat(advisory_path(cache))
    except OSError:
        return ""
    return f"{about.st_size}-{about.st_mtime_ns}"


def install(runner: Runner, place: Place) -> None:
    """Install what is missing, and make `gatekeeper` known to the steps to come."""
    found = installed_tools(place.cache)
    os.makedirs(place.cache, mode=0o700, exist_ok=True)
    if not place.ready:
        os.makedirs(os.path.dirname(place.program), exist_ok=True)
        with _alone(f"{place.program}.lock"):
            if not place.ready:
                install_into(place.program, CHECKOUT)
        found = []
    with contextlib.suppress(OSError, ValueError):
        with open(place.state, encoding="utf-8") as file:
            state = json.load(file)
        with open(place.state, "w", encoding="utf-8") as file:
            json.dump(state | {"restored": found, "snapshot": stamp(place.cache)}, file)
    runner.path(place.bin)
    runner.variable("GATEKEEPER_CACHE_DIR", place.cache)
    runner.output("program", os.path.join(place.bin, "gatekeeper"))
    runner.output("cache-dir", place.cache)


def installed_tools(cache: str) -> list[str]:
    """The environments of tools that are there."""
    try:
        return sorted(name for name in os.listdir(tool_paths(cache)[0]) if "." not in name)
    except OSError:
        return []


@contextlib.contextmanager
def _alone(path: str) -> Iterator[None]:
    """One installation at a time, of several runners that share a machine."""
    with open(path, "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The Actions runner's folders and command files: outputs, environment, summary, annotations.

The only module that writes them. It runs before anything is installed, so it needs nothing but
Python itself.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import sys
from collections.abc import Iterator, Mapping

# GitHub drops a step's whole summary beyond this.
SUMMARY_LIMIT = 1024 * 1024
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class RunnerError(Exception):
    """The runner did not give what every runner gives."""


class Runner:
    """What the runner says in its environment, and what is said to it.

    Values may hold any text: none can end its own entry or become another one.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ

    def input(self, name: str) -> str:
        """An input of the action, as the step's `env` hands it over; empty when it is absent."""
        return self._environ.get("INPUT_" + name.upper().replace("-", "_"), "")

    @property
    def temporary(self) -> str:
        """A folder that the runner empties after each job. Raises RunnerError."""
        return self._needed("RUNNER_TEMP")

    @property
    def lasting(self) -> str:
        """A folder for programs, which lasts on machines of one's own; else the temporary one."""
        folder = self._environ.get("RUNNER_TOOL_CACHE", "")
        try:
            if folder:
                os.makedirs(folder, exist_ok=True)
        except OSError:
            folder = ""
        return folder if folder and os.access(folder, os.W_OK) else self.temporary

    @property
    def platform(self) -> str:
        """The kind of machine, for the keys of caches."""
        return "-".join(
            re.sub(r"[^A-Za-z0-9]", "", self._environ.get(name, "") or "unknown").lower()
            for name in ("RUNNER_OS", "RUNNER_ARCH")
        )

    @property
    def event(self) -> str:
        """What started the workflow."""
        return self._environ.get("GITHUB_EVENT_NAME", "")

    @property
    def run(self) -> str:
        """Identity of this attempt of this run, for the keys of caches."""
        return "-".join(
            re.sub(r"[^0-9]", "", self._environ.get(name, "")) or "0"
            for name in ("GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT")
        )

    def output(self, name: str, value: str) -> None:
        """Set an output of the step. Raises RunnerError."""
        self._entry("GITHUB_OUTPUT", name, value)

    def variable(self, name: str, value: str) -> None:
        """Set an environment variable for the steps to come. Raises RunnerError."""
        self._entry("GITHUB_ENV", name, value)

    def path(self, folder: str) -> None:
        """Put a folder before all others on PATH for the steps to come. Raises RunnerError."""
        if "\n" in folder or "\r" in folder:
            raise RunnerError(f"{folder!r} cannot be put on PATH")
        self._append("GITHUB_PATH", f"{folder}\n")

    def summary(self, text: str) -> None:
        """Add Markdown to the job's summary, unless GitHub would then drop all of it."""
        path = self._environ.get("GITHUB_STEP_SUMMARY", "")
        try:
            used = os.path.getsize(path)
        except OSError:
            used = 0
        if path and used + len(text.encode("utf-8", "backslashreplace")) <= SUMMARY_LIMIT:
            self._append("GITHUB_STEP_SUMMARY", text)

    def _entry(self, variable: str, name: str, value: str) -> None:
        if not _NAME.fullmatch(name):
            raise RunnerError(f"{name!r} is no name")
        # Nobody can guess it, so no value can end its own entry.
        end = f"end-{secrets.token_hex(16)}"
        self._append(variable, f"{name}<<{end}\n{value}\n{end}\n")

    def _append(self, variable: str, text: str) -> None:
        path = self._needed(variable)
        try:
            with open(path, "a", encoding="utf-8", errors="backslashreplace", newline="") as file:
                file.write(text)
        except OSError as error:
            raise RunnerError(f"{variable} cannot be written: {error.strerror or error}") from None

    def _needed(self, variable: str) -> str:
        if value := self._environ.get(variable, ""):
            return value
        raise RunnerError(f"{variable} is not set: this runs in GitHub Actions only")


def command(level: str, title: str, message: str) -> str:
    """An annotation. Whatever the texts hold, it is one command and no other."""
    return f"::{level} title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


@contextlib.contextmanager
def inert() -> Iterator[None]:
    """Everything printed meanwhile is shown, and none of it obeyed as a command.

    The runner reads standard output and standard error side by side, so what goes to the second
    could overtake the command that makes it harmless: until the end both are one.
    """
    token = secrets.token_hex(16)
    sys.stdout.flush()
    sys.stderr.flush()
    errors = os.dup(2)
    os.write(1, f"::stop-commands::{token}\n".encode())
    os.dup2(1, 2)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # What was printed last may lack its line's end, and the command has to begin one.
        os.write(1, f"\n::{token}::\n".encode())
        os.dup2(errors, 2)
        os.close(errors)

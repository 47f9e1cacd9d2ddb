"""Starting tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from gatekeeper.model.outcome import FailReason


class ToolError(Exception):
    """A tool could not be used; becomes a `Failed` outcome with the same words."""

    def __init__(self, reason: FailReason, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.reason: FailReason = reason
        self.message = message
        self.remedy = remedy


class Completed(Struct, frozen=True):
    """A finished process. `stderr` is cut to its last part. `late`: stopped at its deadline."""

    status: int
    stdout: bytes
    stderr: str
    late: bool = False


class Processes(Protocol):
    """Runs programs without a shell, with a scrubbed environment, a deadline and an output cap.

    Whatever is started is gone, with its children, when `run` returns or `cancel` is called.
    Raises ToolError for a program that cannot start, outlives its deadline, prints too much,
    is killed by a signal, or was cancelled. Exit statuses are for the caller to judge.

    `run_own` is for commands of the project itself: they get the environment of the user as it is,
    without what looks like a credential and is not named in `pass_env`. Of both outputs the last
    part is kept. How it ended, by deadline or signal too, is for the caller to judge.
    """

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: str,
        deadline: float,
        env: Mapping[str, str] | None = None,
        inherit_env: bool = False,
    ) -> Completed: ...

    def run_own(
        self,
        argv: Sequence[str],
        *,
        cwd: str,
        deadline: float,
        env: Mapping[str, str],
        pass_env: Sequence[str],
    ) -> Completed: ...

    def cancel(self) -> None: ...

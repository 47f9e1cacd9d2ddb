"""The project's own commands, as scanners see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from gatekeeper.model.dependency import Inventory
from gatekeeper.model.tool import ToolSpec
from gatekeeper.ports.repository import Snapshot


class OwnRun(Struct, frozen=True):
    """A run of the project's own command, and where it ran.

    `late`: it was stopped at its deadline. `status` is negative when a signal ended it. `since` is
    when it began, as file times count it, in nanoseconds.
    """

    cwd: str
    status: int
    late: bool
    stdout: str
    stderr: str
    since: int
    seconds: float


class Project(Protocol):
    """The project's own commands, in the project's own environment.

    `root` is the repository's folder. `python` is the interpreter of the project's environment,
    empty when none is found; `has` says whether that environment brings a module or a program.
    """

    @property
    def root(self) -> str: ...

    @property
    def python(self) -> str: ...

    def has(self, name: str) -> bool: ...

    def licenses(self) -> Mapping[tuple[str, str], str]:
        """What packages in the project's environment declare, by normalised name and version."""
        ...

    def identity(self) -> str:
        """Tells one set of installed packages from another; empty without an environment."""
        ...

    def modules(self, names: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The top-level modules of these packages, by normalised name, as far as the project's
        environment has them."""
        ...

    def installed(self, folder: str) -> Inventory:
        """All that is installed in an environment."""
        ...

    def uv(self) -> str:
        """The uv that came along. Raises ToolError when there is none."""
        ...

    def variable(self, name: str) -> str:
        """An environment variable of the user's, empty when it is not set."""
        ...

    def tool(self, spec: ToolSpec) -> str:
        """A tool as configured, else our own locked one. Raises ToolError when there is none."""
        ...

    def folder(self, snapshot: Snapshot) -> str:
        """Where a version lies: the working tree, if it has just these files, else a copy."""
        ...

    def scratch(self, files: Mapping[str, bytes]) -> str:
        """A new temporary folder outside the tree, with these files in it."""
        ...

    def run(
        self, argv: Sequence[str], *, cwd: str, deadline: float, env: Mapping[str, str],
        pass_env: Sequence[str] = (),
    ) -> OwnRun:  # fmt: skip
        """Run a command to its end or its deadline, with the last part of what it printed.

        It gets the user's environment without credentials, but for those in `pass_env`. Raises
        ToolError when it cannot start or the check is interrupted.
        """
        ...

    def find(self, patterns: Sequence[str]) -> list[str]:
        """Full paths of the files that match a pattern below `root`, whoever wrote them."""
        ...

    def modified(self, path: str) -> int:
        """When a file was last written, in nanoseconds; 0 when it is not there."""
        ...

    def written(self, run: OwnRun, patterns: Sequence[str]) -> list[str]:
        """Full paths of the files that match a pattern below `run.cwd` and were written since."""
        ...


class Measured(Struct, frozen=True):
    """What the scanner `tests` leaves behind for those that come after it in the same check.

    `cwd` is the folder the tests ran in, `coverage` the full paths of the files with coverage data
    (`scanners.coverage.reports`) that they have just written there.
    """

    cwd: str
    coverage: tuple[str, ...] = ()

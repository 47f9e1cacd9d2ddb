"""The environment in which the project itself runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from gatekeeper.model.dependency import Inventory


class Environment(Protocol):
    """What a developer would have activated.

    `python` is its interpreter, empty when there is no such environment. `variables` are those
    that activating it sets. `uv` raises ToolError when there is none.
    """

    @property
    def python(self) -> str: ...

    def has(self, name: str) -> bool:
        """Whether it brings a program or an importable module of that name."""
        ...

    def variables(self) -> Mapping[str, str]: ...

    def inherited(self, name: str) -> str:
        """A variable as it is now, empty when it is not set."""
        ...

    def licenses(self) -> Mapping[tuple[str, str], str]:
        """What the installed packages declare, by normalised name and version."""
        ...

    def identity(self) -> str:
        """Tells one set of installed packages from another; empty without an environment."""
        ...

    def modules(self, names: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The top-level modules of these packages, by normalised name, if they are installed."""
        ...

    def installed(self, folder: str) -> Inventory:
        """All that is installed in another environment, by its metadata."""
        ...

    def uv(self) -> str: ...

"""The environment in which the project itself runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


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

    def uv(self) -> str: ...

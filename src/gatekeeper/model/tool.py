"""What is needed to install and start a tool."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

ToolSource = Literal["locked", "project", "path"]


class ToolSpec(Struct, frozen=True):
    """A tool from the package index.

    `id` names the lock file too. `executables` are paths inside the environment, tried in order;
    `*` stands for one path segment. A binary inside the package is preferred over its Python
    launcher, which only costs start-up time. `locked` is False for tools that make sense only in
    the project's own environment. `optional` ones are installed where a project names them, and
    not with all others.
    """

    id: str
    package: str
    executables: tuple[str, ...]
    locked: bool = True
    constraints: tuple[str, ...] = ()
    optional: bool = False


class ToolStatus(Struct, frozen=True):
    """Where a tool comes from and whether it is ready."""

    id: str
    source: ToolSource
    version: str
    installed: bool
    path: str
    digest: str

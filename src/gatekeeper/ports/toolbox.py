"""Tools, ready to start."""

from __future__ import annotations

from typing import Protocol

from gatekeeper.model.tool import ToolSpec, ToolStatus


class Toolbox(Protocol):
    """Finds and installs tools.

    `digest` identifies what `executable` would run, without installing anything. `executable`
    installs what is missing and returns the path to start; it raises ToolError with reason
    `tool-not-installed` (a tool of the project that is not there, or nothing cached while
    offline) or `tool-install-failed`.
    """

    def status(self, spec: ToolSpec) -> ToolStatus: ...

    def digest(self, spec: ToolSpec) -> str: ...

    def executable(self, spec: ToolSpec) -> str: ...

    def cancel(self) -> None: ...

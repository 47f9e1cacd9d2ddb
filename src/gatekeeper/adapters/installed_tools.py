"""Starting tools that are there already, for questions that are not worth an installation."""

from __future__ import annotations

import os
from collections.abc import Callable

from gatekeeper.adapters.folders import cache_folder
from gatekeeper.adapters.process import LocalProcesses
from gatekeeper.adapters.toolenv import ToolEnvironments
from gatekeeper.model.tool import ToolSpec
from gatekeeper.ports.process import Completed, ToolError

_DEADLINE = 30


def starter(
    box: ToolEnvironments, root: str
) -> Callable[[ToolSpec, tuple[str, ...]], Completed | None]:
    """Starts a tool that is there already: installs nothing, and gives None for any trouble."""

    def run(spec: ToolSpec, arguments: tuple[str, ...]) -> Completed | None:
        if not box.status(spec).installed:
            return None
        processes = LocalProcesses(os.path.join(cache_folder(), "home"))
        try:
            return processes.run((box.executable(spec), *arguments), cwd=root, deadline=_DEADLINE)
        except ToolError:
            return None

    return run

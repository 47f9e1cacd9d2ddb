"""Every manager there is."""

from __future__ import annotations

from gatekeeper.managers.interface import Manager
from gatekeeper.managers.pdm_lock import PdmLock
from gatekeeper.managers.pipfile import Pipfile
from gatekeeper.managers.pipfile_lock import PipfileLock
from gatekeeper.managers.poetry_lock import PoetryLock
from gatekeeper.managers.pylock import Pylock
from gatekeeper.managers.pyproject import Pyproject
from gatekeeper.managers.requirements import Requirements
from gatekeeper.managers.script import Script
from gatekeeper.managers.uv_lock import UvLock

MANAGERS: dict[str, Manager] = {
    manager.id: manager
    for manager in (
        Requirements(),
        UvLock(),
        PoetryLock(),
        PdmLock(),
        Pylock(),
        PipfileLock(),
        Pyproject(),
        Pipfile(),
        Script(),
    )
}

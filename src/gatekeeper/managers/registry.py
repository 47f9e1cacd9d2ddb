"""Every manager there is."""

from __future__ import annotations

from gatekeeper.managers.compose import Compose
from gatekeeper.managers.cyclonedx import Cyclonedx
from gatekeeper.managers.dockerfile import Dockerfile
from gatekeeper.managers.github_actions import GithubActions
from gatekeeper.managers.interface import Manager
from gatekeeper.managers.package_json import PackageJson
from gatekeeper.managers.package_lock import PackageLock
from gatekeeper.managers.pdm_lock import PdmLock
from gatekeeper.managers.pipfile import Pipfile
from gatekeeper.managers.pipfile_lock import PipfileLock
from gatekeeper.managers.pnpm_lock import PnpmLock
from gatekeeper.managers.poetry_lock import PoetryLock
from gatekeeper.managers.pre_commit import PreCommit
from gatekeeper.managers.pylock import Pylock
from gatekeeper.managers.pyproject import Pyproject
from gatekeeper.managers.requirements import Requirements
from gatekeeper.managers.script import Script
from gatekeeper.managers.spdx import Spdx
from gatekeeper.managers.uv_lock import UvLock
from gatekeeper.managers.yarn_lock import YarnLock

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
        PackageLock(),
        PnpmLock(),
        YarnLock(),
        PackageJson(),
        GithubActions(),
        PreCommit(),
        Dockerfile(),
        Compose(),
        Cyclonedx(),
        Spdx(),
    )
}

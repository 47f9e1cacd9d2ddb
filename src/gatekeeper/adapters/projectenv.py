"""The project's own environment: where its Python is, and what is installed beside it."""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from gatekeeper.adapters.toolenv import project_environment, project_folders
from gatekeeper.adapters.uv_process import uv_program

if TYPE_CHECKING:
    from gatekeeper.model.dependency import Dependency, Inventory

# Where conda and GitHub's setup-python say the Python is that they have made the current one.
_ELSEWHERE = ("CONDA_PREFIX", "pythonLocation")


class ProjectEnvironment:
    """An environment below `root`, or the one that is active. The Python on PATH is not enough:

    it may be anybody's, and tests would fail in it for want of the project's packages.
    """

    def __init__(self, root: str, environ: Mapping[str, str] = os.environ) -> None:
        self._root = root
        self._environ = environ

    @cached_property
    def _bin(self) -> str:
        folders = project_folders(self._root, self._environ)
        folders += [
            os.path.join(self._environ[name], "bin")
            for name in _ELSEWHERE
            if self._environ.get(name)
        ]
        found = (it for it in folders if os.access(os.path.join(it, "python"), os.X_OK))
        return next(found, "")

    @property
    def python(self) -> str:
        return os.path.join(self._bin, "python") if self._bin else ""

    def has(self, name: str) -> bool:
        if not self._bin:
            return False
        packages = os.path.join(os.path.dirname(self._bin), "lib", "python*", "site-packages")
        return os.access(os.path.join(self._bin, name), os.X_OK) or bool(
            glob.glob(os.path.join(packages, name))
            or glob.glob(os.path.join(packages, f"{name}.py"))
        )

    def variables(self) -> Mapping[str, str]:
        if not self._bin:
            return {}
        path = self._environ.get("PATH", os.defpath)
        found = {"PATH": f"{self._bin}{os.pathsep}{path}"}
        environment = os.path.dirname(self._bin)
        if os.path.exists(os.path.join(environment, "pyvenv.cfg")):
            found["VIRTUAL_ENV"] = environment
        return found

    def inherited(self, name: str) -> str:
        return self._environ.get(name, "")

    @property
    def folder(self) -> str:
        """Where the environment lies; empty when there is none."""
        return os.path.dirname(self._bin) if self._bin else ""

    def licenses(self) -> Mapping[tuple[str, str], str]:
        from gatekeeper.adapters.installed import distributions
        from gatekeeper.licenses.metadata import declared
        from gatekeeper.managers.names import pypi_name

        if not self.folder:
            return {}
        found: dict[tuple[str, str], str] = {}
        for it in distributions(self.folder):
            said = declared(it.metadata)
            found[pypi_name(it.name), it.version] = said.expression or said.said
        return found

    def identity(self) -> str:
        return project_environment(self._root, self._environ)

    def modules(self, names: Collection[str]) -> Mapping[str, frozenset[str]]:
        if not self.folder:
            return {}
        from gatekeeper.adapters.installed import installed_modules

        return installed_modules(self.folder, names)

    def installed(self, folder: str) -> Inventory:
        from gatekeeper.adapters.installed import installed_files
        from gatekeeper.managers.installed import read_environment

        shown = _shown(folder, self._root)
        files = {f"{shown}/{name}": content for name, content in installed_files(folder).items()}
        return _own_folders(read_environment(shown, files), self._root)

    def uv(self) -> str:
        return uv_program()


def _shown(folder: str, root: str) -> str:
    """The environment's path as reports name it: relative to the repository if it lies there."""
    full, top = os.path.realpath(folder), os.path.realpath(root)
    inside = full.startswith(top + os.sep)
    return (os.path.relpath(full, top) if inside else full).replace(os.sep, "/")


def _own_folders(found: Inventory, root: str) -> Inventory:
    """What is installed from the repository itself is a part of it, as in any lock file."""
    from urllib.parse import unquote

    from msgspec.structs import replace

    top = os.path.realpath(root)

    def own(it: Dependency) -> Dependency:
        path = os.path.realpath(unquote(it.url.removeprefix("file://")))
        if it.origin != "path" or not (path == top or path.startswith(top + os.sep)):
            return it
        return replace(it, url=".")

    return replace(found, dependencies=tuple(map(own, found.dependencies)))

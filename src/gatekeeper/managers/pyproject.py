"""pyproject.toml: what a Python project asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gatekeeper.managers.asked import PyProject
from gatekeeper.managers.graph import merged_in_place
from gatekeeper.managers.interface import Kind
from gatekeeper.managers.manifest_digests import pyproject_digests
from gatekeeper.managers.names import beside
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.managers.selecting import SELECTS
from gatekeeper.managers.toml_document import read_toml
from gatekeeper.model.dependency import Dependency, Ecosystem, Inventory, Tie

_REMEDY = "correct it by hand"


class Pyproject:
    """Tables of the standards, of poetry, pdm, uv and hatch; each group and extra by name."""

    id = "pyproject"
    kind: Kind = "manifest"
    ecosystem: Ecosystem | None = "pypi"

    def selects(self, path: str) -> bool:
        return SELECTS[self.id](path)

    def needs(self, path: str, content: bytes) -> Sequence[str]:
        if b"dynamic" not in content:
            return ()
        try:
            document = read_toml(content)
            names = PyProject(document, Found(self.id, path), path).dynamic_files
        except (UnreadableError, RecursionError):
            return ()
        return [it for name in names if (it := beside(path, name))]

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory:
        found = Found(self.id, path)
        dependencies: list[Dependency] = []
        with found.entry():
            document = read_toml(files[path], _REMEDY)
            project = PyProject(document, found, path)
            found.tie = Tie(
                name=project.name,
                digests=pyproject_digests(document.value),
                overridden=tuple(project.overridden()),
            )
            dependencies += merged_in_place(it.dependency(path) for it in project.asked())
            found.indexes += project.indexes()
            dependencies += self._dynamic(project, found, files)
        return found.inventory(dependencies)

    def _dynamic(
        self, project: PyProject, found: Found, files: Mapping[str, bytes]
    ) -> list[Dependency]:
        """What setuptools reads from other files when the project is built."""
        dependencies: list[Dependency] = []
        names = project.dynamic_files
        if names:
            # Few projects have any, and it is a format of its own.
            from gatekeeper.managers.requirements import requirements_in
        for name in names:
            there = beside(found.path, name)
            if there in files:
                dependencies += requirements_in(there, files, found)
            else:
                found.problem(
                    f"the dependencies are to be read from {name!r}, which is not there",
                    project.dynamic_line,
                    "add the file, or correct its name below [tool.setuptools.dynamic]",
                )
        if project.dynamic_line and not names:
            found.problem(
                "the dependencies are `dynamic`: only building the project tells what they are",
                project.dynamic_line,
                "lock them, for example with `uv lock`, and keep the lock in the repository",
            )
        return dependencies

"""Manifests without a lock, with the versions that a resolver chooses for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from gatekeeper.managers.lock_check import locks_of, workspace_lock_of
from gatekeeper.managers.registry import MANAGERS
from gatekeeper.managers.resolving import needs_resolving, resolved
from gatekeeper.model.dependency import Inventory, PackageIndex, Place, Problem
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.change_interface import Change


class Closing:
    """Asks the resolver once for the same requirements: mostly head and base ask the same."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._answers: dict[tuple[str, tuple[PackageIndex, ...], str], str | ToolError] = {}

    def closed(self, found: Sequence[Inventory]) -> Sequence[Inventory]:
        """The inventories, as they are where nothing is to be resolved or nobody wants it.

        What the resolver cannot do becomes a problem, so that it is not checked.
        """
        if not self._change.config.scanners.dependencies.resolve:
            return found
        paths = {it.path for it in found}
        return [self._one(it) if _is_open(it, paths) else it for it in found]

    def _one(self, inventory: Inventory) -> Inventory:
        try:
            return resolved(inventory, self._compile)
        except ToolError as error:
            problem = Problem(Place(inventory.path), error.message, error.remedy)
            return msgspec.structs.replace(inventory, problems=(*inventory.problems, problem))

    def _compile(self, requirements: str, indexes: Sequence[PackageIndex], python: str) -> str:
        key = (requirements, tuple(indexes), python)
        if key not in self._answers:
            try:
                self._answers[key] = self._change.resolver().compile(requirements, indexes, python)
            except ToolError as error:
                self._answers[key] = error
        answer = self._answers[key]
        if isinstance(answer, ToolError):
            raise answer
        return answer


def _is_open(inventory: Inventory, paths: Collection[str]) -> bool:
    """Whether it is a manifest that no lock beside or around it closes."""
    return (
        MANAGERS[inventory.manager].kind == "manifest"
        and needs_resolving(inventory)
        and not locks_of(inventory.path, paths)
        and not workspace_lock_of(inventory.path, paths)
    )

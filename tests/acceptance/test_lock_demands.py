"""What packages ask for, by the locks of real projects: what was locked is what was asked for."""

from __future__ import annotations

import pytest

from gatekeeper.managers.npm_ranges import npm_allows
from gatekeeper.managers.versions import allows
from gatekeeper.model.dependency import Inventory
from tests.acceptance.test_lock_exports import RECORDINGS_OF, files_of, read

LOCKS = {"poetry-lock": "poetry.lock", "pdm-lock": "pdm.lock", "package-lock": "package-lock.json"}
# One in a hundred may ask in several ways, or for a tag, an alias or an address.
READ = 0.99


def answers(inventory: Inventory) -> dict[bool | None, list[str]]:
    """The demands of all dependencies on each other, by whether they allow what is locked."""
    found: dict[bool | None, list[str]] = {True: [], False: [], None: []}
    ask = npm_allows if inventory.manager == "package-lock" else allows
    for it in inventory.dependencies:
        for parent, demand in zip(it.parents, it.demands, strict=False):
            fits = True if demand == "*" else ask(demand, it.version) if demand else None
            found[fits].append(f"{parent} asks for {it.name} {demand}, which is {it.version}")
    return found


@pytest.mark.parametrize("manager", LOCKS)
def test_what_is_locked_is_what_was_asked_for(manager: str) -> None:
    every: dict[bool | None, list[str]] = {True: [], False: [], None: []}
    for project in RECORDINGS_OF:
        files = files_of(project)
        for path in (it for it in files if it.rpartition("/")[2] == LOCKS[manager]):
            for fits, told in answers(read(files, manager, path)).items():
                every[fits] += told

    assert every[False] == []
    known = len(every[True])
    assert known > 100
    assert known >= READ * (known + len(every[None])), every[None][:10]

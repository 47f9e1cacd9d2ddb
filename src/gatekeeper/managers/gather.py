"""Handing a manager the files that belong together."""

from __future__ import annotations

from gatekeeper.managers.interface import Manager, ReadFile
from gatekeeper.model.dependency import Inventory, Place, Problem

# No honest file leads to so many others.
MOST_FILES = 1_000


def gathered(manager: Manager, path: str, read: ReadFile) -> Inventory:
    """What the manager makes of a file and of those that belong to it.

    `read` gives the bytes of a file of the repository, None for one that is not there.
    """
    content = read(path)
    if content is None:
        problem = Problem(Place(path), "the file is not there", "add it, or look again")
        return Inventory(manager=manager.id, path=path, problems=(problem,))
    files = {path: content}
    queue = [path]
    asked = {path}
    while queue:
        here = queue.pop()
        for name in manager.needs(here, files[here]):
            if name in asked:
                continue
            asked.add(name)
            if len(asked) > MOST_FILES:
                message = f"it leads to more than {MOST_FILES:,} files: not read"
                problem = Problem(Place(path), message, "look at what its lines include")
                return Inventory(manager=manager.id, path=path, problems=(problem,))
            if (more := read(name)) is not None:
                files[name] = more
                queue.append(name)
    return manager.read(path, files)

"""Short words for what managers find."""

from __future__ import annotations

from gatekeeper.managers.gather import gathered
from gatekeeper.managers.registry import MANAGERS
from gatekeeper.model.dependency import Dependency, Inventory


def found(manager: str, path: str, text: str | bytes, **others: str | bytes) -> Inventory:
    """What a manager finds in a file. Others stand beside it: `a__b_txt` is `a/b.txt`."""
    files = {path: text}
    for name, content in others.items():
        folders, _, last = name.replace("__", "/").rpartition("/")
        stem, dot, suffix = last.rpartition("_")
        files[f"{folders}/{stem}.{suffix}".lstrip("/") if dot else last] = content
    raw = {name: it.encode() if isinstance(it, str) else it for name, it in files.items()}
    return gathered(MANAGERS[manager], path, raw.get)


def names(inventory: Inventory) -> list[str]:
    """`name version` or `name requirement` of each, in order."""
    return [f"{it.name} {it.version or it.requirement}".strip() for it in inventory.dependencies]


def one(inventory: Inventory, name: str = "") -> Dependency:
    """The only dependency, or the only one of that name."""
    (it,) = (it for it in inventory.dependencies if name in ("", it.name))
    return it


def problems(inventory: Inventory) -> list[str]:
    """`path:line message` of each."""
    return [f"{it.place.path}:{it.place.line} {it.message}" for it in inventory.problems]


def parents(dependency: Dependency) -> list[str]:
    """Names of the parents."""
    return [key.partition(":")[2].rpartition("@")[0] for key in dependency.parents]

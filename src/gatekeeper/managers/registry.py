"""Every manager there is, by id. One that has no file to read is never loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import cast

from gatekeeper.managers.interface import Manager
from gatekeeper.managers.selecting import SELECTS


class _Managers(Mapping[str, Manager]):
    def __getitem__(self, identity: str) -> Manager:
        return _load(identity)

    def __iter__(self) -> Iterator[str]:
        return iter(SELECTS)

    def __len__(self) -> int:
        return len(SELECTS)


@cache
def _load(identity: str) -> Manager:
    """`uv-lock` is UvLock of uv_lock.py."""
    if identity not in SELECTS:
        raise KeyError(identity)
    module = import_module(f"gatekeeper.managers.{identity.replace('-', '_')}")
    name = "".join(map(str.capitalize, identity.split("-")))
    return cast("Manager", getattr(module, name)())


MANAGERS: Mapping[str, Manager] = _Managers()


def sources(paths: Iterable[str]) -> Iterator[tuple[Manager, str]]:
    """Every path with the managers that read it."""
    for path in paths:
        for identity, selects in SELECTS.items():
            if selects(path):
                yield MANAGERS[identity], path

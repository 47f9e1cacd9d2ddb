"""Data files that ship inside the package.

Installers always unpack wheels, so these are plain files; `importlib.resources` would cost every
hook about 10 ms of imports to say the same.
"""

from __future__ import annotations

import os

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def shipped(*parts: str) -> str:
    """The full path of a file or folder of the package, by its path below `gatekeeper`."""
    return os.path.join(_PACKAGE, *parts)


def starters(name: str) -> str:
    """The full path of a starter workflow.

    They stand in the repository's `workflows/`, where people look for them, and the build copies
    them into the wheel. A checkout that is installed in place has only the former.
    """
    inside = shipped("starters", name)
    return inside if os.path.exists(inside) else os.path.join(_PACKAGE, "../../workflows", name)

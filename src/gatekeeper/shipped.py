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

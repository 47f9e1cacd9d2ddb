"""Where gatekeeper keeps things on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping


def cache_folder(environ: Mapping[str, str] = os.environ) -> str:
    """`GATEKEEPER_CACHE_DIR`, or `gatekeeper` below the user's cache folder."""
    if chosen := environ.get("GATEKEEPER_CACHE_DIR"):
        return os.path.abspath(chosen)
    base = environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "gatekeeper")

"""A package as it lies in an environment."""

from __future__ import annotations

from typing import NamedTuple


class Installed(NamedTuple):
    """Its METADATA, and the texts of the licences and notices that came with it."""

    name: str
    version: str
    metadata: str
    notices: tuple[str, ...]

"""A bill of materials: everything a project depends on, whichever file says so."""

from __future__ import annotations

from msgspec import Struct

from gatekeeper.model.dependency import Ecosystem, Place, Scope


class Component(Struct, frozen=True, kw_only=True):
    """One version of one package.

    `key` identifies it within the bill, `needs` are keys of what it asks for itself. `license` is
    an SPDX expression, or as written when it is none; empty when nobody says. `places` are the
    lines that name it.
    """

    key: str
    ecosystem: Ecosystem
    name: str
    version: str
    display: str
    purl: str = ""
    license: str = ""
    scope: Scope = "unknown"
    direct: bool = False
    hashes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


class Bill(Struct, frozen=True, kw_only=True):
    """What a project is made of. `created` is RFC 3339 in UTC, `commit` empty outside of any."""

    name: str
    version: str
    created: str
    commit: str = ""
    components: tuple[Component, ...] = ()

    @property
    def direct(self) -> tuple[str, ...]:
        """Keys of what the project asks for itself, and of what nobody is known to ask for."""
        asked = {key for it in self.components for key in it.needs}
        return tuple(it.key for it in self.components if it.direct or it.key not in asked)

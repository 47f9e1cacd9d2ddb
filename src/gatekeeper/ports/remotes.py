"""Asking other repositories what belongs to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from gatekeeper.model.remote import Refs


class RemoteError(Exception):
    """A repository gave no usable answer, so nothing is known of it; `remedy` says what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class Remotes(Protocol):
    """Repositories by their addresses. Only branches and tags count as theirs.

    A forge keeps the commits of forks and of pull requests in the same store, and hands them out to
    whoever asks for them: that a commit can be fetched from an address says nothing.

    `server` is where actions come from, unless somebody configured another one. `refs` has an
    answer for every address, which may be the reason why there is none. `held` tells which of the
    commits lie in the history of a branch or tag; raises RemoteError.
    """

    @property
    def server(self) -> str: ...

    def refs(self, addresses: Collection[str]) -> Mapping[str, Refs | RemoteError]: ...

    def held(self, address: str, commits: Collection[str]) -> frozenset[str]: ...

"""Asking package indexes."""

from __future__ import annotations

from typing import BinaryIO, Protocol

from gatekeeper.model.dependency import Ecosystem
from gatekeeper.model.indexed import Indexed, IndexedFile


class PackageIndexError(Exception):
    """Nothing is known: no network, no usable answer, or more than may be fetched."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PackageIndexes(Protocol):
    """Public indexes and those of one's own. Not known is an error, and never an empty answer.

    `ecosystem` is `pypi` (simple indexes) or `npm` (registries).
    """

    def package(self, ecosystem: Ecosystem, index: str, name: str) -> Indexed | None:
        """All that the index at an address has of a package; None when it has no such name.

        Raises PackageIndexError.
        """
        ...

    def open(self, file: IndexedFile, limit: int) -> BinaryIO:
        """A file of a package, to be read at any place; at most `limit` bytes of it are fetched.

        Opening and reading raise PackageIndexError: the file is larger, gone, or not the one whose
        hash the index states.
        """
        ...

    def close(self) -> None: ...

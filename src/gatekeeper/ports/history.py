"""The past of the repository under check, blob by blob."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Protocol

from gatekeeper.model.history import Blob, Origin
from gatekeeper.ports.repository import Snapshot


class History(Protocol):
    """Everything that any ref leads to. Errors: RepositoryError when git refuses.

    `tips` are the objects that refs name, and HEAD. `blobs` streams each blob once that `since` and
    what is `known` do not lead to. `forgotten` tells whether some of these commits can no longer be
    reached. `origins` finds the first appearance of blobs, on paths that count. `snapshot` holds
    blobs under made-up paths.
    """

    def tips(self) -> tuple[str, ...]: ...

    def is_shallow(self) -> bool: ...

    def forgotten(self, commits: Iterable[str]) -> bool: ...

    def blobs(self, since: str, known: Iterable[str]) -> Iterator[Blob]: ...

    def origins(
        self, wanted: Collection[str], since: str, counts: Callable[[str], bool]
    ) -> dict[str, Origin]: ...

    def current(self) -> Collection[str]: ...

    def snapshot(self, blobs: Mapping[str, str]) -> Snapshot: ...

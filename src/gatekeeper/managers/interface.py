"""What a manager is.

A manager reads one format in which a project names what it depends on. It is handed bytes and
gives values: it never touches the disk, the network or a process, and decides nothing.
To add one, read docs/managers/README.md; the conformance tests name whatever is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol

from gatekeeper.model.dependency import Ecosystem, Inventory

Kind = Literal["manifest", "lock", "references", "bill", "installed"]
"""`manifest`: what people ask for. `lock`: all that was chosen for them. `references`: pins that
stand in files of another purpose. `bill`: an SBOM. `installed`: what an environment has."""

ReadFile = Callable[[str], bytes | None]


class Manager(Protocol):
    """Reads one format.

    `ecosystem` is None when a file may name several. `selects` goes by a path from the
    repository's root, `/`-separated. `needs` names further files of the repository that `read`
    should be handed; it is asked about those in turn. Files that do not exist are left out of
    `files`.

    `read` never raises for what a file contains. What cannot be read, in whole or in part, becomes
    a Problem with the line and what to do, so that nothing is missing without a word.
    """

    id: str
    kind: Kind
    ecosystem: Ecosystem | None

    def selects(self, path: str) -> bool: ...

    def needs(self, path: str, content: bytes) -> Sequence[str]: ...

    def read(self, path: str, files: Mapping[str, bytes]) -> Inventory: ...

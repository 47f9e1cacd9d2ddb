"""An accepted finding: who accepts it, why, and until when."""

from __future__ import annotations

from msgspec import Struct


class Waiver(Struct, frozen=True):
    """`rule` is `scanner/rule`, `fingerprint` a finding's; exactly one is set.

    `package` (`ecosystem:name`) and `versions` (as in `>=1.0, <2.0`) limit it to findings about
    such a dependency. `expires` is an ISO date, the last day on which it counts, or `never`.
    """

    owner: str
    reason: str
    expires: str
    rule: str = ""
    fingerprint: str = ""
    paths: tuple[str, ...] = ()
    source: str = ""
    package: str = ""
    versions: str = ""

    @property
    def target(self) -> str:
        """What it waives, as written."""
        return self.rule or self.fingerprint

"""What somebody says about a vulnerability in a product (VEX): does it matter there, and why."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from gatekeeper.model.dependency import Ecosystem, Place

VexStatus = Literal["not_affected", "affected", "fixed", "under_investigation"]

# Only these say that nobody has to do anything.
SETTLED: frozenset[VexStatus] = frozenset({"not_affected", "fixed"})


class Product(Struct, frozen=True, order=True):
    """A package that a statement is about.

    `version` is exact; without one it is every version, or those that satisfy one of `spans`
    (comparisons as in `>=1.0, <2.0`).
    """

    ecosystem: Ecosystem
    name: str
    version: str = ""
    spans: tuple[str, ...] = ()


class Statement(Struct, frozen=True, kw_only=True):
    """One statement about one vulnerability.

    `aliases` are its other names. `justification` is the word of the format, `detail` what is said
    besides, `action` what to do. `timestamp` is RFC 3339: when it was last known to be true, empty
    when nobody says. `key` is the place within the document, as in `statements[2]`.
    """

    vulnerability: str
    status: VexStatus
    products: tuple[Product, ...]
    aliases: tuple[str, ...] = ()
    justification: str = ""
    detail: str = ""
    action: str = ""
    timestamp: str = ""
    place: Place = Place("")
    key: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the vulnerability."""
        return (self.vulnerability, *self.aliases)

    @property
    def reason(self) -> str:
        """Why it does not matter, in one line."""
        said = ": ".join(it for it in (self.justification.replace("_", " "), self.detail) if it)
        return said or self.status.replace("_", " ")


class VexProblem(Struct, frozen=True):
    """A statement, or a document, that says nothing anybody may rely on."""

    place: Place
    key: str
    message: str
    remedy: str = ""


class VexFile(Struct, frozen=True):
    """All that one document says, in its order."""

    path: str
    statements: tuple[Statement, ...] = ()
    problems: tuple[VexProblem, ...] = ()

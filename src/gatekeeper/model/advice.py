"""The smallest change that removes the known vulnerabilities of a dependency."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

AdviceKind = Literal["lock", "raise", "parent", "override", "remove", "none"]
AdviceProof = Literal["resolver", "ranges", "advisories"]


class Step(Struct, frozen=True):
    """A package, and the version to go to; nobody knows which where that is empty."""

    name: str
    version: str = ""


class Advice(Struct, frozen=True, kw_only=True):
    """What to change, for people and for programs.

    `lock`: the lock alone takes another version of the vulnerable package. `raise`: the manifest has
    to ask for other versions of what the project itself asks for: of the vulnerable package, or of
    those that bring it in. `parent`: the same, and nobody knows which versions. `override`: nothing
    that brings it in allows the version, so it has to be forced. `remove`: it is malicious. `none`:
    nothing is known to help.

    `steps` are all changes, which go together; `fixed` is the version of the vulnerable package that
    they lead to. `path` is the file that says which version there is. `proof` tells how sure it is: a `resolver` has found versions that
    fit together; the `ranges` that the file tells allow it; or `advisories` alone say so, and
    nobody has tried. `untried` says why not, where it was asked for. `command` does it, where there
    is one.
    """

    kind: AdviceKind
    steps: tuple[Step, ...] = ()
    fixed: str = ""
    path: str = ""
    proof: AdviceProof = "advisories"
    untried: str = ""
    command: str = ""
    message: str = ""

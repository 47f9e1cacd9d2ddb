"""What CycloneDX and SPDX have in common: packages by reference, and who depends on whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from gatekeeper.managers.graph import Graph, merged
from gatekeeper.managers.purl import read_purl
from gatekeeper.managers.reading import Found, UnreadableError
from gatekeeper.model.dependency import Dependency, Place, Scope

SCOPES: Mapping[str, Scope] = {"required": "runtime", "optional": "optional", "excluded": "dev"}
# Contents of packages and of machines, which no index has.
NO_PACKAGES = frozenset({"file", "data", "device", "firmware", "cryptographic-asset"})
REMEDY = "make the document anew with the tool that wrote it"


class Part(Struct, kw_only=True):
    """A package of a bill, as far as it says."""

    reference: str
    line: int
    name: str = ""
    version: str = ""
    purl: str = ""
    license: str = ""
    scope: Scope = "unknown"
    hashes: tuple[str, ...] = ()


class Bill(Struct):
    """A bill of materials. `roots` are references of the project itself; `edges` lead downwards."""

    parts: list[Part] = field(default_factory=list)
    roots: set[str] = field(default_factory=set)
    edges: dict[str, list[tuple[str, Scope]]] = field(default_factory=dict)

    def edge(self, parent: str, child: str, scope: Scope = "unknown") -> None:
        """`parent` asks for `child`, in that scope."""
        self.edges.setdefault(parent, []).append((child, scope))


def dependencies_of(bill: Bill, found: Found) -> tuple[Dependency, ...]:
    """What a bill lists, but for the project itself. Edges to nothing are told to `found`."""
    made: dict[str, Dependency] = {}
    for part in bill.parts:
        if part.reference in bill.roots:
            continue
        with found.entry():
            if part.reference in made:
                raise UnreadableError(
                    f"the reference {part.reference[:120]!r} is given twice", part.line, REMEDY
                )
            made[part.reference] = _dependency(part, found.path)
    graph = Graph()
    graph.rooted = any(bill.edges.get(root) for root in bill.roots)
    known = made.keys() | bill.roots
    for parent, children in bill.edges.items():
        _check(parent, [child for child, _ in children], known, found)
        for child, scope in children:
            if child not in made:
                continue
            if parent in bill.roots:
                graph.root(made[child].key, scope)
            elif parent in made:
                graph.edge(made[parent].key, made[child].key)
    return graph.settle(merged(made.values()))


def _dependency(part: Part, path: str) -> Dependency:
    place = Place(path, part.line)
    if part.purl:
        named = read_purl(part.purl, part.line)
        return Dependency(
            ecosystem=named.ecosystem,
            name=named.name,
            display=named.display,
            version=named.version or part.version,
            place=place,
            scope=part.scope,
            hashes=part.hashes,
            license=part.license,
        )
    if not part.name:
        raise UnreadableError(
            "a package has neither a name nor a package address", part.line, REMEDY
        )
    # Without an address nobody knows whose package it is.
    return Dependency(
        ecosystem="generic",
        name=part.name,
        display=part.name,
        version=part.version,
        place=place,
        origin="unknown",
        scope=part.scope,
        hashes=part.hashes,
        license=part.license,
    )


def _check(parent: str, children: Sequence[str], known: Iterable[str], found: Found) -> None:
    for it in (parent, *children):
        if it not in known:
            found.problem(
                f"something depends on, or is, {it[:120]!r}, which is not listed", 0, REMEDY
            )


def hash_name(algorithm: str) -> str:
    """`SHA-256` and `SHA256` as `sha256`."""
    return algorithm.lower().replace("-", "").replace("_", "")


def license_text(texts: Iterable[str]) -> str:
    """One expression of several licences that all hold."""
    each = [it for it in texts if it and it not in ("NOASSERTION", "NONE")]
    return (
        each[0] if len(each) == 1 else " AND ".join(f"({it})" if " " in it else it for it in each)
    )

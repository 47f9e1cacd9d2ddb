"""Missing hashes, names that pass for others, and what runs code when it is installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from gatekeeper.config.dependency_options import DependenciesOptions
from gatekeeper.managers.lock_check import locks_of, missing_hashes, without_hash
from gatekeeper.managers.lock_pairs import LOCKS
from gatekeeper.model.dependency import Dependency, Inventory
from gatekeeper.scanners.dependencies_items import index_of, public
from gatekeeper.scanners.dependencies_lock import lock_findings
from gatekeeper.scanners.dependencies_told import Told, finding_about, finding_in
from gatekeeper.supplychain.known import known_names
from gatekeeper.supplychain.lookalike import Kind, Lookalike
from gatekeeper.text.names import plural, printable

_HOW: dict[Kind, str] = {
    "separators": "the two differ in nothing but separators",
    "characters": "the two differ in characters that look alike",
    "swapped": "two letters are swapped",
    "letter": "one letter is different",
    "order": "its parts stand in another order",
    "affix": "something is put before or behind it",
}


def judged(found: Sequence[Inventory], options: DependenciesOptions) -> list[Told]:
    """The findings about one version, from what its files say and nothing else."""
    return [
        *_hashes(found, options),
        *lock_findings(found),
        *_names(found, options),
        *_install_code(found, options),
        *_own_from_outside(found, options),
    ]


def is_ours(it: Dependency, options: DependenciesOptions) -> bool:
    """Whether the policy leaves it alone: another scope, or a package of one's own."""
    return it.scope not in options.scopes or any(
        fnmatchcase(f"{it.ecosystem}:{it.name}", name) for name in options.private
    )


def _hashes(found: Sequence[Inventory], options: DependenciesOptions) -> Iterator[Told]:
    paths = {it.path for it in found}
    seen: set[tuple[object, str]] = set()
    for inventory in found:
        for it in missing_hashes(inventory):
            # A file that another one includes is read for both.
            if is_ours(it, options) or (it.place, it.name) in seen:
                continue
            seen.add((it.place, it.name))
            yield finding_about(
                it,
                "missing-hash",
                f"{_called(it)} has no hash, so whoever serves it can put anything in its place."
                f" Other entries have one: make them anew, {_how_to_hash(inventory)}.",
                "medium",
            )
        if options.require_hashes and _hashless(inventory, paths):
            count = plural(len(inventory.dependencies), "requirement")
            yield finding_in(
                inventory.path,
                "missing-hash",
                f"No hash in this file of {count}, and scanners.dependencies.require_hashes wants"
                f" them: make it anew, {_how_to_hash(inventory)}.",
                "medium",
                what="file",
            )


def _hashless(inventory: Inventory, paths: set[str]) -> bool:
    """Whether it is a requirements file that things are installed from, without any hash."""
    return (
        inventory.manager == "requirements"
        and not any(it.hashes for it in inventory.dependencies)
        and any(True for _ in without_hash(inventory))
        and not locks_of(inventory.path, paths)
    )


def _how_to_hash(inventory: Inventory) -> str:
    if inventory.manager == "requirements":
        return "for example with `uv pip compile --generate-hashes`"
    return "with an index that serves hashes"


def _names(found: Sequence[Inventory], options: DependenciesOptions) -> Iterator[Told]:
    """Names that pass for well-known ones, once per folder; a lock's place goes before others."""
    first: dict[tuple[str, str], tuple[Dependency, Lookalike]] = {}
    for inventory in sorted(found, key=lambda it: not it.complete):
        for it in inventory.dependencies:
            if (like := _like(it, inventory, options)) is not None:
                folder = it.place.path.rpartition("/")[0]
                first.setdefault((folder, f"{it.ecosystem}:{it.name}"), (it, like))
    for it, like in first.values():
        target = printable(like.target)
        yield finding_about(
            it,
            "typosquat",
            f"{_called(it)} may pass for {target}, which is far better known: {_HOW[like.kind]}."
            f" Look at what it is. If {target} is meant, correct the name, and treat every machine"
            " that installed this one as compromised; if not, waive this finding with the reason.",
            "high",
            like.confidence,
        )


def _like(it: Dependency, inventory: Inventory, options: DependenciesOptions) -> Lookalike | None:
    if it.origin != "index" or is_ours(it, options):
        return None
    index = index_of(it, inventory)
    if index and not public(index, options.mirrors):
        return None
    if it.ecosystem == "pypi":
        return known_names("pypi").like(it.name)
    return known_names("npm").like(it.name.lower()) if it.ecosystem == "npm" else None


def _install_code(found: Iterable[Inventory], options: DependenciesOptions) -> Iterator[Told]:
    for inventory in found:
        if inventory.manager not in LOCKS:
            continue
        for it in inventory.dependencies:
            if not it.install_code or is_ours(it, options):
                continue
            what = (
                "the lock says that it has an install script"
                if it.ecosystem == "npm"
                else "there is no wheel of it in the lock, so that it is built on the spot"
            )
            yield finding_about(
                it,
                "install-code",
                f"Installing {_called(it)} runs code that it brings: {what}. Look at that code"
                " before you let it run where secrets are, or take a package that needs none.",
                "low",
            )


def _own_from_outside(found: Iterable[Inventory], options: DependenciesOptions) -> Iterator[Told]:
    """What the policy calls a package of one's own, and the lock takes from a public index."""
    if not options.private:
        return
    from gatekeeper.text.addresses import shown

    for inventory in found:
        for it in inventory.dependencies:
            url = it.url if it.origin == "index" else ""
            own = any(fnmatchcase(f"{it.ecosystem}:{it.name}", name) for name in options.private)
            if own and it.scope in options.scopes and public(url, ()):
                yield finding_about(
                    it,
                    "dependency-confusion",
                    f"{_called(it)} is one of your own packages by scanners.dependencies.private,"
                    f" and it comes from {printable(shown(url))} here, where anybody may have"
                    " published it. Bind it to your own index, or take it off that list.",
                    "high",
                    "medium",
                )


def _called(it: Dependency) -> str:
    return f"{printable(it.display or it.name)} {printable(it.version)}".strip()

"""What to change about a vulnerable dependency, by what lock and advisories say: nobody is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from gatekeeper.managers.commands import force_setting, lock_command, raise_command
from gatekeeper.managers.npm_ranges import npm_allows
from gatekeeper.managers.registry import MANAGERS
from gatekeeper.managers.versions import allows
from gatekeeper.model.advice import Advice, Step
from gatekeeper.model.dependency import Dependency, Inventory
from gatekeeper.scanners.dependencies_items import Item
from gatekeeper.text.names import printable

Known = Mapping[str, Dependency]


def advised(items: Iterable[Item]) -> list[Item]:
    """All of them, those that are vulnerable with the smallest change."""
    found: list[Item] = []
    inventory: Inventory | None = None
    known: Known | None = None
    for it in items:
        if not it.vulnerabilities:
            found.append(it)
            continue
        # Those of one file follow each other, and a lock can have thousands.
        if known is None or it.inventory is not inventory:
            inventory, known = it.inventory, {one.key: one for one in it.inventory.dependencies}
        found.append(replace(it, advice=_advice(it, known)))
    return found


def _advice(it: Item, known: Known) -> Advice:
    path = it.dependency.place.path
    if any(one.malicious for one in it.vulnerabilities):
        message = f"remove {_said(it.via[0])}" + (", which brings it in" if len(it.via) > 1 else "")
        return Advice(kind="remove", steps=(Step(it.via[0].name),), path=path, message=message)
    if not it.fix:
        return Advice(kind="none", path=path, message="no version fixes it yet")
    return _within_the_lock(it, known) if _locked(it) else _raised(it)


def _within_the_lock(it: Item, known: Known) -> Advice:
    """By what all who ask for it demand: the lock alone, or first what holds it back."""
    name = it.dependency.name
    demands = list(_demands(it, known))
    against = [(parent, wanted) for parent, wanted, fits in demands if fits is False]
    if any(parent is None for parent, _ in against):
        return _raised(it)
    if against:
        return _held_back(it, [(parent, wanted) for parent, wanted in against if parent])
    unknown = [parent for parent, _, fits in demands if fits is None]
    message = f"take {it.fix} into the lock"
    if unknown:
        named = ", ".join(_said(parent) for parent in unknown[:3] if parent)
        message += f", if {named or 'the manifest'} allows it"
    return Advice(
        kind="lock", steps=(Step(name, it.fix),), fixed=it.fix, path=it.dependency.place.path,
        command=lock_command(it.inventory.manager, name, it.fix),
        proof="advisories" if unknown else "ranges", message=message,
    )  # fmt: skip


def _locked(it: Item) -> bool:
    """Whether the file was written by a tool, so that a version in it is nobody's demand."""
    manager = MANAGERS.get(it.inventory.manager)
    return it.inventory.complete and manager is not None and manager.kind == "lock"


def _demands(it: Item, known: Known) -> Iterator[tuple[Dependency | None, str, bool | None]]:
    """Who asks, for what, and whether that allows the fix; the project itself is None."""
    about = it.dependency
    if about.direct:
        yield None, about.requirement, _allows(it, about.requirement or "*")
    demands = about.demands or ("",) * len(about.parents)
    for parent, demand in zip(about.parents, demands, strict=True):
        if parent in known:
            yield known[parent], demand, _allows(it, demand)


def _allows(it: Item, demand: str) -> bool | None:
    if demand in ("", "*"):
        return None if not demand else True
    ask = npm_allows if it.dependency.ecosystem == "npm" else allows
    return ask(demand, it.fix)


def _raised(it: Item) -> Advice:
    """The project asks for it itself, and not for the version that it should."""
    about = it.dependency
    if about.ecosystem == "github-actions":
        return _called(it)
    message = f"ask for {_said(about, bare=True)} {it.fix}"
    # Versions that a resolver chose stand at the line that asks for what brings them in.
    chosen = len(it.via) > 1 and it.via[0].place == about.place
    if chosen:
        message += f" as well, if {_said(it.via[0])} allows it"
    return Advice(
        kind="raise",
        steps=(Step(about.name, it.fix),),
        fixed=it.fix,
        path=about.place.path,
        proof="advisories" if chosen else "ranges",
        command=raise_command(it.inventory.manager, about.name, it.fix),
        message=message,
    )


def _called(it: Item) -> Advice:
    """An action is called by a tag, or by its commit with the version in a comment."""
    about = it.dependency
    tag = f"{'v' if (about.claim or about.requirement)[:1] in 'vV' else ''}{it.fix}"
    return Advice(
        kind="raise",
        steps=(Step(about.name, it.fix),),
        fixed=it.fix,
        path=about.place.path,
        proof="ranges",
        message=f"write {_said(about, bare=True)}@{printable(tag)}, and have `gatekeeper pin` put its"
        " commit there",
    )


def _held_back(it: Item, against: list[tuple[Dependency, str]]) -> Advice:
    """Something between the project and the package does not allow the fix."""
    parent, wanted = against[0]
    top = _way(it, parent)[0]
    message = f"{_said(parent)} asks for {printable(it.dependency.name)} {printable(wanted)}"
    if top is not parent:
        message += f", and {_said(top)} brings it in"
    setting = force_setting(it.inventory.manager)
    forced = f"; else force {it.fix} by {setting}" if setting else ""
    message += f": update {printable(top.display or top.name)} until that allows {it.fix}{forced}"
    return Advice(
        kind="parent", steps=(Step(top.name),), fixed=it.fix, path=it.dependency.place.path, proof="ranges",
        message=message,
    )  # fmt: skip


def _way(it: Item, parent: Dependency) -> tuple[Dependency, ...]:
    """From what the project asks for down to a parent."""
    if parent.key in {one.key for one in it.via}:
        return it.via
    from gatekeeper.managers.graph import Paths

    return Paths(it.inventory).to(parent.key) or (parent,)


def _said(it: Dependency, *, bare: bool = False) -> str:
    name = it.display or it.name
    return printable(name if bare else f"{name} {it.version}".strip())

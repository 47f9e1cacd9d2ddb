"""What a resolver is asked about one file, from the smallest change to the largest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

from msgspec.structs import replace

from gatekeeper.managers.commands import force_setting, lock_command, raise_command
from gatekeeper.managers.reading import Found
from gatekeeper.managers.registry import MANAGERS
from gatekeeper.managers.requirements import requirements_in
from gatekeeper.managers.resolving import INPUT, askable, line_of, usable
from gatekeeper.managers.versions import allows
from gatekeeper.model.account import Account
from gatekeeper.model.advice import Advice, Step
from gatekeeper.model.dependency import Dependency, Inventory, PackageIndex
from gatekeeper.ports.resolver import NoVersionsError
from gatekeeper.text.names import printable

# Of more, each alone would take its time.
_ANCESTORS = 6


class Compile(Protocol):
    """Resolver.compile."""

    def __call__(
        self, requirements: str, indexes: Sequence[PackageIndex], python: str = "", *,
        lowest: bool = False, overrides: str = "",
    ) -> str: ...  # fmt: skip


class Attempts:
    """One file: a lock with the manifests that it is made from, or a manifest with all versions."""

    def __init__(
        self, inventory: Inventory, manifests: Sequence[Inventory], compile_: Compile, python: str
    ) -> None:
        self._inventory = inventory
        self._compile = compile_
        self._python = python
        self._asked = [it for one in manifests for it in one.dependencies if askable(it)]
        written = MANAGERS[inventory.manager].kind == "lock"
        alone = list(manifests) == [inventory]
        if alone and not written and any(it.parents for it in inventory.dependencies):
            # A tool has written it, and told who asks for what.
            self._asked = [it for it in self._asked if it.direct is not False]
            alone = False
        self._lock = written or not alone
        self._into = "the lock" if written else printable(inventory.path)
        self._indexes = usable(it for one in manifests for it in one.indexes)
        self._known = {it.key: it for it in inventory.dependencies}
        self._versions: dict[str, set[str]] = {}
        for it in inventory.dependencies:
            self._versions.setdefault(it.name, set()).add(it.version)
        self._answers: dict[tuple[str, bool, str], dict[str, str] | None] = {}

    def advice(self, it: Account, cheap: Advice) -> Advice:
        """The first of the changes that the resolver accepts. Raises ToolError without an answer."""
        about = next(
            one
            for one in self._inventory.dependencies
            if (one.display or one.name, one.version) == (it.name, it.version)
        )
        if untried := self._obstacle(about, cheap.fixed):
            return replace(cheap, untried=untried)
        for found in self._changes(about, cheap.fixed):
            if found is not None:
                return found
        said = f"no versions fit together with {printable(about.name)} {printable(cheap.fixed)}"
        return Advice(kind="none", path=cheap.path, proof="resolver", message=said)

    def _obstacle(self, about: Dependency, fixed: str) -> str:
        """Why nothing can be tried; empty when it can."""
        if not askable(replace(about, version=fixed, requirement="", marker="")):
            return "a resolver is not asked about such a name or version"
        if not self._asked:
            return "there is no manifest that a resolver could be asked about"
        if len(self._versions[about.name]) > 1:
            return "the file has several versions of it"
        if self._ask([*self._lines(), *self._pins()]) is None:
            return "a resolver does not agree with the versions as they are"
        return ""

    def _changes(self, about: Dependency, fixed: str) -> Iterator[Advice | None]:
        """Each with its question: the next is only asked when the one before gave nothing."""
        own = [it for it in self._asked if it.name == about.name]
        wanted = self._exact(about, own, fixed)
        if self._lock and all(allows(it.requirement, fixed) is not False for it in own):
            yield self._in_lock(about, fixed, wanted)
        if own:
            others = self._lines({about.name})
            if self._ask([*others, *self._floors({about.name}), *wanted]) is not None:
                message = f"ask for {printable(about.display or about.name)} {fixed}"
                yield self._raised(about.name, fixed, own[0].place.path, message)
        ancestors = self._ancestors(about)[:_ANCESTORS]
        for one in ancestors:
            yield self._with_others(about, fixed, wanted, (one,))
        if len(ancestors) > 1:
            yield self._with_others(about, fixed, wanted, ancestors)
        yield self._forced(about, fixed, wanted)

    def _in_lock(self, about: Dependency, fixed: str, wanted: Sequence[str]) -> Advice | None:
        alone = [*self._lines(), *self._pins({about.name}), *wanted]
        if self._ask(alone) is not None:
            message = f"take {fixed} into {self._into}; nothing else has to move"
        elif self._ask([*self._lines(), *self._floors({about.name}), *wanted]) is not None:
            message = f"take {fixed} into {self._into}; other packages move with it"
        else:
            return None
        return Advice(
            kind="lock", steps=(Step(about.name, fixed),), fixed=fixed, path=self._inventory.path,
            proof="resolver", command=lock_command(self._inventory.manager, about.name, fixed),
            message=message,
        )  # fmt: skip

    def _with_others(
        self, about: Dependency, fixed: str, wanted: Sequence[str], ancestors: Sequence[str]
    ) -> Advice | None:
        """The lowest versions of some that the project asks for which let the fixed one in."""
        free = {about.name, *ancestors}
        lines = [*self._lines(free), *self._floors(free), *wanted]
        for name in ancestors:
            lines += [self._not_before(it) for it in self._asked if it.name == name]
        # What can stay where it is leaves the lowest version; else others move, too.
        chosen = self._ask([*lines, *self._pins(free)], lowest=True) if self._lock else None
        chosen = chosen or self._ask(lines, lowest=True)
        if chosen is None:
            return None
        raised = [
            Step(name, chosen[name])
            for name in ancestors
            if name in chosen and chosen[name] not in self._versions.get(name, ())
        ]
        if not raised:
            return None
        said = " and ".join(f"{printable(it.name)} {printable(it.version)}" for it in raised)
        path = next((it.place.path for it in self._asked if it.name in ancestors), "")
        manager = self._inventory.manager
        commands = [raise_command(manager, it.name, it.version) for it in raised]
        commands.append(lock_command(manager, about.name, fixed))
        return Advice(
            kind="raise",
            # What has a newer parent stays where it is in a lock, unless somebody moves it.
            steps=(*raised, Step(about.name, fixed)),
            fixed=fixed,
            path=path,
            proof="resolver",
            command=" && ".join(commands) if all(commands) else "",
            message=f"ask for {said}, and take {printable(about.name)} {fixed}, which that allows",
        )

    def _forced(self, about: Dependency, fixed: str, wanted: Sequence[str]) -> Advice | None:
        setting = force_setting(self._inventory.manager)
        lines = [*self._lines({about.name}), *self._floors({about.name}), *wanted]
        if self._ask(lines, overrides=f"{about.name}=={fixed}\n") is None:
            return None
        by = f" by {setting}" if setting else ""
        message = f"force {fixed}{by}, against what brings it in: run the tests"
        return Advice(
            kind="override", steps=(Step(about.name, fixed),), fixed=fixed,
            path=self._inventory.path, proof="resolver", message=message,
        )  # fmt: skip

    def _raised(self, name: str, fixed: str, path: str, message: str) -> Advice:
        return Advice(
            kind="raise",
            steps=(Step(name, fixed),),
            fixed=fixed,
            path=path,
            proof="resolver",
            command=raise_command(self._inventory.manager, name, fixed),
            message=message,
        )

    def _lines(self, without: Collection[str] = ()) -> list[str]:
        return [line_of(it) for it in self._asked if it.name not in without]

    def _pins(self, without: Collection[str] = ()) -> Iterator[str]:
        """All that the lock has, as it has it."""
        for it in self._inventory.dependencies if self._lock else ():
            bare = replace(it, requirement="", extras=())
            alone = len(self._versions[it.name]) == 1 and it.name not in without
            if alone and it.version and askable(bare):
                yield line_of(bare)

    def _floors(self, without: Collection[str]) -> Iterator[str]:
        """Nothing may go back: an old version that asks for less would seem to fit as well."""
        for it in self._inventory.dependencies if self._lock else ():
            if it.name not in without and it.version and it.origin == "index":
                bare = self._not_before(replace(it, requirement="", extras=()))
                if ">=" in bare:
                    yield bare

    def _not_before(self, it: Dependency) -> str:
        versions = self._versions.get(it.name, set())
        # A bound has no local version.
        bound = next(iter(versions)).partition("+")[0] if len(versions) == 1 else ""
        bare = replace(it, version=bound, requirement="")
        requirement = f">={bound}" if bound and askable(bare) else ""
        return line_of(replace(it, version="", requirement=requirement))

    @staticmethod
    def _exact(about: Dependency, own: Sequence[Dependency], fixed: str) -> list[str]:
        """The fixed version, under the conditions under which it is there."""
        if own:
            return [line_of(replace(it, version=fixed, requirement="")) for it in own]
        bare = replace(about, version=fixed, requirement="", extras=())
        return [line_of(bare if askable(bare) else replace(bare, marker=""))]

    def _ancestors(self, about: Dependency) -> tuple[str, ...]:
        """What the project asks for itself and what brings it in, the nearest first."""
        asked = {it.name for it in self._asked}
        found: dict[str, None] = {}
        seen, layer = {about.key}, [about]
        while layer:
            parents = [
                self._known[key]
                for it in layer
                for key in it.parents
                if key in self._known and key not in seen
            ]
            layer = list({it.key: it for it in parents}.values())
            seen.update(it.key for it in layer)
            found |= dict.fromkeys(it.name for it in layer if it.name in asked)
        found.pop(about.name, None)
        return tuple(found)

    def _ask(
        self, lines: Iterable[str], *, lowest: bool = False, overrides: str = ""
    ) -> dict[str, str] | None:
        """The versions that fit together, by name; None when there are none."""
        text = "\n".join(dict.fromkeys(lines)) + "\n"
        key = (text, lowest, overrides)
        if key not in self._answers:
            try:
                answer = self._compile(
                    text, self._indexes, self._python, lowest=lowest, overrides=overrides
                )
            except NoVersionsError:
                self._answers[key] = None
            else:
                found = Found("requirements", INPUT)
                chosen = requirements_in(INPUT, {INPUT: answer.encode()}, found)
                self._answers[key] = {it.name: it.version for it in chosen}
        return self._answers[key]

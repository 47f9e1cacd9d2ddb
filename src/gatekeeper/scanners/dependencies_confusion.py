"""Private names that are public as well, where a tool may take either: dependency confusion."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from gatekeeper.config.dependency_options import DependenciesOptions
from gatekeeper.model.advisory import Open
from gatekeeper.model.dependency import Ecosystem, Inventory
from gatekeeper.model.finding import Confidence
from gatekeeper.model.indexed import Indexed
from gatekeeper.ports.package_index import PackageIndexError
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.dependencies_items import Item, index_of, public
from gatekeeper.scanners.dependencies_told import Told, finding_about
from gatekeeper.supplychain.index_settings import LARGEST, NAMES, IndexSettings, read_settings
from gatekeeper.text.addresses import shown
from gatekeeper.text.names import printable

Question = tuple[Ecosystem, str, str]
Answers = Mapping[Question, Indexed | PackageIndexError | None]
# What says which indexes there are, and not which of them a package is from.
_UNDECIDED = ("requirements", "script", "pyproject", "pipfile")
_ASK_AGAIN = "ask again later"


class Doubt(Struct, frozen=True):
    """An item that may come from two places: `here` is the one it should, `there` the other.

    `question` asks one of them whether it has the name as well; None: it may not be asked.
    """

    item: Item
    here: str
    there: str
    question: Question | None
    confidence: Confidence


class Settings:
    """The settings of pip, uv and npm in a version, for the files beside and below them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._by_folder: dict[str, list[IndexSettings]] = {}
        for path, entry in snapshot.entries().items():
            folder, _, name = path.rpartition("/")
            if name in NAMES and entry.regular and snapshot.sizes([path]).get(path, 0) <= LARGEST:
                found = read_settings(name, snapshot.read(path))
                self._by_folder.setdefault(folder, []).append(found)

    def over(self, path: str) -> Iterator[IndexSettings]:
        """Those of the folder of a file, and of all around it."""
        folder = posixpath.dirname(path)
        while True:
            yield from self._by_folder.get(folder, ())
            if not folder:
                return
            folder = posixpath.dirname(folder)


def doubts(
    fresh: Iterable[Item],
    head: Sequence[Inventory],
    settings: Settings,
    options: DependenciesOptions,
) -> Iterator[Doubt]:
    """Every item whose tool asks more than one index for it."""
    bound = _bound(head)
    for it in fresh:
        address = index_of(it.dependency, it.inventory)
        if address and not public(address, options.mirrors):
            yield from _private(it, address, head, settings, options, bound)
        elif it.inventory.manager in _UNDECIDED and it.dependency.ecosystem == "pypi":
            yield from _undecided(it, settings, options)


def judged(found: Sequence[Doubt], answers: Answers) -> tuple[list[Told], dict[int, Open]]:
    """What is to be told, and by the items' `id` what could not be found out."""
    told: list[Told] = []
    left: dict[int, Open] = {}
    for one in found:
        answer = answers[one.question] if one.question else None
        if one.question is None:
            left[id(one.item)] = Open(
                "private",
                f"the file also takes packages from {_shown(one.there)}, and nobody may ask there"
                " whether it has that name, too",
                "name that address in scanners.dependencies.index.private",
            )
        elif isinstance(answer, PackageIndexError):
            left[id(one.item)] = Open("service-unavailable", answer.message, _ASK_AGAIN)
        elif answer is not None:
            told.append(_finding(one))
    return told, left


def _private(
    it: Item,
    address: str,
    head: Sequence[Inventory],
    settings: Settings,
    options: DependenciesOptions,
    bound: set[tuple[str, str]],
) -> Iterator[Doubt]:
    """It comes from an index of one's own; is the name public as well?"""
    dependency = it.dependency
    scope = dependency.name.partition("/")[0]
    pinned = any(scope == one for s in settings.over(it.inventory.path) for one, _ in s.scopes)
    explicit = any(
        one.explicit and _same(one.url, address) for inventory in head for one in inventory.indexes
    )
    if pinned or explicit or (dependency.ecosystem, dependency.name) in bound:
        return
    if not any(_other(url, address) for url in _asked(it.inventory, settings)):
        # With one index there is nothing to confuse.
        return
    own = options.index.npm if dependency.ecosystem == "npm" else options.index.pypi
    sure: Confidence = "high" if it.inventory.manager in _UNDECIDED else "medium"
    yield Doubt(it, address, own, (dependency.ecosystem, own, dependency.name), sure)


def _undecided(it: Item, settings: Settings, options: DependenciesOptions) -> Iterator[Doubt]:
    """Nothing says from which of several indexes it comes; does a private one have it, too?"""
    if it.dependency.url:
        return
    for url in _asked(it.inventory, settings):
        if public(url, options.mirrors) or not url.startswith(("http://", "https://")):
            continue
        listed = public(url, options.index.private)
        question: Question | None = ("pypi", url, it.dependency.name) if listed else None
        yield Doubt(it, url, url, question, "high")


def _asked(inventory: Inventory, settings: Settings) -> list[str]:
    """All addresses that a tool asks for whatever it is asked for, as far as files say it."""
    named = [it for it in inventory.indexes if not it.explicit]
    found = [it.url for it in named if it.kind != "find-links"]
    found += [url for one in settings.over(inventory.path) for url in one.extra]
    if not any(it.kind == "main" for it in named):
        found.append("https://pypi.org/simple")
    return list(dict.fromkeys(found))


def _bound(head: Iterable[Inventory]) -> set[tuple[str, str]]:
    """What a manifest binds to one index, as with tool.uv.sources."""
    return {
        (it.ecosystem, it.name)
        for inventory in head
        if inventory.manager == "pyproject"
        for it in inventory.dependencies
        if it.origin == "index" and it.url
    }


def _same(one: str, other: str) -> bool:
    return one.rstrip("/") == other.rstrip("/")


def _other(one: str, address: str) -> bool:
    return not _same(one, address)


def _shown(address: str) -> str:
    return printable(shown(address))


def _finding(one: Doubt) -> Told:
    it = one.item.dependency
    name = printable(it.display or it.name)
    public_too = not _same(one.here, one.there)
    what = (
        f"{name} comes from {_shown(one.here)}, and {_shown(one.there)} has a package of that name"
        if public_too
        else f"{name} is on the public index and on {_shown(one.here)}, which is asked"
    )
    message = (
        f"{what}, too. Who asks both may get either, and anybody can publish under a public name."
        " Bind it to its index (`explicit` and `tool.uv.sources` of uv, a source of poetry or pipenv,"
        " a scope in .npmrc), or have one index serve both."
    )
    return finding_about(it, "dependency-confusion", message, "high", one.confidence)

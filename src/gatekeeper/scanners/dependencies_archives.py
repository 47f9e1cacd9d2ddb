"""Looking into the files of what a change brings in: code that runs without being imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec
from msgspec import Struct

from gatekeeper.model.advisory import Open
from gatekeeper.model.dependency import Dependency
from gatekeeper.model.indexed import IndexedFile
from gatekeeper.ports.package_index import PackageIndexError, PackageIndexes
from gatekeeper.scanners.change_interface import Change
from gatekeeper.scanners.dependencies_items import Item
from gatekeeper.scanners.dependencies_told import Told, finding_about
from gatekeeper.supplychain.archives import ArchiveError, look_into
from gatekeeper.supplychain.startup import Trouble
from gatekeeper.text.addresses import shown
from gatekeeper.text.names import printable

# Grows whenever the same file would be judged differently.
REVISION = "archive 1"
_AT_ONCE = 8


class Chosen(Struct, frozen=True):
    """An item, the files of it that may be installed, and those of the version before."""

    item: Item
    files: tuple[IndexedFile, ...]
    before: tuple[IndexedFile, ...] = ()


def looked_into(
    change: Change, indexes: PackageIndexes, chosen: Sequence[Chosen]
) -> tuple[list[Told], dict[int, Open]]:
    """What is to be told, and by the items' `id` what could not be looked at.

    What the version before ran in the same words is nothing new.
    """
    looker = _Looker(change, indexes)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = list(pool.map(looker.troubles, (_relevant(it.files) for it in chosen)))
    told: list[Told] = []
    left: dict[int, Open] = {}
    for it, troubles in zip(chosen, found, strict=True):
        if isinstance(troubles, Open):
            left[id(it.item)] = troubles
            continue
        known: set[str] = set()
        if troubles and it.before:
            earlier = looker.troubles(_relevant(it.before))
            known = set() if isinstance(earlier, Open) else {one.digest for one in earlier}
        fresh = [one for one in troubles if one.digest not in known]
        told += _told(it.item.dependency, fresh)
    return told, left


def _relevant(files: Iterable[IndexedFile]) -> list[IndexedFile]:
    """The wheels, for they are installed where there are any; else the sources."""
    each = {it.url: it for it in files}.values()
    return [it for it in each if it.name.endswith(".whl")] or list(each)


class _Looker:
    def __init__(self, change: Change, indexes: PackageIndexes) -> None:
        self._change = change
        self._indexes = indexes
        self._limit = change.config.scanners.dependencies.index.max_file_mb << 20

    def troubles(self, files: Sequence[IndexedFile]) -> list[Trouble] | Open:
        """What all of them run; why not, when one of them could not be looked at."""
        found: dict[str, Trouble] = {}
        for file in files:
            try:
                found |= {it.digest: it for it in self._one(file)}
            except PackageIndexError as error:
                return Open("service-unavailable", error.message, "ask again later")
            except ArchiveError as error:
                where = printable(shown(file.url))
                message = f"{where} was not looked into: {printable(str(error))[:200]}"
                return Open("unreadable", message, "look at it by hand, and do not install it")
        return list(found.values())

    def _one(self, file: IndexedFile) -> list[Trouble]:
        stated = [it for it in file.hashes if it.startswith(("sha256:", "sha512:"))]
        about = (REVISION, file.name, *sorted(stated))
        if stated and (known := self._change.recall_content(*about)) is not None:
            return msgspec.msgpack.decode(known, type=list[Trouble])
        with self._indexes.open(file, self._limit) as opened:
            found = look_into(file.name, opened)
        if stated:
            self._change.remember_content(msgspec.msgpack.encode(found), *about)
        return found


_RULES: Mapping[str, str] = {"startup": "startup-code", "install": "build-code"}


def _told(it: Dependency, troubles: Sequence[Trouble]) -> Iterator[Told]:
    name = f"{printable(it.display or it.name)} {printable(it.version)}"
    for when in ("startup", "install"):
        mine = [one for one in troubles if one.when == when]
        if not mine:
            continue
        first = mine[0]
        said = f"{printable(first.member)[:120]}: {printable(first.what)}"
        more = f", and {len(mine) - 1} more" if len(mine) > 1 else ""
        if when == "startup":
            message = (
                f"{name} runs code whenever Python starts, whoever imports it ({said}{more})."
                " Malicious releases do so. Look at it before anything installs this version."
            )
        else:
            message = (
                f"Installing {name} runs code that it brings ({said}{more}). Look at it before you"
                " let it run where secrets are."
            )
        yield finding_about(it, _RULES[when], message, first.severity, first.confidence)

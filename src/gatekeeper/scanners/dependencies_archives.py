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
REVISION = "archive 2"
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
    found = looker.troubles([_relevant(it.files) for it in chosen])
    again = [it for it, one in zip(chosen, found, strict=True) if one and not isinstance(one, Open)]
    earlier = looker.troubles([_relevant(it.before) for it in again])
    known: dict[int, set[str]] = {
        id(it): set() if isinstance(one, Open) else {trouble.digest for trouble in one}
        for it, one in zip(again, earlier, strict=True)
    }
    told: list[Told] = []
    left: dict[int, Open] = {}
    for it, troubles in zip(chosen, found, strict=True):
        if isinstance(troubles, Open):
            left[id(it.item)] = troubles
        else:
            fresh = [one for one in troubles if one.digest not in known.get(id(it), ())]
            told += _told(it.item.dependency, fresh)
    return told, left


def _relevant(files: Iterable[IndexedFile]) -> list[IndexedFile]:
    """The wheels, for they are installed where there are any; else the sources."""
    each = {it.url: it for it in files}.values()
    return [it for it in each if it.name.endswith(".whl")] or list(each)


class _Looker:
    """Fetches at once what nobody remembers; the memory itself belongs to one thread."""

    def __init__(self, change: Change, indexes: PackageIndexes) -> None:
        self._change = change
        self._indexes = indexes
        self._limit = change.config.scanners.dependencies.index.max_file_mb << 20

    def troubles(self, groups: Sequence[Sequence[IndexedFile]]) -> list[list[Trouble] | Open]:
        """For each group what its files run; why not, when one of them could not be looked at."""
        files = list(dict.fromkeys(file for group in groups for file in group))
        known = {file: found for file in files if (found := self._recalled(file)) is not None}
        missing = [file for file in files if file not in known]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            answers = dict(zip(missing, pool.map(self._looked_into, missing), strict=True))
        for file, answer in answers.items():
            if not isinstance(answer, Open) and (about := _about(file)):
                self._change.remember_content(msgspec.msgpack.encode(answer), *about)
        return [_together([{**known, **answers}[file] for file in group]) for group in groups]

    def _recalled(self, file: IndexedFile) -> list[Trouble] | None:
        about = _about(file)
        stored = self._change.recall_content(*about) if about else None
        return None if stored is None else msgspec.msgpack.decode(stored, type=list[Trouble])

    def _looked_into(self, file: IndexedFile) -> list[Trouble] | Open:
        try:
            with self._indexes.open(file, self._limit) as opened:
                return look_into(file.name, opened)
        except PackageIndexError as error:
            return Open("service-unavailable", error.message, "ask again later")
        except ArchiveError as error:
            where = printable(shown(file.url))
            message = f"{where} was not looked into: {printable(str(error))[:200]}"
            return Open("unreadable", message, "look at it by hand, and do not install it")


def _about(file: IndexedFile) -> tuple[str, ...]:
    """What a file is remembered by; nothing without a hash that cannot be forged."""
    stated = sorted(it for it in file.hashes if it.startswith(("sha256:", "sha512:")))
    return (REVISION, file.name, *stated) if stated else ()


def _together(answers: Sequence[list[Trouble] | Open]) -> list[Trouble] | Open:
    found: dict[str, Trouble] = {}
    for answer in answers:
        if isinstance(answer, Open):
            return answer
        found |= {it.digest: it for it in answer}
    return list(found.values())


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

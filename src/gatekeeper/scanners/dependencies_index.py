"""What package indexes say about what a change brings in: gone, yanked, too new, other hashes.

Only packages that the base does not have in that version, from there and with these hashes are
asked about, and only addresses of the configuration are asked. What cannot be had is not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import msgspec
from msgspec import Struct

from gatekeeper.config.dependency_options import DependenciesOptions
from gatekeeper.model.advisory import Open
from gatekeeper.model.dependency import Dependency, Inventory
from gatekeeper.model.indexed import Indexed, IndexedFile
from gatekeeper.ports.package_index import PackageIndexError, PackageIndexes
from gatekeeper.scanners.change_interface import Change
from gatekeeper.scanners.dependencies_archives import Chosen, looked_into
from gatekeeper.scanners.dependencies_confusion import Answers, Question, Settings, doubts, judged
from gatekeeper.scanners.dependencies_items import Item, index_of, public
from gatekeeper.scanners.dependencies_told import Told, finding_about
from gatekeeper.supplychain.simple_index import normal_version
from gatekeeper.text.names import printable

_AT_ONCE = 8
_RETRY = "ask again later, or name a mirror that can be reached in scanners.dependencies.index"


class Looked(Struct, frozen=True):
    """All items, of which some are now not checked, and what is to be told about others."""

    items: list[Item]
    told: list[Told]


def looked_up(
    change: Change, now: list[Item], before: Sequence[Item], head: Sequence[Inventory]
) -> Looked:
    """Ask about what is not in `before`; `head` are the inventories of `now`."""
    options = change.config.scanners.dependencies
    known = {_identity(it) for it in before}
    fresh = [it for it in now if _identity(it) not in known and _askable(it, options)]
    asked = [(it, url) for it in fresh if not it.left_out and (url := _index(it, options))]
    doubtful = list(doubts(fresh, head, Settings(change.head), options))
    wanted = {_question(it, url) for it, url in asked}
    wanted |= {it.question for it in doubtful if it.question}
    indexes = change.indexes()
    try:
        answers = _answers(indexes, sorted(wanted))
        told, left = judged(doubtful, answers)
        weak = {it.package for it in before if it.vulnerabilities}
        for it, url in asked:
            repairs = it.package in weak and not it.vulnerabilities
            answer = answers[_question(it, url)]
            found, why = _judge(it.dependency, answer, change, repairs=repairs)
            told += found
            if why is not None:
                left[id(it)] = why
        if options.index.ask == "files":
            chosen = list(_to_look_into(asked, answers, before))
            found, unread = looked_into(change, indexes, chosen)
            told += found
            left = unread | left
    finally:
        indexes.close()
    return Looked([_opened(it, left.get(id(it))) for it in now], _once(told))


def _to_look_into(
    asked: Sequence[tuple[Item, str]], answers: Answers, before: Iterable[Item]
) -> Iterator[Chosen]:
    """The files of each version that the index has, with those of the version at the base."""
    earlier = {it.package: it.dependency for it in before}
    for it, url in asked:
        known = _known(it.dependency, answers[_question(it, url)])
        if not isinstance(known, Open):
            files = known.of(_normal(it.dependency, it.dependency.version))
            one = earlier.get(it.package)
            old = _before(one, it.dependency, known) if one else ()
            yield Chosen(it, tuple(_chosen(it.dependency, files)), tuple(old))


def _before(one: Dependency, now: Dependency, answer: Indexed) -> Sequence[IndexedFile]:
    """The files that the base may have installed; none when that cannot be told."""
    if not one.version or (one.version == now.version and not one.hashes):
        return ()
    return _chosen(one, answer.of(_normal(one, one.version)))


def _identity(it: Item) -> tuple[str, str, frozenset[str]]:
    """The version, from where, and what its files have to be: each may be changed on its own."""
    return it.subject, it.dependency.url, frozenset(it.dependency.hashes)


def _index(it: Item, options: DependenciesOptions) -> str:
    """The address that may be asked about an item; empty when no configured one has it."""
    dependency = it.dependency
    own = options.index.npm if dependency.ecosystem == "npm" else options.index.pypi
    address = index_of(dependency, it.inventory)
    if not address or public(address, ()):
        return own
    named = (*options.mirrors, *options.index.private)
    return address if public(address, named) else ""


def _askable(it: Item, options: DependenciesOptions) -> bool:
    dependency = it.dependency
    return (
        dependency.ecosystem in ("pypi", "npm")
        and dependency.origin == "index"
        and bool(dependency.version)
        and dependency.scope in options.scopes
    )


def _question(it: Item, address: str) -> Question:
    return it.dependency.ecosystem, address, it.dependency.name


def _answers(indexes: PackageIndexes, wanted: Sequence[Question]) -> Answers:
    def ask(question: Question) -> Indexed | PackageIndexError | None:
        try:
            return indexes.package(*question)
        except PackageIndexError as error:
            return error

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(wanted, pool.map(ask, wanted), strict=True))


def _opened(it: Item, why: Open | None) -> Item:
    """The item as not checked, also when it is a package of one's own."""
    if why is None or (it.left_open is not None and not it.left_out):
        return it
    return msgspec.structs.replace(it, left_open=why, left_out="")


def _once(told: Iterable[Told]) -> list[Told]:
    """One of each in a file, though a file may hold a version more than once."""
    return list({(it.place, it.finding.subject): it for it in told}.values())


def _judge(
    dependency: Dependency,
    answer: Indexed | PackageIndexError | None,
    change: Change,
    *,
    repairs: bool,
) -> tuple[list[Told], Open | None]:
    """What is to be told, and why not all could be found out.

    `repairs`: the base has a vulnerable version of it, and this one is not known to be.
    """
    known = _known(dependency, answer)
    if isinstance(known, Open):
        return [], known
    told = list(_hashes(dependency, known))
    chosen = _chosen(dependency, known.of(_normal(dependency, dependency.version)))
    told += [*_yanked(dependency, chosen), *_install_code(dependency, chosen)]
    days = change.config.scanners.dependencies.release_age
    if not days:
        return told, None
    if (uploaded := _uploaded(chosen)) is None:
        return told, Open(
            "not-reported",
            "the index does not say when it was uploaded, so nobody knows how old it is",
            "ask an index that does (PEP 700), or take scanners.dependencies"
            ".minimum_release_age_days away",
        )
    return [*told, *_too_new(dependency, uploaded, days, change.today, repairs=repairs)], None


def _known(dependency: Dependency, answer: Indexed | PackageIndexError | None) -> Indexed | Open:
    """What the index has, which is at least one file of that version."""
    if isinstance(answer, PackageIndexError):
        return Open("service-unavailable", answer.message, _RETRY)
    if answer is None:
        return Open("not-on-index", "the index has no package of that name", "look at its name")
    if not answer.of(_normal(dependency, dependency.version)):
        return Open(
            "not-on-index",
            "the index does not have that version, or not any more",
            "find out why it was taken away before you use it",
        )
    return answer


def _normal(dependency: Dependency, version: str) -> str:
    return normal_version(version) if dependency.ecosystem == "pypi" else version


def _chosen(dependency: Dependency, files: Sequence[IndexedFile]) -> list[IndexedFile]:
    """The files whose hashes are locked; all of them when nothing is."""
    return [one for one in files if set(one.hashes) & set(dependency.hashes)] or list(files)


def _hashes(it: Dependency, answer: Indexed) -> Iterator[Told]:
    """Hashes that no file of the index has, as far as both speak of hashes of one kind."""
    stated = answer.hashes_of(_normal(it, it.version))
    kinds = {one.partition(":")[0] for one in stated}
    comparable = {one for one in it.hashes if one.partition(":")[0] in kinds}
    unknown = comparable - stated
    if unknown:
        count = "none" if unknown == comparable else f"{len(unknown)} of {len(comparable)}"
        known = "of its hashes here is" if count == "none" else "of its hashes here are not"
        message = (
            f"{_called(it)}: {count} {known} on the index, so what is locked is not what was"
            " published: somebody may have changed the lock, or the files. Lock it anew, and find"
            " out where these hashes come from."
        )
        yield finding_about(it, "hash-mismatch", message, "high")


def _yanked(it: Dependency, files: Sequence[IndexedFile]) -> Iterator[Told]:
    if all(one.yanked is not None for one in files):
        reason = printable(next((one.yanked for one in files if one.yanked), ""))[:200]
        why = f": {reason.rstrip('.')}" if reason else ", and does not say why"
        message = (
            f"{_called(it)} was yanked: its publisher does not want anybody to use it{why}. Choose"
            " another version."
        )
        yield finding_about(it, "yanked", message, "medium")


def _install_code(it: Dependency, files: Sequence[IndexedFile]) -> Iterator[Told]:
    """What the lock does not tell, or tells otherwise."""
    if it.install_code:
        return
    scripts = [script for one in files for script in one.scripts]
    if it.ecosystem == "npm" and scripts:
        said = printable("; ".join(scripts))[:200]
        hidden = it.install_code is False
        more = " The lock does not say so: it may have been changed by hand." if hidden else ""
        yield finding_about(
            it,
            "install-code",
            f"Installing {_called(it)} runs code that it brings ({said}).{more} Look at that code"
            " before you let it run where secrets are, or take a package that needs none.",
            "medium" if hidden else "low",
        )
    if it.ecosystem == "pypi" and not any(one.name.endswith(".whl") for one in files):
        yield finding_about(
            it,
            "install-code",
            f"Installing {_called(it)} runs code that it brings: there is no wheel of it, so that it"
            " is built on the spot. Look at that code before you let it run where secrets are, or"
            " take a package that needs none.",
            "low",
        )


def _uploaded(files: Sequence[IndexedFile]) -> date | None:
    """The day of the newest file; None when that of any is not known."""
    days: list[date] = []
    for one in files:
        try:
            days.append(date.fromisoformat(one.uploaded[:10]))
        except ValueError:
            return None
    return max(days)


def _too_new(
    it: Dependency, uploaded: date, days: int, today: str, *, repairs: bool
) -> Iterator[Told]:
    age = (date.fromisoformat(today) - uploaded).days
    if age >= days:
        return
    until = (uploaded + timedelta(days)).isoformat()
    if repairs:
        message = (
            f"{_called(it)} was uploaded on {uploaded.isoformat()}. That is less than {days} days ago,"
            " and it takes the place of a version with a known vulnerability, so it need not wait."
        )
        yield finding_about(it, "too-new", message, "info")
        return
    message = (
        f"{_called(it)} was uploaded on {uploaded.isoformat()}, and"
        f" scanners.dependencies.minimum_release_age_days wants {days} days to pass: most malicious"
        f" releases are found within that time. Wait until {until}, or take an older version."
    )
    yield finding_about(it, "too-new", message, "medium")


def _called(it: Dependency) -> str:
    return f"{printable(it.display or it.name)} {printable(it.version)}"

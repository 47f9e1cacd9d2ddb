"""Pinning: tags and branches become the commits they lead to, and pins are verified on the way."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from gatekeeper.managers.reading import UnreadableError
from gatekeeper.managers.reference_edits import Change, edited
from gatekeeper.managers.references import Reference, References, references
from gatekeeper.model.dependency import Dependency
from gatekeeper.model.pinning import PinnedFile, Repinned, Trouble, TroubleKind
from gatekeeper.model.remote import Refs
from gatekeeper.ports.remotes import RemoteError, Remotes
from gatekeeper.supplychain.standing import Pin, Repositories, Standing, address_of
from gatekeeper.supplychain.version_tags import label, version_of
from gatekeeper.text.addresses import address_problem
from gatekeeper.text.names import printable

# As `pre-commit autoupdate --freeze` writes it.
_FROZEN = "frozen: "


class _Decision(Struct, frozen=True):
    """What to do with one reference: nothing, a change, or tell what is wrong."""

    change: Change | None = None
    trouble: Trouble | None = None


def pin(files: Mapping[str, bytes], remotes: Remotes, server: str) -> list[PinnedFile]:
    """What becomes of each file. All repositories are asked at the same time, each once."""
    read = {path: references(path, content) for path, content in files.items()}
    pinning = _Pinning(Repositories(remotes), server)
    pinning.ask([it.dependency for found in read.values() for it in found.found])
    return [pinning.file(path, files[path], found) for path, found in read.items()]


class _Pinning:
    def __init__(self, repositories: Repositories, server: str) -> None:
        self._repositories = repositories
        self._server = server
        self._standings: Mapping[Pin, Standing] = {}

    def ask(self, everything: list[Dependency]) -> None:
        self._repositories.ask({at for it in everything if (at := self._address(it))})
        pins = {self._pin(it) for it in everything if it.hashes and self._address(it)}
        self._standings = self._repositories.standings(pins)

    def file(self, path: str, content: bytes, found: References) -> PinnedFile:
        troubles = [Trouble(it.place.line, "", "open", it.message, it.remedy)
                    for it in found.problems]  # fmt: skip
        changes: dict[int, Change] = {}
        made: list[Repinned] = []
        for it in found.found:
            decision = self._decide(it)
            if decision.trouble:
                troubles.append(decision.trouble)
            if decision.change:
                changes[it.start] = decision.change
                made.append(_told(it, decision.change))
        after = content
        if changes and not troubles:
            mark = _FROZEN if found.found[0].dependency.ecosystem == "pre-commit" else ""
            try:
                after = edited(content, found, changes, mark)
            except UnreadableError as error:
                troubles.append(Trouble(error.line, "", "unpinned", error.message, error.remedy))
        settled = len(found.found) - len(changes) - sum(bool(it.what) for it in troubles)
        return PinnedFile(path, content, after, tuple(made), tuple(troubles), settled, found.images)

    def _address(self, it: Dependency) -> str:
        """Where the repository is; empty when nobody should ask there."""
        if it.ecosystem == "pre-commit":
            return "" if address_problem(it.display) else it.display
        return address_of(self._server, "/".join(it.display.split("/")[:2]))

    def _pin(self, it: Dependency) -> Pin:
        return Pin(self._address(it), it.requirement.lower(), it.claim)

    def _decide(self, it: Reference) -> _Decision:
        about = it.dependency
        if not self._address(about):
            return _trouble(it, "open", "this is no address that is asked", "write https://…")
        refs = self._repositories.refs(self._address(about))
        return self._verified(it, refs) if about.hashes else _resolved(it, refs)

    def _verified(self, it: Reference, refs: Refs | RemoteError) -> _Decision:
        about = it.dependency
        standing = self._standings[self._pin(about)]
        if standing.state == "open" or isinstance(refs, RemoteError):
            message = f"it is pinned, and was not verified: {standing.message}"
            return _trouble(it, "open", message, standing.remedy)
        if standing.state in ("impostor", "mismatch"):
            remedy = "look at the commit; write the tag again, and `gatekeeper pin` pins it anew"
            return _trouble(it, "wrong", standing.message, remedy)
        name = label(about.claim, standing.commit, refs)
        if _says_as_much(about.claim, name):
            name = ""
        if not name and standing.commit == about.requirement:
            return _Decision()
        return _Decision(Change(standing.commit, name))


def _resolved(it: Reference, refs: Refs | RemoteError) -> _Decision:
    """A tag or a branch, which leads to a commit."""
    reference = it.dependency.requirement
    shown = printable(reference)
    if isinstance(refs, RemoteError):
        message = (
            f"{shown} can be moved to other code, and nobody could tell its commit: {refs.message}"
        )
        return _trouble(it, "unpinned", message, refs.remedy)
    tag = refs.tags.get(reference.removeprefix("refs/tags/"), "")
    branch = refs.branches.get(reference.removeprefix("refs/heads/"), "")
    if tag and branch and tag != branch:
        message = f"both a tag and a branch are called {shown}, and they are different"
        return _trouble(it, "wrong", message, f"write refs/tags/{shown} or refs/heads/{shown}")
    if not (commit := tag or branch):
        message = f"there is no tag and no branch {shown}"
        return _trouble(it, "wrong", message, "name one that its repository has, or a whole commit")
    bare = reference.removeprefix("refs/tags/").removeprefix("refs/heads/")
    return _Decision(Change(commit, label(bare, commit, refs)))


def _says_as_much(claim: str, name: str) -> bool:
    """Whether a comment already names the version, however it is written there."""
    one, other = version_of(claim), version_of(name)
    return claim == name or (one is not None and other is not None and one[1:] == other[1:])


def _trouble(it: Reference, kind: TroubleKind, message: str, remedy: str) -> _Decision:
    return _Decision(trouble=Trouble(it.line, it.dependency.display, kind, message, remedy))


def _told(it: Reference, change: Change) -> Repinned:
    about = it.dependency
    return Repinned(it.line, about.display, about.requirement, change.commit, change.name)

"""Whether a pinned commit is its repository's own, and the version that its comment claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

from msgspec import Struct

from gatekeeper.model.remote import Refs
from gatekeeper.ports.remotes import RemoteError, Remotes
from gatekeeper.supplychain.version_tags import tags_at, version_of
from gatekeeper.text.names import printable
from gatekeeper.text.patterns import regex

State = Literal["confirmed", "unclaimed", "impostor", "mismatch", "open"]
# Names of accounts and repositories as forges allow them: nothing that leads elsewhere.
_NAME = regex(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
SHOWN = 12


class Pin(NamedTuple):
    """A commit of the repository at `address`, and the version that a comment claims or nothing."""

    address: str
    commit: str
    claim: str


class Standing(Struct, frozen=True):
    """What is known of a pin. `commit` is what it really leads to: a tag's own id is none.

    `confirmed`: the repository's own, and the claim holds. `unclaimed`: its own, and nothing is
    claimed. `impostor`: on no branch and no tag. `mismatch`: its own, and not that version. `open`:
    nobody could tell, `remedy` says what to do.
    """

    state: State
    commit: str
    message: str = ""
    remedy: str = ""


def address_of(server: str, name: str) -> str:
    """The address of `owner/name` on a server; empty for what is no such name."""
    return f"{server.rstrip('/')}/{name}" if _NAME.fullmatch(name) else ""


class Repositories:
    """Asks each repository once, and all that are asked for together at the same time."""

    def __init__(self, remotes: Remotes) -> None:
        self._remotes = remotes
        self._refs: dict[str, Refs | RemoteError] = {}
        self._held: dict[tuple[str, str], bool | RemoteError] = {}

    def ask(self, addresses: Collection[str]) -> None:
        unknown = sorted(set(addresses) - self._refs.keys())
        if unknown:
            self._refs |= self._remotes.refs(unknown)

    def refs(self, address: str) -> Refs | RemoteError:
        self.ask((address,))
        return self._refs[address]

    def standings(self, pins: Collection[Pin]) -> Mapping[Pin, Standing]:
        """What is known of each of the pins."""
        self.ask({pin.address for pin in pins})
        lost: defaultdict[str, set[str]] = defaultdict(set)
        for pin in pins:
            refs = self._refs[pin.address]
            if isinstance(refs, Refs) and not _on_a_ref(pin.commit, refs):
                lost[pin.address].add(pin.commit)
        for address, commits in lost.items():
            self._look_for(address, {it for it in commits if (address, it) not in self._held})
        return {pin: self._standing(pin) for pin in pins}

    def _look_for(self, address: str, commits: Collection[str]) -> None:
        if not commits:
            return
        try:
            held = self._remotes.held(address, commits)
        except RemoteError as error:
            self._held |= {(address, it): error for it in commits}
        else:
            self._held |= {(address, it): it in held for it in commits}

    def _standing(self, pin: Pin) -> Standing:
        refs = self._refs[pin.address]
        if isinstance(refs, RemoteError):
            return _open(pin.commit, refs)
        held = _on_a_ref(pin.commit, refs) or self._held[pin.address, pin.commit]
        if isinstance(held, RemoteError):
            return _open(pin.commit, held)
        if not held:
            message = (
                f"commit {pin.commit[:SHOWN]} is on no branch and no tag of {pin.address}: it may be"
                " one of a fork, which anybody can make"
            )
            return Standing("impostor", pin.commit, message)
        return _claimed(pin, refs.objects.get(pin.commit, pin.commit), refs)


def _on_a_ref(commit: str, refs: Refs) -> bool:
    return (
        commit in refs.tags.values() or commit in refs.branches.values() or commit in refs.objects
    )


def _open(commit: str, error: RemoteError) -> Standing:
    return Standing("open", commit, error.message, error.remedy)


def _claimed(pin: Pin, commit: str, refs: Refs) -> Standing:
    """One that is the repository's own, by what is claimed of it."""
    if not pin.claim:
        return Standing("unclaimed", commit)
    claim = version_of(pin.claim)
    names = tags_at(commit, refs)
    if pin.claim in names:
        return Standing("confirmed", commit)
    if claim and any((it := version_of(name)) is not None and it.says(claim) for name in names):
        return Standing("confirmed", commit)
    said, short = printable(pin.claim), pin.commit[:SHOWN]
    elsewhere = [
        at
        for tag, at in refs.tags.items()
        if tag == pin.claim or (claim and (it := version_of(tag)) and it[1:] == claim[1:])
    ]
    if elsewhere:
        is_at = f"{said} is commit {elsewhere[0][:SHOWN]} there"
        message = f"the comment says {said}, and {is_at}, not {short}: one of them was changed"
    else:
        message = f"the comment says {said}, and no tag of that version leads to {short}"
    return Standing("mismatch", commit, message)

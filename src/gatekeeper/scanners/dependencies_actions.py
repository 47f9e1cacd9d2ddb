"""Versions of actions that no comment names, where their repositories may be asked."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from gatekeeper.managers.tags import tag_version
from gatekeeper.model.dependency import Dependency, Inventory
from gatekeeper.model.remote import Refs
from gatekeeper.scanners.change_interface import Change
from gatekeeper.supplychain.standing import Repositories, address_of
from gatekeeper.supplychain.version_tags import label


class Naming:
    """Asks each repository once for head and base."""

    def __init__(self, change: Change) -> None:
        self._options = change.config.scanners.action_pins
        self._repositories: Repositories | None = None
        self._change = change
        self._server = ""

    def named(self, found: Sequence[Inventory]) -> Sequence[Inventory]:
        """The inventories, with the version that a commit, a tag or a branch of an action is now.

        What nobody can tell stays as it is, so that it is not checked.
        """
        if not (self._options.enabled and self._options.verify):
            return found
        open_ones = [it for one in found for it in one.dependencies if _is_open(it)]
        if not open_ones:
            return found
        if self._repositories is None:
            remotes = self._change.remotes()
            self._server = self._options.server or remotes.server
            self._repositories = Repositories(remotes)
        self._repositories.ask({at for it in open_ones if (at := self._address(it))})
        return [
            replace(one, dependencies=tuple(map(self._one, one.dependencies)))
            if any(map(_is_open, one.dependencies))
            else one
            for one in found
        ]

    def _address(self, it: Dependency) -> str:
        return address_of(self._server, "/".join(it.display.split("/")[:2]))

    def _one(self, it: Dependency) -> Dependency:
        address = self._address(it) if _is_open(it) else ""
        refs = self._repositories.refs(address) if address and self._repositories else None
        if not isinstance(refs, Refs):
            return it
        asked = it.requirement
        tag, branch = refs.tags.get(asked, ""), refs.branches.get(asked, "")
        commit = asked.lower() if it.hashes else tag or branch
        if not commit or (tag and branch and tag != branch):
            return it
        commit = refs.objects.get(commit, commit)
        version = tag_version(label(it.claim if it.hashes else asked, commit, refs))
        return replace(it, version=version) if version else it


def _is_open(it: Dependency) -> bool:
    return it.ecosystem == "github-actions" and not it.version

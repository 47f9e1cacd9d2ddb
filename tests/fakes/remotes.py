"""Repositories of others: scripted ones, and real ones that git reaches under github.com's address."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gatekeeper.model.remote import Refs
from gatekeeper.ports.remotes import RemoteError, Remotes
from tests.fakes.repo import Repo

SERVER = "https://github.com"


def no_remotes() -> Remotes:
    """For checks in which nobody is to be asked."""
    raise AssertionError("no repository is to be asked")


@dataclass
class FakeRemotes:
    """Holds the answers by address; an address without one cannot be reached. Notes who is asked."""

    known: Mapping[str, Refs]
    histories: Mapping[str, frozenset[str]] = field(default_factory=dict)
    server: str = SERVER
    asked: list[str] = field(default_factory=list)
    searched: list[str] = field(default_factory=list)

    def refs(self, addresses: Collection[str]) -> Mapping[str, Refs | RemoteError]:
        self.asked += addresses
        gone = RemoteError("it does not answer", "look at the network")
        return {it: self.known.get(it, gone) for it in addresses}

    def held(self, address: str, commits: Collection[str]) -> frozenset[str]:
        self.searched.append(address)
        if address not in self.histories:
            raise RemoteError("its history cannot be had", "look at the network")
        return frozenset(commits) & self.histories[address]


@dataclass(frozen=True)
class Github:
    """Bare repositories below a folder; `environ` makes git find them where GitHub's would be."""

    root: Path

    @property
    def environ(self) -> dict[str, str]:
        config = self.root / "gitconfig"
        if not config.exists():
            self.root.mkdir(parents=True, exist_ok=True)
            address = f"file://{self.root}/"
            config.write_text(f'[url "{address}"]\n\tinsteadOf = {SERVER}/\n', encoding="utf-8")
        return {"GIT_CONFIG_GLOBAL": str(config)}

    def make(self, name: str) -> Repo:
        """A working copy of a new repository; what is pushed there is on GitHub."""
        bare = self.root / name
        copy = Repo.create(self.root / "copies" / name)
        copy.git("init", "-q", "--bare", "-b", "main", str(bare))
        copy.git("-C", str(bare), "config", "uploadpack.allowFilter", "true")
        copy.git("-C", str(bare), "config", "uploadpack.allowAnySHA1InWant", "true")
        copy.git("remote", "add", "origin", str(bare))
        return copy

    def action(self, name: str, *tags: str) -> dict[str, str]:
        """A repository with a commit for each tag, every second of which is annotated; commits."""
        copy = self.make(name)
        commits = {}
        for number, tag in enumerate(tags):
            commits[tag] = copy.commit(tag, **{"action.yml": f"name: {tag}\n"})
            copy.git("tag", *(("-a", "-m", tag) if number % 2 else ()), tag)
        copy.git("push", "-q", "--tags", "origin", "main")
        return commits

    def impostor(self, name: str) -> str:
        """A commit that a fork has made: in the repository's store, on no branch and no tag."""
        copy = Repo(self.root / "copies" / name)
        copy.git("checkout", "-q", "-b", "evil")
        commit = copy.commit("evil", **{"action.yml": "name: evil\n"})
        copy.git("push", "-q", "origin", "evil:refs/pull/1/head")
        copy.git("checkout", "-q", "main")
        return commit


def environment(github: Github) -> dict[str, str]:
    """The surroundings of this test, with that GitHub in them."""
    return {**os.environ, **github.environ}

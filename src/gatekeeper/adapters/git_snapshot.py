"""Versions of the repository's files that git has stored: index, commit, nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

from gatekeeper.adapters.git_parse import (
    parse_stage,
    parse_tree,
)
from gatekeeper.adapters.git_process import LIST
from gatekeeper.errors import RepositoryError, UsageError
from gatekeeper.model.tree import Entry
from gatekeeper.text.fingerprint import digest

if TYPE_CHECKING:
    from gatekeeper.adapters.git import GitRepository

_READ_AT_ONCE = 256
EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}


class _Stored:
    """Reading content out of git's object database."""

    def __init__(self, repository: GitRepository) -> None:
        self._repository = repository

    def entries(self) -> dict[str, Entry]:
        raise KeyError

    def read(self, path: str) -> bytes:
        """One file's content; KeyError when it is not there."""
        entry = self.entries()[path]
        return self._repository.git("cat-file", "blob", entry.blob)

    def sizes(self, paths: Iterable[str]) -> dict[str, int]:
        """How large files are, without reading them."""
        entries = self.entries()
        wanted = [path for path in paths if path in entries]
        request = "".join(f"{entries[path].blob}\n" for path in wanted).encode()
        answer = self._repository.git(
            "cat-file", "--batch-check=%(objecttype) %(objectsize)", data=request
        )
        return {
            path: int(size)
            for path, line in zip(wanted, answer.decode().splitlines(), strict=True)
            if (size := line.rpartition(" ")[2]).isdigit()
        }

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Many files' contents, in order, through one git process."""
        entries = self.entries()
        wanted = [path for path in paths if path in entries]
        for start in range(0, len(wanted), _READ_AT_ONCE):
            yield from self._read_some(wanted[start : start + _READ_AT_ONCE], entries)

    def _read_some(
        self, wanted: list[str], entries: dict[str, Entry]
    ) -> Iterator[tuple[str, bytes]]:
        request = "".join(f"{entries[path].blob}\n" for path in wanted).encode()
        answer = memoryview(self._repository.git("cat-file", "--batch", data=request))
        at = 0
        for path in wanted:
            end = bytes(answer[at : at + 200]).index(b"\n") + at
            parts = bytes(answer[at:end]).split(b" ")
            if len(parts) != 3:
                raise RepositoryError(f"git has no content for {path!r} ({parts[-1].decode()})")
            size = int(parts[2])
            yield path, bytes(answer[end + 1 : end + 1 + size])
            at = end + 1 + size + 1


class CommitSnapshot(_Stored):
    """The files of a commit."""

    kind: Literal["commit"] = "commit"

    def __init__(self, repository: GitRepository, commit: str) -> None:
        super().__init__(repository)
        self.commit = commit
        self.label = commit[:12]

    @cached_property
    def tree(self) -> str:
        """The id of the commit's tree."""
        return (
            self._repository.git("rev-parse", "--verify", f"{self.commit}^{{tree}}")
            .decode()
            .strip()
        )

    @property
    def digest(self) -> str:
        return digest("tree", self.tree)

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        return parse_tree(self._repository.git("ls-tree", "-r", "-z", "--full-tree", self.tree))

    def entries(self) -> dict[str, Entry]:
        return self._entries


class EmptySnapshot:
    """No files at all: what the first commit is compared with."""

    kind: Literal["commit"] = "commit"
    label = "the empty tree"

    def __init__(self, object_format: str) -> None:
        self.tree = EMPTY_TREES[object_format]
        self.digest = digest("tree", self.tree)

    def entries(self) -> dict[str, Entry]:
        return {}

    def read(self, path: str) -> bytes:
        raise KeyError(path)

    def sizes(self, paths: Iterable[str]) -> dict[str, int]:
        return {}

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return iter(())


class IndexSnapshot(_Stored):
    """What is staged."""

    kind: Literal["index"] = "index"
    label = "staged changes"

    def __init__(self, repository: GitRepository) -> None:
        super().__init__(repository)
        self._raw = repository.git(*LIST)
        if repository.git("ls-files", "--unmerged", "-z"):
            raise UsageError(
                "the index has unmerged paths, so nothing definite is staged",
                remedy="resolve the conflicts and `git add` the files",
            )

    @cached_property
    def digest(self) -> str:
        return blake2b(b"index" + self._raw, digest_size=16).hexdigest()

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        return parse_stage(self._raw)

    def entries(self) -> dict[str, Entry]:
        return self._entries

"""The history behind all refs, streamed: memory does not grow with it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Literal

from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.git_snapshot import _Stored
from gatekeeper.errors import RepositoryError
from gatekeeper.model.history import Blob, Origin
from gatekeeper.model.tree import Entry
from gatekeeper.text.fingerprint import digest
from gatekeeper.text.names import printable

_SHAPE = "--batch-check=%(objecttype) %(objectsize) %(objectname) %(rest)"
_PIECE = 1 << 16


class BlobSnapshot(_Stored):
    """Blobs under made-up paths, read like the files of a commit."""

    kind: Literal["commit"] = "commit"
    label = "the history"

    def __init__(self, repository: GitRepository, blobs: Mapping[str, str]) -> None:
        super().__init__(repository)
        self._entries = {path: Entry("100644", blob) for path, blob in blobs.items()}

    @property
    def digest(self) -> str:
        return digest("blobs", *(f"{path} {it.blob}" for path, it in self._entries.items()))

    def entries(self) -> dict[str, Entry]:
        return self._entries


class GitHistory:
    """Everything that a ref of this repository leads to."""

    def __init__(self, repository: GitRepository) -> None:
        self._repository = repository

    def tips(self) -> tuple[str, ...]:
        shown = self._repository.git("for-each-ref", "--format=%(objectname)").decode().split()
        head = self._repository.head()
        return tuple(sorted({*shown, *([head] if head else [])}))

    def is_shallow(self) -> bool:
        return self._repository.is_shallow()

    def forgotten(self, commits: Iterable[str]) -> bool:
        request = "".join(f"{it}\n" for it in commits)
        if not request:
            return False
        request += "".join(f"^{it}\n" for it in self.tips())
        try:
            left = self._repository.git(
                "rev-list", "--objects", "--max-count=1", "--stdin", data=request.encode()
            )
        except RepositoryError:
            return True  # an object is gone altogether
        return bool(left)

    def blobs(self, since: str, known: Iterable[str]) -> Iterator[Blob]:
        excluded = [*([since] if since else []), *known]
        starts = "".join(f"{it}\n" for it in self.tips())
        request = starts + "".join(f"^{it}\n" for it in excluded)
        with (
            # What is missing is named, and not fetched from where a partial clone came from.
            self._running(
                "rev-list", "--objects", "--missing=print", "--stdin", data=request.encode()
            ) as objects,
            self._running("cat-file", "--buffer", _SHAPE, source=objects) as sizes,
        ):
            for line in sizes:
                yield from _blob(line)

    def origins(
        self, wanted: Collection[str], since: str, counts: Callable[[str], bool]
    ) -> dict[str, Origin]:
        if not wanted:
            return {}
        left_out = (f"^{since}",) if since else ()
        found: dict[str, Origin] = {}
        commit = date = ""
        age = 0
        with self._running(
            "log", "--all", "HEAD", *left_out, "--topo-order", "--raw", "-c", "-z", "--no-abbrev",
            "--no-renames", "--no-show-signature", "--no-ext-diff", "--format=tformat:%x01%H %aI",
            "--",
        ) as shown:  # fmt: skip
            tokens = _tokens(shown)
            for token in tokens:
                text = token.lstrip(b"\n")
                if text.startswith(b"\x01"):
                    commit, _, date = text[1:].decode("ascii", "replace").partition(" ")
                    date = date.removesuffix("Z") + "+00:00" * date.endswith("Z")  # newer gits
                    age += 1
                elif text.startswith(b":"):
                    path = next(tokens, b"").decode("utf-8", "surrogateescape")
                    blob = text.split(b" ")[-2].decode("ascii", "replace")
                    # What comes later in this order is older: the last one stays.
                    if blob in wanted and counts(path):
                        found[blob] = Origin(commit, date, path, age)
        return found

    def current(self) -> Collection[str]:
        head = self._repository.head()
        if not head:
            return frozenset()
        snapshot = self._repository.commit_snapshot(head)
        return frozenset(entry.blob for entry in snapshot.entries().values())

    def snapshot(self, blobs: Mapping[str, str]) -> BlobSnapshot:
        return BlobSnapshot(self._repository, blobs)

    @contextmanager
    def _running(
        self, *arguments: str, data: bytes = b"", source: IO[bytes] | None = None
    ) -> Iterator[IO[bytes]]:
        """A git command's standard output. Raises RepositoryError when it ends in another way."""
        with tempfile.TemporaryFile() as said:
            with tempfile.TemporaryFile() as given:
                given.write(data)
                given.seek(0)
                process = self._repository.start(arguments, source or given, said)
            output = process.stdout
            if output is None:
                raise RepositoryError(f"git {arguments[0]} has no output")
            complete = False
            try:
                yield output
                complete = True
            finally:
                output.close()
                if not complete:
                    process.kill()
                status = process.wait()
            if status:
                said.seek(0)
                lines = said.read(4096).decode("utf-8", "replace").splitlines() or [
                    "no reason given"
                ]
                raise RepositoryError(f"git {arguments[0]}: {printable(lines[0])[:300]}")


def _blob(line: bytes) -> Iterator[Blob]:
    """A line of `cat-file`; nothing for what is no blob."""
    parts: Sequence[bytes] = line.rstrip(b"\n").split(b" ", 3)
    if parts[-1] == b"missing" and len(parts) == 2:
        yield Blob(parts[0].removeprefix(b"?").decode("ascii", "replace"), -1, "")
    elif parts[0] == b"blob":
        path = parts[3].decode("utf-8", "surrogateescape") if len(parts) > 3 else ""
        yield Blob(parts[2].decode(), int(parts[1]), path)


def _tokens(stream: IO[bytes]) -> Iterator[bytes]:
    """What NULs divide."""
    rest = b""
    while piece := stream.read(_PIECE):
        *whole, rest = (rest + piece).split(b"\0")
        yield from whole
    if rest:
        yield rest

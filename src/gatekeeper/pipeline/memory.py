"""What the cache knows about one scanner's files, and under which keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import msgspec

from gatekeeper.model.finding import Finding, Measurement, Unchecked
from gatekeeper.model.outcome import Ran, Skipped
from gatekeeper.pipeline.run import BatchAnswer, FileAnswer
from gatekeeper.ports.cache import Cache
from gatekeeper.ports.repository import Snapshot
from gatekeeper.scanners.interface import Prepared, Scanner
from gatekeeper.text.fingerprint import digest

# Grows whenever the stored form, or the meaning of a fingerprint, changes.
FORMAT = "6"

_encoder = msgspec.msgpack.Encoder()


@cache
def _decode(kind: Any) -> Callable[[bytes], Any]:
    """Decoders are made when they are needed: that takes longer than reading a hundred answers."""
    return msgspec.msgpack.Decoder(kind).decode


def _encode(value: FileAnswer | Ran | Skipped) -> bytes | None:
    """None for what has no form: findings in a path that is no UTF-8 are looked for again."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        return None


class Side:
    """One scanner's files at one version: what is known, and what is still missing."""

    def __init__(self, snapshot: Snapshot, paths: Sequence[str]) -> None:
        self.snapshot = snapshot
        self.paths = paths
        self.answers: dict[str, FileAnswer] = {}
        self.missing: list[str] = []
        self.measurements: list[Measurement] = []
        self.uncertain = False
        self.keys: dict[str, bytes] = {}

    def findings(self) -> tuple[Finding, ...]:
        """All findings, in path order."""
        return tuple(it for path in sorted(self.answers) for it in self.answers[path].findings)

    def unchecked(self) -> tuple[Unchecked, ...]:
        """All files that could not be judged, in path order."""
        return tuple(it for path in sorted(self.answers) for it in self.answers[path].unchecked)

    def adopt(self, ran: Ran) -> None:
        """Take over a complete answer."""
        found: dict[str, list[Finding]] = {}
        left: dict[str, list[Unchecked]] = {}
        for finding in ran.findings:
            found.setdefault(finding.path, []).append(finding)
        for item in ran.unchecked:
            left.setdefault(item.path, []).append(item)
        self.answers = {
            path: FileAnswer(tuple(found.get(path, ())), tuple(left.get(path, ())))
            for path in {**found, **left}
        }
        self.measurements = list(ran.measurements)


class TreeMemory:
    """Remembers a scanner's complete answer for a whole tree, found without opening a file.

    That it had no business there is an answer as well: finding out takes a look at every path.
    """

    def __init__(self, cache: Cache, *identity: str) -> None:
        self._cache = cache
        self._key = bytes.fromhex(digest(FORMAT, "tree", *identity))

    def recall(self) -> Ran | Skipped | None:
        value = self._cache.get_many([self._key]).get(self._key)
        if value is None:
            return None
        outcome: Ran | Skipped = _decode(Ran | Skipped)(value)
        return outcome

    def store(self, ran: Ran | Skipped) -> None:
        if (value := _encode(ran)) is not None:
            self._cache.put_many({self._key: value})


class FileMemory:
    """Remembers answers by content: per file, or for all files of a whole-tree scanner at once."""

    def __init__(
        self, cache: Cache, scanner: Scanner, prepared: Prepared, identity: Iterable[str]
    ) -> None:
        self._cache = cache
        self._whole = scanner.scope == "tree"
        self._prepared = prepared
        self._common = digest(FORMAT, *identity, prepared.digest)

    def recall(self, side: Side) -> None:
        """Fill in what is known; the rest is `side.missing`."""
        entries = side.snapshot.entries()
        if self._whole:
            content = digest(*(f"{path}\0{entries[path]}" for path in sorted(side.paths)))
            side.keys = {"": bytes.fromhex(digest(self._common, content))}
        else:
            own_digest = self._prepared.file_digest
            side.keys = {
                path: bytes.fromhex(
                    digest(self._common, path, entries[path].blob, own_digest(path))
                )
                for path in side.paths
            }
        known = self._cache.get_many(side.keys.values())
        if self._whole:
            value = known.get(side.keys[""])
            if value is None:
                side.missing = list(side.paths)
            else:
                side.adopt(_decode(Ran)(value))
            return
        for path, key in side.keys.items():
            if (value := known.get(key)) is None:
                side.missing.append(path)
            else:
                side.answers[path] = _decode(FileAnswer)(value)

    def store(self, side: Side, result: BatchAnswer) -> None:
        """Keep what is certain."""
        if self._whole:
            if not result.uncertain:
                whole = Side(side.snapshot, side.paths)
                whole.answers = result.files
                ran = Ran(whole.findings(), whole.unchecked(), result.measurements)
                if (value := _encode(ran)) is not None:
                    self._cache.put_many({side.keys[""]: value})
            return
        self._cache.put_many(
            {
                side.keys[path]: value
                for path, answer in result.files.items()
                if path in side.keys
                and path not in result.uncertain
                and (value := _encode(answer)) is not None
            }
        )

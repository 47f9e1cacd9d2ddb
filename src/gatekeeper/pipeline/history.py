"""The use case behind `gatekeeper secrets history`: every blob once, whoever asks how often.

What was found in a blob is remembered under its id, chunk by chunk, so a run that was stopped goes
on where it was; and once everything behind the refs is known, the next run only asks git for what
came in since. Remembered is what every report holds: never a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct

from gatekeeper.config.load import Loaded
from gatekeeper.errors import RepositoryError
from gatekeeper.model.finding import Measurement, Unchecked
from gatekeeper.model.history import Blob, Origin
from gatekeeper.model.outcome import Failed, Outcome, Ran, Skipped
from gatekeeper.pipeline.appearance import appearances
from gatekeeper.pipeline.history_walk import once, parts_of
from gatekeeper.pipeline.memory import FORMAT
from gatekeeper.pipeline.run import FileAnswer, Means, run_batch
from gatekeeper.pipeline.schedule import Schedule
from gatekeeper.pipeline.select import Scope, skip_reason
from gatekeeper.ports.cache import Cache
from gatekeeper.ports.history import History
from gatekeeper.ports.process import ToolError
from gatekeeper.ports.progress import Progress
from gatekeeper.scanners.interface import Context, Prepared, Scanner
from gatekeeper.text.fingerprint import digest
from gatekeeper.text.names import plural
from gatekeeper.text.redact import redact

_MOST_BLOBS = 500
_MOST_BYTES = 32 << 20
_LOOK_UP = 1_000
_MOST_REFUSED = 20
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(FileAnswer).decode


class Asked(Struct, frozen=True):
    """What was asked for. `since` is a commit whose history is left out; `most` bytes of a blob."""

    since: str
    most: int
    jobs: int


class Known(Struct, frozen=True):
    """What a complete run leaves behind: where it began, and the blobs that are not just clean."""

    tips: tuple[str, ...]
    notable: tuple[Blob, ...]


_decode_known = msgspec.msgpack.Decoder(Known).decode


class HistoryScan:
    """One run: `outcome` scans what is missing, and tells about everything."""

    def __init__(
        self, asked: Asked, past: History, scanner: Scanner, loaded: Loaded, means: Means,
        cache: Cache, progress: Progress,
    ) -> None:  # fmt: skip
        self._asked = asked
        self._past = past
        self._scanner = scanner
        self._loaded = loaded
        self._means = means
        self._cache = cache
        self._progress = progress
        self._scope = Scope(exclude=loaded.config.exclude)
        self._notable: dict[str, tuple[Blob, FileAnswer]] = {}
        self._blobs = self._scanned = self._refused = 0
        self._identity: tuple[str, ...] = ()

    def outcome(self) -> Outcome:
        """All secrets in all blobs, each once, and the blobs that could not be looked at."""
        scanner = self._scanner
        if skipped := skip_reason(scanner, self._loaded.config, self._loaded.policy, "ci"):
            return skipped
        try:
            return self._scan()
        except ToolError as error:
            return Failed(error.reason, redact(error.message), error.remedy)
        except RepositoryError as error:
            return Failed("input-invalid", error.message, error.remedy)

    def _scan(self) -> Ran | Skipped:
        tips = self._past.tips()
        if not tips:
            return Skipped("no-matching-files", "nothing was committed yet")
        # What the scanner would do does not depend on which files there are, if there are any.
        some = self._past.snapshot({"a": "0" * 40})
        prepared = self._scanner.prepare(Context(some, self._loaded.config, self._means.root))
        if isinstance(prepared, Skipped):
            return prepared
        tool = self._means.toolbox.digest(self._scanner.tool)
        self._identity = (
            FORMAT, "history", self._scanner.id, str(self._scanner.revision), tool, prepared.digest,
        )  # fmt: skip
        known = self._known()
        chunks = self._chunks(known.notable, self._past.blobs(self._asked.since, known.tips))
        self._run(prepared, chunks)
        if not self._asked.since and not self._past.is_shallow():
            notable = tuple(blob for blob, _ in self._notable.values())
            self._store({self._state_key(): Known(tips, notable)})
        return self._told()

    def _known(self) -> Known:
        """What an earlier run over everything found, if all of that is still there."""
        key = self._state_key()
        value = None if self._asked.since else self._cache.get_many([key]).get(key)
        if value is not None:
            try:
                known = _decode_known(value)
            except msgspec.DecodeError:  # another version wrote it
                known = Known((), ())
            if not self._past.forgotten(known.tips):
                return known
        return Known((), ())

    def _state_key(self) -> bytes:
        return bytes.fromhex(digest(*self._identity, "tips", self._means.root))

    def _key(self, blob: Blob) -> bytes:
        # Its name decides about a few rules, and nothing else about where it lies.
        return bytes.fromhex(digest(*self._identity, blob.id, blob.path.rpartition("/")[2]))

    def _chunks(self, again: Iterable[Blob], walked: Iterable[Blob]) -> Iterator[list[Blob]]:
        """What has to be scanned, in pieces that fit; the rest is answered here."""
        chunk: list[Blob] = []
        size = 0
        for part in parts_of(once(again, walked), _LOOK_UP):
            self._blobs += len(part)
            fitting = [blob for blob in part if self._fits(blob)]
            keys = {blob.id: self._key(blob) for blob in fitting}
            found = self._cache.get_many(keys.values())
            for blob in fitting:
                if (answer := _answer(found.get(keys[blob.id]))) is not None:
                    self._take(blob, answer)
                    continue
                if chunk and (len(chunk) >= _MOST_BLOBS or size + blob.size > _MOST_BYTES):
                    yield chunk
                    chunk, size = [], 0
                chunk.append(blob)
                size += blob.size
        if chunk:
            yield chunk

    def _fits(self, blob: Blob) -> bool:
        if 0 <= blob.size <= self._asked.most:
            return True
        lost = blob.size < 0
        message = "git has lost its content" if lost else (
            f"{blob.size / (1 << 20):.0f} MB is more than --max-blob-mb ({self._asked.most >> 20})"
        )  # fmt: skip
        note = Unchecked(
            self._scanner.id, blob.path, "unreadable" if lost else "too-large", message
        )
        self._notable[blob.id] = (blob, FileAnswer((), (note,)))
        return False

    def _run(self, prepared: Prepared, chunks: Iterator[list[Blob]]) -> None:
        """A few chunks at a time, one per processor; what is done is remembered at once."""
        schedule = Schedule(self._asked.jobs)
        trouble: list[BaseException] = []

        def add() -> None:
            chunk = next(chunks, None) if not trouble else None
            if chunk is None:
                return
            names = {f"{blob.id}/{blob.path}": blob for blob in chunk}
            self._progress.started(self._scanner.id, f"{plural(self._blobs, 'blob')} of history")

            schedule.add(
                1.0, lambda: self._look(prepared, names), lambda result: done(names, result)
            )

        def done(names: Mapping[str, Blob], result: object) -> None:
            if not isinstance(result, dict):
                trouble.append(
                    result if isinstance(result, BaseException) else TypeError(str(result))
                )
                return
            self._scanned += len(names)
            answers = {blob: result.get(name, FileAnswer()) for name, blob in names.items()}
            # What was not looked at is tried again the next time.
            self._store({self._key(it): told for it, told in answers.items() if not told.unchecked})
            for blob, told in answers.items():
                self._take(blob, told)
            add()

        for _ in range(self._asked.jobs):
            add()
        schedule.run(self._stop)
        self._progress.finished(self._scanner.id, "")
        if trouble:
            raise trouble[0]

    def _look(self, prepared: Prepared, names: Mapping[str, Blob]) -> dict[str, FileAnswer]:
        """A chunk's answers. One blob that the tool passes over does not hold up the others."""
        snapshot = self._past.snapshot({name: blob.id for name, blob in names.items()})
        listed = list(names)
        try:
            return run_batch(self._scanner, prepared, snapshot, listed, self._means, 0).files
        except ToolError as error:
            # Many in a row, and it is no matter of the blobs.
            if error.reason != "tool-output-invalid" or self._refused >= _MOST_REFUSED:
                raise
            if len(listed) == 1:
                self._refused += 1
                path = names[listed[0]].path
                note = Unchecked(self._scanner.id, path, "not-reported", redact(error.message))
                return {listed[0]: FileAnswer((), (note,))}
        half = len(listed) // 2
        parts = (listed[:half], listed[half:])
        first, second = (self._look(prepared, {it: names[it] for it in part}) for part in parts)
        return first | second

    def _stop(self) -> None:
        self._means.toolbox.cancel()
        self._means.processes.cancel()

    def _take(self, blob: Blob, answer: FileAnswer) -> None:
        if answer.findings or answer.unchecked:
            self._notable[blob.id] = (blob, answer)

    def _store(self, values: Mapping[bytes, FileAnswer | Known]) -> None:
        encoded: dict[bytes, bytes] = {}
        for key, value in values.items():
            try:
                encoded[key] = _encode(value)
            except UnicodeEncodeError:  # a path that is no UTF-8: it is looked at again
                continue
        self._cache.put_many(encoded)

    def _told(self) -> Ran:
        origins = self._past.origins(
            frozenset(self._notable), self._asked.since, self._scope.covers
        )
        found = {
            blob.id: (self._origin(blob, origins), answer)
            for blob, answer in self._notable.values()
        }
        findings = appearances(
            {key: (it, answer.findings) for key, (it, answer) in found.items() if it},
            frozenset(self._past.current()) if found else frozenset(),
        )
        unchecked = [
            Unchecked(note.scanner, origin.path, note.reason, f"blob {key[:12]}: {note.message}")
            for key, (origin, answer) in found.items()
            if origin
            for note in answer.unchecked
        ]
        if self._past.is_shallow():
            why = "the clone is shallow: older history was not looked at (git fetch --unshallow)"
            unchecked.append(Unchecked(self._scanner.id, "", "unreadable", why))
        return Ran(
            findings=findings,
            unchecked=tuple(sorted(unchecked, key=lambda it: (it.path, it.message))),
            measurements=(
                Measurement(self._scanner.id, "history.blobs", self._blobs, "blobs"),
                Measurement(self._scanner.id, "history.scanned", self._scanned, "blobs"),
            ),
            cached_files=self._blobs - self._scanned,
            scanned_files=self._scanned,
            tool_version=self._means.toolbox.status(self._scanner.tool).version,
            summary=f"{plural(self._scanned, 'blob')} scanned now",
        )

    def _origin(self, blob: Blob, origins: Mapping[str, Origin]) -> Origin | None:
        """Where a blob came in; None when it only ever had paths that are excluded."""
        if blob.id in origins:
            return origins[blob.id]
        return Origin("", "", blob.path, 0) if self._scope.covers(blob.path) else None


def _answer(value: bytes | None) -> FileAnswer | None:
    if value is None:
        return None
    try:
        return _decode(value)
    except msgspec.DecodeError:  # another version wrote it
        return None

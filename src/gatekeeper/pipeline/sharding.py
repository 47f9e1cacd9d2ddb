"""How many parts a check is worth, and what one part of it found out."""

from __future__ import annotations

from msgspec import Struct

from gatekeeper.model.outcome import Failed
from gatekeeper.model.partial import PARTIAL_VERSION, Identity, Partial, PartialOutcome
from gatekeeper.model.shard import Shard
from gatekeeper.pipeline.check import Check
from gatekeeper.scanners.interface import Scanner
from gatekeeper.text.fingerprint import digest
from gatekeeper.version import VERSION

# What one more part has to save to be worth a machine of its own.
_WORTH = 0.1


def identity(check: Check) -> Identity:
    """What has to be the same for parts to belong together."""
    base = check.versions.base
    return Identity(
        gatekeeper=VERSION,
        head=check.versions.head.digest,
        base=base.digest if base else "",
        policy=check.policy_digest(),
        question=check.request.question,
    )


def partial(check: Check) -> Partial:
    """Scan one part, and judge nothing."""
    clock = check.services.clock
    started = clock.monotonic()
    outcomes = check.outcomes()
    runs = {run.scanner.id: run for run in check.runs}
    parts = []
    for item in outcomes:
        run = runs.get(item.scanner)
        base_failed: Failed | None = run.base_failed if run else None
        tool = check.tool_digest(run.scanner) if run else ""
        shared = _shared(check, run.scanner) if run else ""
        part = PartialOutcome(item.scanner, item.gate, item.outcome, base_failed, tool, shared)
        parts.append(part)
    return Partial(
        schema_version=PARTIAL_VERSION,
        shard=check.request.shard,
        identity=identity(check),
        outcomes=tuple(parts),
        notes=tuple(check.services.cache.notes),
        seconds=clock.monotonic() - started,
    )


def _shared(check: Check, scanner: Scanner) -> str:
    """The tool's identity without what differs from machine to machine.

    The project's own tools are told apart by time and place of their programs, so another
    installation of the same would count as another tool: its environment names it well enough.
    """
    status = check.services.means.toolbox.status(scanner.tool)
    if status.source == "locked":
        return status.digest
    return digest(status.source, check.services.environment)


class Load(Struct, frozen=True):
    """One scanner's work: seconds to start, and seconds of one processor for its files."""

    startup: float
    seconds: float
    whole: bool
    position: int = 0


def loads(check: Check) -> list[Load]:
    """The work that is left when everything known has been recalled; starts no tool."""
    if check.base.problem:
        return []
    check.look()
    trees = 0
    found: list[Load] = []
    for run in check.runs:
        whole = run.scanner.scope == "tree"
        seconds = run.expected()
        if seconds > 0:
            found.append(Load(run.scanner.startup, seconds, whole, trees))
        trees += whole
    return found


def count_for(work: list[Load], workers: int, target: float, most: int) -> int:
    """The smallest number of parts that end within `target` seconds; `most` is the limit.

    Where no number does, it is the one from which on another part saves next to nothing: what
    looks at the whole tree is never split.
    """
    times = [_slowest(work, workers, count) for count in range(1, most + 1)]
    for count, seconds in enumerate(times, start=1):
        if seconds <= target or seconds <= min(times) * (1 + _WORTH):
            return count
    return 1


def _slowest(work: list[Load], workers: int, count: int) -> float:
    split = sum(it.startup + it.seconds / count for it in work if not it.whole)
    slowest = 0.0
    for index in range(1, count + 1):
        shard = Shard(index, count)
        whole = [it.startup + it.seconds for it in work if it.whole and shard.has_tree(it.position)]
        slowest = max(slowest, (split + sum(whole)) / workers, *whole, 0.0)
    return slowest

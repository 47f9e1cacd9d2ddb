"""One verdict from the parts of a check: the same as if one machine had done all of it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, TypeVar

import msgspec

from gatekeeper.errors import MergeError
from gatekeeper.model.finding import Finding, Unchecked
from gatekeeper.model.outcome import Failed, Outcome, Ran, Skipped
from gatekeeper.model.partial import PARTIAL_VERSION, Partial, PartialOutcome
from gatekeeper.model.shard import MOST_SHARDS, Shard
from gatekeeper.model.tree import Entry
from gatekeeper.model.verdict import Report, ScannerOutcome
from gatekeeper.pipeline.check import Check
from gatekeeper.pipeline.sharding import identity
from gatekeeper.scanners.change_interface import ChangeScanner
from gatekeeper.scanners.interface import Scanner
from gatekeeper.text.patterns import regex

MOST_BYTES = 128 * 1024 * 1024
_Placed = TypeVar("_Placed", Finding, Unchecked)
_FINGERPRINT = regex(r"[0-9a-f]{32}")
_DIFFERS = {
    "gatekeeper": "was made by another version of gatekeeper",
    "head": "looked at other files",
    "base": "compared with another base",
    "policy": "had another configuration or other waivers",
    "question": "was asked something else",
}
_REMEDIES = {
    "gatekeeper": "use one version in all jobs",
    "head": "all jobs have to check the same commit; what steps write has to be ignored by git or lie elsewhere",
    "base": "give all jobs the same --base and the same history",
    "policy": "all jobs have to check the same commit with the same --config",
    "question": "give `check --shard` and `merge` the same options",
}


def partial_schema() -> dict[str, Any]:
    """The JSON Schema of what a shard writes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "gatekeeper-partial-1.schema.json",
        "title": "result of one shard of gatekeeper",
        **msgspec.json.schema(Partial),
    }


def encode_partial(partial: Partial) -> str:
    """As JSON, undecodable bytes of paths included."""
    return json.dumps(msgspec.to_builtins(partial)) + "\n"


def decode_partial(data: bytes, name: str) -> Partial:
    """Read what another machine wrote. Whatever it is, it ends in a Partial or a MergeError.

    The pipeline's own types say what may be in it; `check_partial` compares it with the
    repository.
    """
    try:
        loaded = json.loads(data, parse_constant=_no_number, parse_float=_finite)
        version = loaded.get("schema_version") if isinstance(loaded, dict) else None
        if isinstance(version, str) and version != PARTIAL_VERSION:
            raise MergeError(
                f"the form {version[:20]!r} of the result is not known here",
                where=name,
                remedy=_REMEDIES["gatekeeper"],
            )
        return msgspec.convert(loaded, Partial)
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        raise MergeError(
            f"this is not the result of a shard: {str(error)[:200]}",
            where=name,
            remedy="give the files that `gatekeeper check --shard I/N --format partial` wrote",
        ) from None


def merge(check: Check, partials: Sequence[tuple[str, Partial]]) -> Report:
    """Judge what the parts found, each given with the name of its file. Raises MergeError."""
    ordered = _complete(check, partials)
    if check.base.problem:
        outcomes = check.without_base()
        tools = {run.scanner.id: check.tool_digest(run.scanner) for run in check.runs}
    else:
        outcomes, tools = _join(check, ordered)
    notes = dict.fromkeys(note for part in ordered for note in part.notes)
    return check.report(outcomes, tools, list(notes), max(part.seconds for part in ordered))


def _complete(check: Check, partials: Sequence[tuple[str, Partial]]) -> list[Partial]:
    """All parts in order, when they belong together and to this repository."""
    wanted = identity(check)
    known: dict[int, tuple[str, Partial]] = {}
    count = partials[0][1].shard.count
    for name, part in partials:
        shard = part.shard
        if not 1 <= shard.index <= shard.count <= MOST_SHARDS:
            raise MergeError(f"there is no shard {shard}", where=name)
        if shard.count != count:
            raise MergeError(
                f"this is shard {shard}, and {partials[0][0]} is one of {count}",
                where=name,
                remedy="give the shards of one check",
            )
        if shard.index in known:
            raise MergeError(f"shard {shard} is given twice: {known[shard.index][0]}", where=name)
        for field, said in _DIFFERS.items():
            if getattr(part.identity, field) != getattr(wanted, field):
                raise MergeError(f"shard {shard} {said}", where=name, remedy=_REMEDIES[field])
        known[shard.index] = (name, part)
    if missing := [str(Shard(it, count)) for it in range(1, count + 1) if it not in known]:
        raise MergeError(
            f"not everything was checked: no result of shard {', '.join(missing)}",
            remedy="the job of the missing shard failed: look at it, and run it again",
        )
    return [known[index][1] for index in sorted(known)]


def _join(check: Check, parts: Sequence[Partial]) -> tuple[list[ScannerOutcome], dict[str, str]]:
    count = len(parts)
    told: dict[str, list[PartialOutcome]] = {}
    valid = _validator(check)
    for part in parts:
        scanners: list[Scanner | ChangeScanner] = [
            *check.scanners(part.shard),
            *check.change_scanners(part.shard),
        ]
        expected = [(it.id, it.gate) for it in scanners]
        if [(it.scanner, it.gate) for it in part.outcomes] != expected:
            raise MergeError(f"shard {part.shard} does not have the scanners that belong to it")
        for item in part.outcomes:
            valid(part.shard, item)
            told.setdefault(item.scanner, []).append(item)
    everything = Shard()
    outcomes: list[ScannerOutcome] = []
    tools: dict[str, str] = {}
    for scanner in check.scanners(everything):
        items = told[scanner.id]
        if len({item.shared for item in items}) > 1:
            raise MergeError(
                f"the shards used different tools for {scanner.id}",
                remedy="run all shards on the same kind of machine, with the same Python",
            )
        tools[scanner.id] = items[0].tool
        split = scanner.scope == "file" and count > 1
        outcome = _whole(check, items) if split else items[0].outcome
        outcomes.append(ScannerOutcome(scanner.id, scanner.gate, outcome))
    outcomes += [
        ScannerOutcome(judging.id, judging.gate, told[judging.id][0].outcome)
        for judging in check.change_scanners(everything)
    ]
    return outcomes, tools


def _whole(check: Check, items: Sequence[PartialOutcome]) -> Outcome:
    """What the scanner would have said about all files at once."""
    for item in items:
        if isinstance(item.outcome, Failed):
            return item.outcome
    first = items[0].outcome
    if isinstance(first, Skipped):
        if any(item.outcome != first for item in items):
            raise MergeError(f"the shards contradict each other about {items[0].scanner}")
        return first
    ran = [item.outcome for item in items if isinstance(item.outcome, Ran)]
    if len(ran) != len(items):
        raise MergeError(f"the shards contradict each other about {items[0].scanner}")
    findings = _by_path(it for part in ran for it in part.findings)
    unchecked = _by_path(it for part in ran for it in part.unchecked)
    touched = {delta.path for delta in check.versions.deltas}
    found = {it.path for it in findings} | {it.path for it in unchecked}
    matters = check.versions.base is not None and not touched.isdisjoint(found)
    if matters:
        for item in items:
            if item.base_failed is not None:
                return item.base_failed
    return Ran(
        findings=findings,
        unchecked=unchecked,
        measurements=tuple(it for part in ran for it in part.measurements),
        base=_by_path(it for part in ran for it in part.base or ()) if matters else None,
        base_unchecked=_by_path(it for part in ran for it in part.base_unchecked)
        if matters
        else (),
        seconds=sum(part.seconds for part in ran),
        cached_files=sum(part.cached_files for part in ran),
        scanned_files=sum(part.scanned_files for part in ran),
        tool_version=ran[0].tool_version,
    )


def _by_path(items: Iterable[_Placed]) -> tuple[_Placed, ...]:
    return tuple(sorted(items, key=lambda it: it.path))


def _validator(check: Check) -> Callable[[Shard, PartialOutcome], None]:
    """Refuses findings that no scanner here could have made.

    A path decides which file a report quotes, so it has to be one of the version it speaks of.
    """
    head = check.versions.head.entries()
    base = check.versions.base
    entries = (head, base.entries() if base else {})

    def valid(shard: Shard, item: PartialOutcome) -> None:
        outcome = item.outcome
        if not isinstance(outcome, Ran):
            return
        sides: tuple[tuple[dict[str, Entry], tuple[Finding | Unchecked, ...]], ...] = (
            (entries[0], (*outcome.findings, *outcome.unchecked)),
            (entries[1], (*(outcome.base or ()), *outcome.base_unchecked)),
        )
        for known, told in sides:
            for it in told:
                if it.scanner != item.scanner:
                    raise MergeError(f"shard {shard}: a finding of {item.scanner} says otherwise")
                if it.path and it.path not in known and _leads_out(it.path):
                    raise MergeError(f"shard {shard}: {it.path!r} is no path of the repository")
                if isinstance(it, Finding) and not _FINGERPRINT.fullmatch(it.fingerprint):
                    raise MergeError(f"shard {shard}: {it.fingerprint[:40]!r} is no fingerprint")

    return valid


def _leads_out(path: str) -> bool:
    """Reports name paths that exist no more; none of them may lead out of the repository."""
    return path.startswith("/") or "\0" in path or ".." in path.split("/")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _no_number(text)
    return number


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")

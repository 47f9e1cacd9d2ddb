"""What Kingfisher prints, as far as it is used."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from gatekeeper.ports.process import Completed
from gatekeeper.scanners.output import invalid


class Rule(Struct):
    """The rule that matched."""

    id: str
    description: str = ""
    name: str = ""


class Place(Struct):
    """Where it matched; columns count bytes from 0, the end is included. Never the value."""

    path: str
    line: int
    column_start: int = 0
    column_end: int = 0
    confidence: str = ""


class Match(Struct):
    """One secret."""

    rule: Rule
    finding: Place


class Summary(Struct):
    """What was looked at."""

    blobs_scanned: int


class Metadata(Struct):
    """About the run."""

    summary: Summary


class Output(Struct):
    """Kingfisher's JSON report."""

    findings: list[Match]
    metadata: Metadata


def decoded(done: Completed) -> Output:
    """The first of the JSON documents on standard output; the second is a summary."""
    first = done.stdout.split(b"\n", 1)[0]
    try:
        return msgspec.json.decode(first.decode("utf-8", "replace"), type=Output, strict=False)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise invalid(done, "kingfisher", str(error)) from None

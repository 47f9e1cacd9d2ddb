"""What the last check of a repository found, so that `explain` can speak of it later.

It is kept in the result cache, where it is bounded and may be lost; a hook's report and a whole
one are kept side by side, since the hook sees only what is staged. Values of secrets are not in
it: it holds what every report holds.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from gatekeeper.model.verdict import Judged, Report, VerdictWord, WaiverNote
from gatekeeper.ports.cache import Cache
from gatekeeper.text.fingerprint import digest

FORMAT = "1"
# Those that block come first, then what is new: what people ask about.
MOST_FINDINGS = 2_000
_KINDS = ("whole", "hook")
_encode = msgspec.msgpack.Encoder().encode


class LastReport(Struct, frozen=True):
    """One check, cut down to what can be asked about. `today` is the day it ran (UTC)."""

    verdict: VerdictWord
    stage: str
    compared: str
    findings: tuple[Judged, ...]
    waivers: tuple[WaiverNote, ...]
    today: str


def remember(cache: Cache, root: str, report: Report, today: str) -> None:
    """Keep the report. What has no form, such as a path that is no UTF-8, is left out."""
    against = f" against {report.comparison.base}" if report.comparison.base else ""
    findings = sorted(report.findings, key=lambda it: (not it.blocks, it.state != "new"))
    last = LastReport(
        report.verdict,
        report.stage,
        f"{report.comparison.head}{against}",
        tuple(findings[:MOST_FINDINGS]),
        report.waivers,
        today,
    )
    try:
        value = _encode(last)
    except UnicodeEncodeError:
        return
    key = _key(root, "hook" if report.stage == "hook" else "whole")
    # Most runs find what the run before found: reading that is cheaper than writing it again.
    if cache.get_many([key]).get(key) != value:
        cache.put_many({key: value})


def recall(cache: Cache, root: str) -> list[LastReport]:
    """The reports that are remembered, whole ones first."""
    keys = [_key(root, kind) for kind in _KINDS]
    found = cache.get_many(keys)
    decode = msgspec.msgpack.Decoder(LastReport).decode
    reports = []
    for key in keys:
        if key in found:
            try:
                reports.append(decode(found[key]))
            except msgspec.DecodeError:  # another version wrote it
                continue
    return reports


def _key(root: str, kind: str) -> bytes:
    return bytes.fromhex(digest(FORMAT, "last report", root, kind))

"""The answer of an audit, remembered for as long as nothing can change it."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from gatekeeper.model.dependency import Ecosystem
from gatekeeper.ports.advisories import Advisories, PackageVersion
from gatekeeper.scanners.change_interface import Change, ChangeScanned
from gatekeeper.text.fingerprint import digest

# Grows whenever the same versions and advisories would be judged or told differently.
JUDGING = "audit 2"


class _Kept(Struct, frozen=True):
    """An answer, and whose advisories it rests on."""

    ecosystems: tuple[Ecosystem, ...]
    scanned: ChangeScanned


def recall(change: Change, advisories: Advisories) -> ChangeScanned | None:
    """What was found out about this very version and base, by the same advisories, today.

    Advisories that are too old by now raise AdvisoriesError, as they would without a memory.
    """
    about = _about(change, advisories)
    known = change.recall_tree(change.head, *about) if about else None
    if known is None:
        return None
    try:
        kept = msgspec.msgpack.decode(known, type=_Kept)
    except msgspec.DecodeError:  # another version wrote it
        return None
    # Whatever is asked for: it says whether they are fresh.
    advisories.lookup([PackageVersion(ecosystem, "-", "0") for ecosystem in kept.ecosystems])
    return kept.scanned


def remember(change: Change, advisories: Advisories, scanned: ChangeScanned) -> None:
    """Keep the answer. One that others had a part in may be another the next time: it is not kept."""
    about = _about(change, advisories)
    # An auditor that failed may have an answer the next time.
    if not about or any(not it.path for it in scanned.unchecked):
        return
    ecosystems = tuple(sorted({it.ecosystem for it in scanned.accounts}))

    def stored() -> bytes | None:
        try:
            return msgspec.msgpack.encode(_Kept(ecosystems, scanned))
        except UnicodeEncodeError:
            return None

    change.remember_tree(stored, change.head, *about)


def _about(change: Change, advisories: Advisories) -> tuple[str, ...]:
    """All that the answer depends on besides the files of head; nothing when that is unknown."""
    config = change.config
    options = config.scanners.dependencies
    source = advisories.source()
    if (
        not source.digest
        or options.resolve
        or config.scanners.action_pins.verify
        or options.asks_indexes
        or "safety" in options.auditors
        or change.given.environments
    ):
        return ()
    others = [change.auditors().identity(name) for name in options.auditors]
    if not all(others):
        return ()
    base = change.base.digest if change.base is not None else "nothing"
    said = (config.exclude, options, config.advisories, others, change.project.identity())
    return (JUDGING, source.digest, change.today, base, digest(repr(said)))

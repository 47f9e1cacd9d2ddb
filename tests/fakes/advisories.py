"""Records as OSV publishes them, and archives and snapshots of them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gatekeeper.adapters.advisory_sources import parts_of
from gatekeeper.adapters.advisory_sync import Synced, put
from gatekeeper.advisories.compiling import Compiler
from gatekeeper.advisories.record import read_record
from gatekeeper.model.advisory import PackageAdvisories
from gatekeeper.ports.advisories import Advisories, AdvisoriesError
from gatekeeper.ports.auditors import Auditors
from gatekeeper.ports.package_index import PackageIndexes
from gatekeeper.ports.resolver import Resolver

Record = dict[str, Any]
DATA = Path(__file__).parents[1] / "data" / "advisories"
# The newest record in tests/data/advisories is of this time.
NOW = 1_795_600_000.0


def affected(
    name: str = "demo",
    *events: tuple[str, str],
    ecosystem: str = "PyPI",
    kind: str = "ECOSYSTEM",
    versions: Sequence[str] = (),
    **more: Any,
) -> Record:
    """One `affected` entry: `affected("demo", ("introduced", "0"), ("fixed", "2.0"))`."""
    made: Record = {"package": {"ecosystem": ecosystem, "name": name}, **more}
    if events:
        made["ranges"] = [{"type": kind, "events": [{key: value} for key, value in events]}]
    if versions:
        made["versions"] = list(versions)
    return made


def record(name: str, *about: Record, **more: Any) -> Record:
    """A record with what the schema asks for."""
    return {
        "schema_version": "1.7.0",
        "id": name,
        "modified": "2026-11-20T00:00:00Z",
        "affected": list(about),
        **more,
    }


def raw(it: Record) -> bytes:
    return json.dumps(it).encode()


def compiled(*records: Record) -> dict[str, PackageAdvisories]:
    """What is known of each package, by name."""
    compiler = Compiler()
    for it in records:
        compiler.add(read_record(raw(it)))
    return {it.name: it for it in compiler.finish({})}


def archive(path: Path, records: Iterable[Record]) -> Path:
    """OSV's zip of an ecosystem."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for it in records:
            file.writestr(f"{it['id']}.json", raw(it))
    return path


def snapshot(folder: Path, *records: Record) -> Synced:
    """A snapshot below the cache folder `folder`."""
    made = archive(folder / "given" / "all.zip", records)
    return put(str(folder), parts_of(str(made)), now=lambda: NOW)


def own_snapshot(folder: Path) -> Synced:
    """A snapshot of tests/data/advisories."""
    return put(str(folder), parts_of(str(DATA)), now=lambda: NOW)


def no_auditors() -> Auditors:
    """For checks that ask no other auditor."""
    raise AssertionError("nobody should ask other auditors")


def no_resolver() -> Resolver:
    """For checks in which nothing is to be resolved."""
    raise AssertionError("no versions are to be chosen")


def no_indexes() -> PackageIndexes:
    """For checks in which no index is to be asked."""
    raise AssertionError("no index is to be asked")


def no_advisories() -> Advisories:
    """For checks that have nothing to audit with."""
    raise AdvisoriesError("snapshot-missing", "there is no snapshot of advisories")

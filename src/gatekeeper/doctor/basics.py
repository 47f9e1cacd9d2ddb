"""The machine, the tools, the base and the waivers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from gatekeeper.config.waivers import WAIVER_FILE
from gatekeeper.doctor.result import Check
from gatekeeper.model.tool import ToolStatus
from gatekeeper.model.waiver import Waiver
from gatekeeper.pipeline.base import Base
from gatekeeper.pipeline.last import LastReport
from gatekeeper.pipeline.waive import expired

NEEDED = {"python": "3.11", "git": "2.31", "uv": "0.9"}
ROOM = 1 << 30
SOON_DAYS = 14


class Programs(Struct, frozen=True):
    """Versions as found, and the cache folder; see adapters/machine.py."""

    python: str
    git: str
    uv: str
    cache: str
    cache_writable: bool
    cache_size: int
    free: int


def machine(found: Programs) -> Iterator[Check]:
    """Programs that gatekeeper itself needs, and room for what it keeps."""
    for name, least in NEEDED.items():
        version = getattr(found, name)
        if not version:
            remedy = "reinstall gatekeeper: it brings uv" if name == "uv" else f"install {name}"
            yield Check("machine", name, "fail", "not found", f"{remedy}; {least} or newer")
        elif _numbers(version) < _numbers(least):
            message = f"{version} is too old"
            yield Check("machine", name, "fail", message, f"install {name} {least} or newer")
        else:
            yield Check("machine", name, "ok", version)
    size = f"{found.cache}, {max(found.cache_size, 0) / (1 << 20):,.0f} MB"
    if not found.cache_writable:
        remedy = "give access to it, or set GATEKEEPER_CACHE_DIR to a folder of yours"
        yield Check("machine", "cache", "fail", f"{found.cache} cannot be written", remedy)
    elif 0 <= found.free < ROOM:
        message = f"{size}; {found.free / (1 << 20):,.0f} MB are free"
        yield Check("machine", "cache", "warn", message, "make room, or `gatekeeper cache prune`")
    else:
        yield Check("machine", "cache", "ok", size)


def advisories(about: str, stale: Sequence[str], days: int, error: tuple[str, str]) -> Check:
    """What the audit of dependencies would know. `error` is why it would not, and what to do."""
    message, remedy = error
    if message:
        return Check("advisories", "advisories", "warn", message, remedy)
    if stale:
        message = f"{', '.join(stale)}: older than advisories.max_age_days ({days})"
        return Check(
            "advisories", "advisories", "warn", message, "run `gatekeeper advisories sync`"
        )
    return Check("advisories", "advisories", "ok", about)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def tools(
    statuses: Iterable[ToolStatus], wanted: frozenset[str], own_locks: dict[str, tuple[str, str]]
) -> Iterator[Check]:
    """`wanted` names the project's tools that it has set up; `own_locks` gives, for each lock of
    the repository, the version it pins and the one that ships."""
    for tool in statuses:
        if tool.source == "locked":
            yield _locked(tool, own_locks.get(tool.id))
        elif tool.installed:
            yield Check("tools", tool.id, "ok", f"from {tool.path}")
        elif tool.source == "path":
            remedy = f"repair tools.{tool.id}.path in gatekeeper.yml"
            yield Check("tools", tool.id, "fail", "there is no program at the path given", remedy)
        elif tool.id in wanted:
            remedy = f"install {tool.id} there (.venv, $VIRTUAL_ENV or PATH)"
            message = "the project is set up for it, and it is not in its environment"
            yield Check("tools", tool.id, "fail", message, remedy)


def _locked(tool: ToolStatus, own: tuple[str, str] | None) -> Check:
    ready = "installed" if tool.installed else "not installed yet: the first check does it"
    if own is not None and own[0] != own[1]:
        message = f"{own[0]}, from .gatekeeper/locks; {own[1]} ships with gatekeeper; {ready}"
        remedy = f"`gatekeeper tools lock {tool.id}`, or remove the lock to use what ships"
        return Check("tools", tool.id, "warn", message, remedy)
    return Check("tools", tool.id, "ok", f"{tool.version}, {ready}")


def base(found: Base, *, shallow: bool, everything: str) -> Iterator[Check]:
    """What a check would compare with. `everything` is the error of looking, if there was one."""
    if everything:
        yield Check("base", "base", "fail", everything, "see `gatekeeper check --plan`")
    elif found.problem:
        yield Check("base", "base", "fail", found.problem, found.remedy)
    else:
        yield Check("base", "base", "ok", f"{found.name or 'nothing'}: {found.why}")
    if shallow:
        yield Check(
            "base", "history", "warn", "this is a shallow clone: its history is cut off",
            "git fetch --unshallow; in CI, give actions/checkout `fetch-depth: 0`",
        )  # fmt: skip


def waivers(found: Sequence[Waiver], today: str, reports: Sequence[LastReport]) -> Iterator[Check]:
    """Waivers that are over, end soon, or covered nothing in the last whole check."""
    soon = str(date.fromisoformat(today) + timedelta(days=SOON_DAYS))
    unused = {
        note.waiver.source for report in reports for note in report.waivers
        if note.problem == "unused"
    }  # fmt: skip
    quiet = 0
    for waiver in found:
        name = f"{waiver.target} ({waiver.source})"
        if expired(waiver, today):
            message = f"expired on {waiver.expires}"
            remedy = f"ask {waiver.owner}: renew it, or repair what it covers"
            yield Check("waivers", name, "warn", message, remedy)
        elif waiver.source in unused:
            message = "covered nothing in the last check"
            yield Check("waivers", name, "warn", message, f"remove it from {WAIVER_FILE}")
        elif waiver.expires != "never" and waiver.expires <= soon:
            remedy = f"ask {waiver.owner}: renew it, or repair what it covers"
            yield Check("waivers", name, "warn", f"ends on {waiver.expires}", remedy)
        else:
            quiet += 1
    if quiet or not found:
        yield Check("waivers", "waivers", "ok", f"{quiet} in force" if found else "none")

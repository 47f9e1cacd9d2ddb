"""Findings about locks that do not hold what their manifests ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.managers.lock_check import Mismatch
from gatekeeper.managers.lock_pairs import Pair, differences, pairs, stale
from gatekeeper.model.dependency import Inventory
from gatekeeper.model.finding import Confidence
from gatekeeper.scanners.dependencies_told import Told, finding_about, finding_in
from gatekeeper.text.names import printable

_COMMANDS = {
    "uv-lock": "uv lock",
    "poetry-lock": "poetry lock",
    "pdm-lock": "pdm lock",
    "pylock": "uv export --format pylock.toml",
    "pipfile-lock": "pipenv lock",
    "package-lock": "npm install --package-lock-only",
    "pnpm-lock": "pnpm install --lockfile-only",
    "yarn-lock": "yarn install",
    "requirements": "uv pip compile",
}


def lock_findings(found: Sequence[Inventory]) -> Iterator[Told]:
    """Every difference, at the line of the manifest that asks, or of the lock that holds."""
    for pair in pairs(found):
        different = differences(pair)
        for it in different:
            one = it.dependency
            yield finding_about(
                one,
                "lock-mismatch",
                _message(it, pair),
                "medium",
                _sure(it),
                it.kind,
            )
        # A lock that lacks what is asked for is older than its manifest: that is told already.
        if not different:
            for path in stale(pair):
                yield _stale(pair, path)


def _sure(it: Mismatch) -> Confidence:
    return "medium" if it.kind == "not-asked" else "high"


def _message(it: Mismatch, pair: Pair) -> str:
    lock = pair.lock
    name = printable(it.dependency.display or it.dependency.name)
    asked = f"{name} {printable(it.dependency.requirement)}".strip()
    held = printable(", ".join(it.locked[:3]))
    again = f"Lock anew with `{_COMMANDS[lock.manager]}`"
    if it.kind == "missing":
        return f"{asked} is asked for here, and {lock.path} does not hold it. {again}."
    if it.kind == "not-satisfied":
        return f"{asked} is asked for here, and {lock.path} holds {held}. {again}."
    if it.kind == "other-origin":
        where = printable(it.dependency.url) or "an index"
        return f"{name} is asked for from {where}, and {lock.path} holds {held}. {again}."
    return (
        f"The lock holds {name} {held} as something that the project itself asks for, and no"
        f" manifest does: somebody may have put it in by hand. {again}, and see whether it goes."
    )


def _stale(pair: Pair, path: str) -> Told:
    lock = pair.lock
    message = (
        f"{path} has changed since this lock was made from it. What is locked still fits what is"
        f" asked for. Lock anew with `{_COMMANDS[lock.manager]}`."
    )
    return finding_in(lock.path, "lock-stale", message, "low", "medium", lock.manager)

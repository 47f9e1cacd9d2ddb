"""What the project depends on, against what is known of vulnerable and malicious packages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gatekeeper.config.schema import GateConfig
from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.scanners.change_interface import Change, ChangeScanned
from gatekeeper.scanners.tools import PIP_AUDIT, SAFETY

if TYPE_CHECKING:
    from gatekeeper.model.dependency import Inventory
    from gatekeeper.ports.advisories import Advisories

NOTHING = Skipped("no-matching-files", "no manifests and no lock files")
SYNC = "run `gatekeeper advisories sync` to have it audited"


class Dependencies:
    """Vulnerable and malicious dependencies; what could not be checked is never clean."""

    id = "dependencies"
    gate: GateId = "dependencies"
    stage: Stage = "ci"
    revision = 1
    # What is started where `auditors` names it.
    tools = (PIP_AUDIT, SAFETY)

    def prepare(self, change: Change) -> Skipped | None:
        return None

    def plan(self, change: Change) -> str:
        return "audit manifests and lock files"

    def scan(self, change: Change) -> ChangeScanned | Skipped:
        # All the rest is needed only when there is something to audit, so not in hooks.
        from gatekeeper.ports.advisories import AdvisoriesError
        from gatekeeper.scanners.dependencies_memory import recall

        try:
            advisories = change.advisories()
        except AdvisoriesError as error:
            if not _somewhere(change):
                return NOTHING
            if error.reason != "snapshot-missing" or demanded(change):
                raise
            # Nobody asked for an audit yet, and there is nothing to audit with.
            return Skipped(
                "not-configured",
                "not audited: no advisories on this machine",
                f"what the project depends on was not audited; {SYNC}",
            )
        try:
            return recall(change, advisories) or _audited(change, advisories)
        finally:
            advisories.close()


def _audited(change: Change, advisories: Advisories) -> ChangeScanned | Skipped:
    if not (found := _somewhere(change)):
        return NOTHING
    from gatekeeper.scanners.dependencies_audit import audit
    from gatekeeper.scanners.dependencies_memory import remember

    scanned = audit(change, found, advisories)
    remember(change, advisories, scanned)
    return scanned


def _somewhere(change: Change) -> Sequence[Inventory]:
    """What head has; nothing when there is nothing to audit in any of it."""
    from gatekeeper.scanners.dependencies_sources import inventories

    found = inventories(change, change.head)
    return found if any(it.dependencies or it.problems for it in found) else ()


def demanded(change: Change) -> bool:
    """Whether anybody asked for an audit: by name, or by configuring one."""
    from gatekeeper.config.advisory_options import AdvisoryOptions
    from gatekeeper.config.dependency_options import DependenciesOptions
    from gatekeeper.config.presets import PRESETS

    config = change.config
    preset = PRESETS[config.preset]
    options = preset.get("scanners", {}).get("dependencies", {})
    return (
        "dependencies" in change.asked
        or config.gates.dependencies != GateConfig(**preset["gates"]["dependencies"])
        or config.advisories != AdvisoryOptions()
        or config.scanners.dependencies != DependenciesOptions(**options)
    )

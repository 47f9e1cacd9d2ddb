"""Pinned actions: whether each commit is its repository's own, and the version that is claimed."""

from __future__ import annotations

from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.scanners.change_interface import Change, ChangeScanned


class ActionPins:
    """Commits of forks under an action's name, and comments that claim another version."""

    id = "action-pins"
    gate: GateId = "dependencies"
    stage: Stage = "ci"
    revision = 1

    def prepare(self, change: Change) -> Skipped | None:
        if change.config.scanners.action_pins.verify:
            return None
        return Skipped("not-configured", "scanners.action-pins.verify is off: it takes a network")

    def plan(self, change: Change) -> str:
        return "ask the repositories of pinned actions"

    def scan(self, change: Change) -> ChangeScanned | Skipped:
        # All the rest is needed only when somebody has asked for it, so not in hooks.
        from gatekeeper.scanners.action_pins_scan import pinned, scan
        from gatekeeper.scanners.dependencies_sources import inventories

        head = inventories(change, change.head)
        if not pinned(head):
            return Skipped("no-matching-files", "no actions that are pinned by commit")
        return scan(change, head)

"""Licences of what the project depends on, against those that it allows."""

from __future__ import annotations

from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.scanners.change_interface import Change, ChangeScanned


class Licenses:
    """Dependencies under a licence that is denied, needs a look, or that nobody can tell."""

    id = "licenses"
    gate: GateId = "licenses"
    stage: Stage = "ci"
    revision = 1

    def prepare(self, change: Change) -> Skipped | None:
        options = change.config.scanners.licenses
        if options.allow or options.deny:
            return None
        return Skipped("not-configured", "scanners.licenses names no licence to allow or to deny")

    def plan(self, change: Change) -> str:
        return "judge the licences of dependencies"

    def scan(self, change: Change) -> ChangeScanned | Skipped:
        # All the rest is needed only when somebody has set a policy, so not in hooks.
        from gatekeeper.scanners.dependencies_sources import inventories
        from gatekeeper.scanners.licenses_scan import scan

        found = inventories(change, change.head)
        if not any(it.dependencies or it.problems for it in found):
            return Skipped("no-matching-files", "no manifests and no lock files")
        return scan(change, found)

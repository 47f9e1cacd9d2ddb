"""How much the tests cover: of everything, of what the change adds, and compared with the base."""

from __future__ import annotations

import os

from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.change_interface import Change, ChangeScanned
from gatekeeper.scanners.coverage_wanted import (
    NO_DATA,
    RUN_TESTS,
    asked_for,
    choose,
    demands_anything,
)
from gatekeeper.scanners.tools import COVERAGE


class Coverage:
    """Code that no test runs, as far as the change or a demanded number is concerned."""

    id = "coverage"
    gate: GateId = "coverage"
    stage: Stage = "ci"
    revision = 1
    tool = COVERAGE

    def prepare(self, change: Change) -> Skipped | None:
        if choose(change).paths or demands_anything(change.config.scanners.coverage):
            return None
        return Skipped("not-configured", NO_DATA)

    def plan(self, change: Change) -> str:
        paths = choose(change).paths
        return f"read {', '.join(map(os.path.basename, paths[:3]))}" if paths else NO_DATA

    def scan(self, change: Change) -> ChangeScanned | Skipped:
        # All the rest is needed only when there is something to read, so not in hooks.
        from gatekeeper.scanners.coverage_scan import CoverageScan

        chosen = choose(change)
        if not chosen.paths:
            raise ToolError(
                "input-invalid",
                f"there is {NO_DATA}, and scanners.coverage demands some",
                RUN_TESTS,
            )
        try:
            return CoverageScan(change, chosen, (self.id, str(self.revision))).judge()
        except ToolError as error:
            if asked_for(change, chosen) or error.reason == "cancelled":
                raise
            # Nobody asked: data of an earlier version often lies about.
            return Skipped("not-configured", f"no usable coverage data: {error.message}")

"""basedpyright, with the project's own settings."""

from __future__ import annotations

from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.scanners.ignores import PYRIGHT_IGNORES, ignored
from gatekeeper.scanners.interface import (
    Batch,
    Context,
    Layout,
    Prepared,
    Scanned,
    ScanScope,
)
from gatekeeper.scanners.pyright import findings
from gatekeeper.scanners.tools import BASEDPYRIGHT
from gatekeeper.scanners.typecheck import NOTEBOOKS, prepare


class Basedpyright:
    """Type errors as basedpyright sees them, beyond the project's own baseline."""

    id = "basedpyright"
    gate: GateId = "types"
    stage: Stage = "ci"
    scope: ScanScope = "tree"
    layout: Layout = "tree"
    tool = BASEDPYRIGHT
    size_limited = True
    revision = 1
    startup = 1.5
    rate = 8.0

    def prepare(self, context: Context) -> Prepared | Skipped:
        return prepare(context, self.id, NOTEBOOKS)

    def scan(self, batch: Batch) -> Scanned:
        # Left alone, it rewrites the baseline file as soon as errors have gone.
        done = batch.run("--outputjson", "--baselinemode", "discard")
        url = "https://docs.basedpyright.com/latest/configuration/config-files/"
        return Scanned(findings(batch, done, self.id, url) + ignored(batch, PYRIGHT_IGNORES))

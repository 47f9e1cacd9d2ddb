"""checkov: Terraform, Kubernetes, Helm, CloudFormation and Dockerfiles, offline.

Heavy, so it is only started, and only installed, where there is something for it. It says
nothing about what it cannot read: what each file holds is compared with what it lists as seen.
"""

from __future__ import annotations

from gatekeeper.model.outcome import Skipped
from gatekeeper.model.policy import GateId, Stage
from gatekeeper.scanners.interface import Batch, Context, Layout, Prepared, Scanned, ScanScope
from gatekeeper.scanners.tools import CHECKOV


class Checkov:
    """Unsafe settings of containers, clusters and cloud resources."""

    id = "checkov"
    gate: GateId = "iac"
    stage: Stage = "ci"
    # Modules, values and network policies elsewhere decide what a resource means.
    scope: ScanScope = "tree"
    layout: Layout = "copy"
    tool = CHECKOV
    size_limited = True
    revision = 1
    startup = 6.0
    rate = 20.0

    def prepare(self, context: Context) -> Prepared | Skipped:
        from gatekeeper.scanners import checkov_scan

        return checkov_scan.prepare(context)

    def scan(self, batch: Batch) -> Scanned:
        from gatekeeper.scanners import checkov_scan

        return checkov_scan.scan(batch)

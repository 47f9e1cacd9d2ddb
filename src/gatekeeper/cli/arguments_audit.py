"""The options of `audit`."""

from __future__ import annotations

from typing import Any

from gatekeeper.cli.argument_kinds import command, lazily
from gatekeeper.cli.check_arguments import FORMATS, add_means, add_reports, add_versions

AUDIT_GATES = ("dependencies", "licenses")


def add_audit(commands: Any) -> None:
    """`gatekeeper audit`."""
    audit = command(
        commands, "audit", "tell which dependencies are vulnerable, clean, or were not checked"
    )
    add = audit.add_argument
    add("paths", nargs="*", metavar="PATH", help="judge only these manifests, locks and folders")
    add(
        "--environment",
        dest="environments",
        nargs="?",
        const="",
        action="append",
        default=[],
        metavar="PATH",
        help="judge what is installed there instead of what files name (default: the project's own"
        " environment)",
    )
    add_versions(add)
    add_reports(add, FORMATS)
    add_means(add)
    add("--no-cache", action="store_true", help="neither use nor keep results")
    add(
        "--list",
        action="store_true",
        help="print every dependency, what became of it, and who brought it in",
    )
    add(
        "--fix-advice",
        action="store_true",
        help="try with uv which smallest change removes each vulnerability; asks the package index",
    )
    audit.set_defaults(
        run=lazily("audit", "run_audit"),
        stage="ci",
        gate=list(AUDIT_GATES),
        sarif_in=[],
        sarif_base=[],
        junit=[],
        junit_base=[],
        coverage=[],
        coverage_base=[],
    )

"""The options of `sbom`."""

from __future__ import annotations

from typing import Any

from gatekeeper.cli.argument_kinds import OneOf, Parser, command, lazily

FORMATS = ("cyclonedx", "spdx")


def add_sbom(commands: Any) -> None:
    """`gatekeeper sbom`."""
    sbom = command(commands, "sbom", "write or compare bills of materials")
    parts = sbom.add_subparsers(metavar="ACTION", required=True, parser_class=Parser)
    make = command(parts, "make", "write everything that the project depends on")
    add = make.add_argument
    add("paths", nargs="*", metavar="PATH", help="only these manifests, lock files and folders")
    add(
        "--format",
        type=OneOf("format", FORMATS),
        default="cyclonedx",
        metavar="FORMAT",
        help="cyclonedx (1.6) or spdx (2.3); both JSON (default: cyclonedx)",
    )
    add("--output", default="", metavar="FILE", help="where it goes (default: standard output)")
    add("--head", default="", metavar="REV", help="of a commit instead of the working tree")
    add("--name", default="", metavar="NAME", help="of the project (default: the folder's)")
    add("--project-version", default="", metavar="VERSION", help="of the project")
    add("--config", default="", metavar="FILE", help="use this configuration file")
    make.set_defaults(run=lazily("sbom", "run_make"))
    notices = command(parts, "notices", "write the licence texts of what is installed")
    notices.add_argument("--output", default="", metavar="FILE", help="where they go")
    notices.set_defaults(run=lazily("sbom", "run_notices"))
    diff = command(parts, "diff", "tell what changed between two bills")
    diff.add_argument("before", metavar="BEFORE", help="CycloneDX or SPDX")
    diff.add_argument("after", metavar="AFTER", help="CycloneDX or SPDX, not necessarily the same")
    diff.add_argument("--json", action="store_true", help="as JSON")
    diff.add_argument("--exit-code", action="store_true", help="end with 1 when anything changed")
    diff.set_defaults(run=lazily("sbom", "run_diff"))

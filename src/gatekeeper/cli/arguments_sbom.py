"""The options of `sbom`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekeeper.cli.argument_kinds import OneOf, Parser, command, lazily

FORMATS = ("cyclonedx", "spdx")
VEX_FORMATS = ("openvex", "cyclonedx")


def add_sbom(commands: Any) -> None:
    """`gatekeeper sbom`."""
    sbom = command(commands, "sbom", "write or compare bills of materials")
    parts = sbom.add_subparsers(metavar="ACTION", required=True, parser_class=Parser)
    make = command(parts, "make", "write everything that the project depends on")
    make.add_argument(
        "--format",
        type=OneOf("format", FORMATS),
        default="cyclonedx",
        metavar="FORMAT",
        help="cyclonedx (1.6) or spdx (2.3); both JSON (default: cyclonedx)",
    )
    _add_subject(make.add_argument)
    make.set_defaults(run=lazily("sbom", "run_make"))
    _add_vex(parts)
    notices = command(parts, "notices", "write the licence texts of what is installed")
    notices.add_argument("--output", default="", metavar="FILE", help="where they go")
    notices.set_defaults(run=lazily("sbom", "run_notices"))
    diff = command(parts, "diff", "tell what changed between two bills")
    diff.add_argument("before", metavar="BEFORE", help="CycloneDX or SPDX")
    diff.add_argument("after", metavar="AFTER", help="CycloneDX or SPDX, not necessarily the same")
    diff.add_argument("--json", action="store_true", help="as JSON")
    diff.add_argument("--exit-code", action="store_true", help="end with 1 when anything changed")
    diff.set_defaults(run=lazily("sbom", "run_diff"))


def _add_subject(add: Callable[..., Any]) -> None:
    """What the document is about, and where it goes."""
    add("paths", nargs="*", metavar="PATH", help="only these manifests, lock files and folders")
    add("--output", default="", metavar="FILE", help="where it goes (default: standard output)")
    add("--head", default="", metavar="REV", help="of a commit instead of the working tree")
    add("--name", default="", metavar="NAME", help="of the project (default: the folder's)")
    add("--project-version", default="", metavar="VERSION", help="of the project")
    add("--config", default="", metavar="FILE", help="use this configuration file")


def _add_vex(parts: Any) -> None:
    """`gatekeeper sbom vex`."""
    vex = command(parts, "vex", "write what is known and said about vulnerabilities (VEX)")
    add = vex.add_argument
    add(
        "--format",
        type=OneOf("format", VEX_FORMATS),
        default="openvex",
        metavar="FORMAT",
        help="openvex (0.2.0), or cyclonedx (1.6): the bill with vulnerabilities (default: openvex)",
    )
    add("--author", default="", metavar="NAME", help="who says so (default: the project)")
    add("--offline", action="store_true", help="use no network")
    _add_subject(add)
    vex.set_defaults(run=lazily("sbom_vex", "run_vex"))

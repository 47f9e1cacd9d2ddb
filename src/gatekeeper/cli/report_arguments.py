"""The options of `report`."""

from __future__ import annotations

from typing import Any

from gatekeeper.cli.argument_kinds import OneOf, command, lazily, whole

TARGETS = ("comment", "review", "check", "sarif", "issues", "summary")


def add_report(commands: Any) -> None:
    """`gatekeeper report`."""
    report = command(
        commands, "report", "tell a pull request what a check found: comment, review, check run"
    )
    add = report.add_argument
    add(
        "--report",
        dest="reports",
        action="append",
        default=[],
        metavar="FILE",
        help="a JSON report of `check`, or a folder with those of several projects; repeatable",
    )
    add(
        "--to",
        dest="targets",
        type=OneOf("target", TARGETS),
        action="append",
        default=[],
        metavar="TARGET",
        help=f"{', '.join(TARGETS)}; repeatable (default: comment)",
    )
    add(
        "--pull",
        type=whole("--pull", 10**9 - 1),
        default=0,
        metavar="N",
        help="the pull request (default: that of the event, or the open one with this commit)",
    )
    add(
        "--from-run",
        type=whole("--from-run", 10**15 - 1),
        default=0,
        metavar="ID",
        help="a run of a pull request, such as one of a fork: its artifact has the report, and"
        " nothing of it is trusted",
    )
    add(
        "--artifact",
        default="gatekeeper-reports",
        metavar="NAME",
        help="what the run called it (default: gatekeeper-reports)",
    )
    add("--commit", default="", metavar="SHA", help="the commit that was judged (default: HEAD)")
    add(
        "--repository",
        default="",
        metavar="OWNER/NAME",
        help="the repository (default: the workflow's, or that of the remote `origin`)",
    )
    add("--name", default="", metavar="TEXT", help="tells jobs apart that report on one commit")
    add("--config", default="", metavar="FILE", help="use this file")
    add("--dry-run", action="store_true", help="print the comment and send nothing")
    report.set_defaults(run=lazily("report", "run_report"))

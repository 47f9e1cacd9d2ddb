"""The options of `check`, and of the commands that go with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gatekeeper.cli.argument_kinds import (
    Format,
    OneOf,
    Output,
    command,
    jobs,
    lazily,
    shard,
    whole,
)
from gatekeeper.model.policy import GATE_IDS, STAGES
from gatekeeper.model.shard import MOST_SHARDS, Shard

FORMATS = ("text", "json", "sarif", "html", "markdown", "github", "junit", "comment")
# What one shard found out; `gatekeeper merge` makes reports of it.
PARTIAL = "partial"


def add_check(commands: Any) -> None:
    check = command(commands, "check", "run what fits and print one verdict with the reasons")
    add = check.add_argument
    add("paths", nargs="*", metavar="PATH", help="judge only these files and folders")
    _add_question(add)
    add_reports(add, (*FORMATS, PARTIAL))
    _add_given(add)
    add_means(add)
    add("--jobs", type=jobs, default=0, metavar="N", help="processors to use (default: all)")
    add("--no-cache", action="store_true", help="neither use nor keep results")
    add(
        "--fix",
        action="store_true",
        help="apply the tools' safe fixes to files with new problems, show them, and check again",
    )
    add(
        "--suggest",
        action="store_true",
        help="put the tools' safe fixes into the JSON report, and change nothing",
    )
    add(
        "--shard",
        type=shard,
        default=Shard(),
        metavar="I/N",
        help="do only part I of N and judge nothing: `--format partial` is for `gatekeeper merge`",
    )
    add(
        "--plan",
        action="store_true",
        help="show what would run, why, on which files, and what is cached",
    )
    check.set_defaults(run=lazily("check", "run_check"))


def add_versions(add: Callable[..., Any]) -> None:
    """Which version is to be judged, and against what."""
    add(
        "--base",
        default="",
        metavar="REF",
        help="compare with the merge base of HEAD and REF (default: the default branch, or the pull request's base in CI)",
    )
    add("--all", action="store_true", help="judge the whole tree; everything counts as new")
    add(
        "--staged",
        action="store_true",
        help="judge the index: what is staged, not what lies in the working tree",
    )
    add(
        "--head",
        default="",
        metavar="REV",
        help="judge a commit instead of the working tree, with its own configuration",
    )


def _add_question(add: Callable[..., Any]) -> None:
    """What is to be judged."""
    add_versions(add)
    add(
        "--stage",
        type=OneOf("stage", STAGES),
        metavar="STAGE",
        help="hook (fast, changed files only), ci or full (default: ci; hook with --staged)",
    )
    add(
        "--gate",
        type=OneOf("gate", GATE_IDS),
        action="append",
        default=[],
        metavar="ID",
        help=f"judge only this gate; repeatable: {', '.join(GATE_IDS)}",
    )


def add_reports(add: Callable[..., Any], formats: Sequence[str]) -> None:
    """What is told, and where."""
    add(
        "--format",
        type=OneOf("format", formats),
        action=Format,
        dest="formats",
        default=[],
        metavar="FORMAT",
        help=f"{', '.join(formats)}; repeatable",
    )
    add(
        "--output",
        action=Output,
        dest="formats",
        metavar="PATH",
        help="where the --format before it goes (default: standard output; for sarif a folder gets one file per tool)",
    )
    add("--no-color", action="store_true", help="no colours (NO_COLOR does the same)")


def _add_given(add: Callable[..., Any]) -> None:
    """Reports of other programs."""
    add(
        "--sarif-in",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="judge other tools' SARIF reports in the gate `external`",
    )
    add(
        "--sarif-base",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="the same tools' reports at the base, to tell new from existing",
    )
    for what, known in (("junit", "test results as JUnit XML"), ("coverage", "coverage data")):
        add(
            f"--{what}",
            nargs="+",
            action="extend",
            default=[],
            metavar="FILE",
            help=f"judge {known} that another step has written",
        )
        add(
            f"--{what}-base",
            nargs="+",
            action="extend",
            default=[],
            metavar="FILE",
            help="the same at the base, to tell new from existing",
        )


def add_means(add: Callable[..., Any]) -> None:
    """How it is done."""
    add(
        "--config",
        default="",
        metavar="FILE",
        help="use this configuration file instead of looking for one",
    )
    add(
        "--offline",
        action="store_true",
        help="use no network: fetch nothing, install nothing that is not cached",
    )


def add_merge(commands: Any) -> None:
    merge = command(
        commands, "merge", "judge what the shards of a check found, as one run would have"
    )
    add = merge.add_argument
    add("files", nargs="+", metavar="FILE", help="the results of all shards, in any order")
    add(
        "--path",
        dest="paths",
        action="append",
        default=[],
        metavar="PATH",
        help="the files and folders that the shards were told to judge; repeatable",
    )
    _add_question(add)
    add_reports(add, FORMATS)
    _add_given(add)
    add_means(add)
    merge.set_defaults(run=lazily("merge", "run_merge"))


def add_plan(commands: Any) -> None:
    plan = command(
        commands, "plan", "show what a check would do, or into how many shards to split it"
    )
    add = plan.add_argument
    add("paths", nargs="*", metavar="PATH", help="judge only these files and folders")
    add(
        "--matrix",
        action="store_true",
        help="print the shards as JSON, for `fromJSON` in the matrix of a workflow",
    )
    add(
        "--shard-seconds",
        type=whole("--shard-seconds", 86_400),
        default=60,
        metavar="N",
        help="how long a shard should take (default: 60)",
    )
    add(
        "--max-shards",
        type=whole("--max-shards", MOST_SHARDS),
        default=16,
        metavar="N",
        help="how many there may be (default: 16)",
    )
    _add_question(add)
    _add_given(add)
    add_means(add)
    add(
        "--jobs",
        type=jobs,
        default=0,
        metavar="N",
        help="processors of a shard (default: as here)",
    )
    add("--no-cache", action="store_true", help="as if no result were known")
    plan.set_defaults(run=lazily("plan", "run_plan"))

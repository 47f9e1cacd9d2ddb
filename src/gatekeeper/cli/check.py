"""`gatekeeper check`: parse, call, print, exit."""

from __future__ import annotations

import os
from argparse import Namespace

from gatekeeper import wiring
from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.progress import choose_progress
from gatekeeper.cli.output import Output, write_reports
from gatekeeper.cli.setting import load_setting
from gatekeeper.errors import UsageError
from gatekeeper.model.policy import Stage
from gatekeeper.model.verdict import VerdictWord
from gatekeeper.pipeline.base import Wanted
from gatekeeper.pipeline.check import Check, Request, now
from gatekeeper.ports.repository import Snapshot
from gatekeeper.reports.interface import Sources

EXIT: dict[VerdictWord, int] = {"pass": 0, "block": 1, "inconclusive": 3}  # nosec B105 - no password


def run_check(options: Namespace) -> int:
    """Check the repository around the current folder; the exit status of the verdict."""
    if options.all and (options.base or options.staged):
        raise UsageError("--all compares with nothing, so it goes with neither --base nor --staged")
    if options.staged and options.base:
        raise UsageError("--staged compares with HEAD, so it does not go with --base")
    if options.sarif_base and not options.sarif_in:
        raise UsageError("--sarif-base says what was there before, so it needs --sarif-in")
    if options.plan and options.formats:
        raise UsageError("--plan prints text only, so it goes with neither --format nor --output")
    output = Output.of(options)
    repository = wiring.open_repository()
    since = now()
    head: Snapshot = repository.index() if options.staged else repository.worktree()
    setting = load_setting(repository.root, head, options.config)
    progress = choose_progress(colour=output.colour)
    services = wiring.check_services(
        repository,
        head,
        setting.loaded.config,
        progress,
        offline=options.offline,
        use_cache=not options.no_cache,
    )
    try:
        request = _request(options, setting.loaded.config.base, repository)
        check = Check(request, head, since, setting.loaded, setting.waivers, services)
        if options.plan:
            from gatekeeper.reports.plan import render_plan

            print(render_plan(check.plan()), end="")
            return 0
        report = check.run()
    finally:
        progress.close()
        services.means.workspaces.close()
        services.cache.close()
    write_reports(report, Sources(head), output)
    return EXIT[report.verdict]


def _request(options: Namespace, configured_base: str, repository: GitRepository) -> Request:
    ci = wiring.current_ci()
    stage: Stage = options.stage or ("hook" if options.staged else "ci")
    return Request(
        wanted=Wanted(
            everything=options.all,
            staged=options.staged,
            base=options.base or ("" if ci.base_commit or ci.base_branch else configured_base),
            offline=options.offline,
            ci_commit=ci.base_commit,
            ci_branch=ci.base_branch,
            ci_merge=ci.merge_commit,
        ),
        stage=stage,
        gates=tuple(options.gate),
        paths=_paths(options.paths, repository.root),
        jobs=options.jobs or len(os.sched_getaffinity(0)),
        sarif_files=tuple(options.sarif_in),
        sarif_base_files=tuple(options.sarif_base),
    )


def _paths(paths: list[str], root: str) -> tuple[str, ...]:
    """The paths to judge; none when one of them is the whole repository."""
    inside = tuple(_inside(path, root) for path in paths)
    return () if "" in inside else inside


def _inside(path: str, root: str) -> str:
    """A path on the command line, relative to the repository; the empty string is all of it."""
    full = os.path.realpath(path)
    real = os.path.realpath(root)
    if full != real and not full.startswith(real + os.sep):
        raise UsageError(f"{path} is outside the repository", where=root)
    if not os.path.lexists(path):
        raise UsageError(f"{path} does not exist")
    return os.path.relpath(full, real).replace(os.sep, "/") if full != real else ""

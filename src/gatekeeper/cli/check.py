"""`gatekeeper check`: parse, call, print, exit."""

from __future__ import annotations

from argparse import Namespace
from time import time_ns

from gatekeeper import wiring
from gatekeeper.adapters.git_process import EarlyLook
from gatekeeper.cli.check_arguments import PARTIAL
from gatekeeper.errors import UsageError
from gatekeeper.model.verdict import VerdictWord

EXIT: dict[VerdictWord, int] = {"pass": 0, "block": 1, "inconclusive": 3}  # nosec B105 - no password


def run_check(options: Namespace) -> int:
    """Check the repository around the current folder; the exit status of the verdict."""
    if options.plan and options.formats:
        raise UsageError("--plan prints text only, so it goes with neither --format nor --output")
    if options.suggest and (options.fix or options.plan):
        raise UsageError("--suggest goes with neither --fix nor --plan")
    sharded = options.shard.count > 1 or any(name == PARTIAL for name, _ in options.formats)
    if options.fix and (options.head or options.plan or sharded):
        raise UsageError("--fix repairs files, so it goes with neither --head, --plan nor --shard")
    if sharded and not options.plan:
        return _run_shard(options)
    if options.fix:
        from gatekeeper.cli.fix import run_fix
        from gatekeeper.cli.output import Output

        return run_fix(options, Output.of(options))
    early: EarlyLook | None = getattr(options, "early", None)
    since = early.since if early else time_ns()
    repository = wiring.open_repository(early=early)
    from gatekeeper.cli.output import Output, write_reports
    from gatekeeper.cli.session import opened
    from gatekeeper.pipeline.last import remember
    from gatekeeper.reports.interface import Sources

    output = Output.of(options)
    with opened(options, colour=output.colour, repository=repository, since=since) as check:
        if options.plan:
            from gatekeeper.pipeline.planning import plan
            from gatekeeper.reports.plan import render_plan

            print(render_plan(plan(check)), end="")
            return 0
        report = check.run()
        if options.suggest:
            from gatekeeper.pipeline.suggest import with_suggestions

            report = with_suggestions(check, report)
        services = check.services
        remember(services.cache, services.repository.root, report, services.clock.today())
    write_reports(report, Sources(check.versions.head), output)
    return EXIT[report.verdict]


def _run_shard(options: Namespace) -> int:
    """One part of a check: what it found is for `merge` to judge, so it ends with 0."""
    if [name for name, _ in options.formats] not in ([PARTIAL], []):
        raise UsageError(
            "a shard judges nothing, so it has no report but `--format partial`",
            remedy="give the other formats to `gatekeeper merge`",
        )
    from gatekeeper.cli.output import write_text
    from gatekeeper.cli.session import opened
    from gatekeeper.pipeline.merge import encode_partial
    from gatekeeper.pipeline.sharding import partial

    with opened(options, colour=False) as check:
        text = encode_partial(partial(check))
    write_text(text, options.formats[0][1] if options.formats else "")
    return 0

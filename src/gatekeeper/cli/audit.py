"""`gatekeeper audit`: the gates about dependencies, and the account of each of them."""

from __future__ import annotations

from argparse import Namespace
from time import time_ns

from gatekeeper import wiring
from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.git_process import EarlyLook
from gatekeeper.cli.check import EXIT
from gatekeeper.errors import UsageError


def run_audit(options: Namespace) -> int:
    """Audit the repository around the current folder; the exit status of the verdict."""
    if options.list and options.formats:
        raise UsageError("--list prints text only: the JSON report has the same in `dependencies`")
    early: EarlyLook | None = getattr(options, "early", None)
    since = early.since if early else time_ns()
    repository = wiring.open_repository(early=early)
    # git looks while these are loaded.
    from gatekeeper.cli.output import Output, write_reports
    from gatekeeper.cli.session import opened
    from gatekeeper.pipeline.last import remember
    from gatekeeper.reports.interface import Sources

    output = Output.of(options)
    if options.environments:
        from gatekeeper.cli.audit_environment import judge_environments

        judge_environments(options, repository.root)
    options.all = options.all or judges_everything(options, repository)
    with opened(options, colour=output.colour, repository=repository, since=since) as check:
        report = check.run()
        if options.fix_advice:
            from gatekeeper.cli.audit_advice import advised

            report = advised(report, check, offline=options.offline)
        services = check.services
        remember(services.cache, services.repository.root, report, services.clock.today())
    if options.list:
        from gatekeeper.reports.accounts import render_accounts

        print(render_accounts(report, output.width), end="")
    else:
        write_reports(report, Sources(check.versions.head), output)
        if options.fix_advice and ("text", "") in output.formats:
            from gatekeeper.reports.fix_advice import render_advice

            print("\n" + render_advice(report), end="")
    return EXIT[report.verdict]


def judges_everything(options: Namespace, repository: GitRepository) -> bool:
    """Whether there is no change to judge: the default branch answers for all that it has."""
    if options.base or options.staged or options.head:
        return False
    ci = wiring.current_ci()
    default = repository.default_branch().rpartition("/")[2]
    branch = repository.branch()
    if ci.base_branch or ci.event == "merge_group":
        return False
    return not default or not branch or branch == default

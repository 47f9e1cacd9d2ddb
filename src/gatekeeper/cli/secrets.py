"""`gatekeeper secrets history`: everything that was ever committed, and one verdict about it."""

from __future__ import annotations

from argparse import Namespace

from gatekeeper import wiring
from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.git_history import GitHistory
from gatekeeper.adapters.progress import choose_progress
from gatekeeper.cli.check import EXIT
from gatekeeper.cli.output import Output, write_reports
from gatekeeper.cli.session import processors
from gatekeeper.cli.setting import load_setting
from gatekeeper.errors import UsageError
from gatekeeper.model.policy import GateId
from gatekeeper.pipeline.history import Asked, HistoryScan
from gatekeeper.pipeline.history_report import history_report
from gatekeeper.pipeline.last import remember
from gatekeeper.pipeline.select import chosen_gates
from gatekeeper.reports.interface import Nothing, Sources
from gatekeeper.text.names import printable

_GATES: tuple[GateId, ...] = ("secrets",)


def run_history(options: Namespace) -> int:
    """Look at the history of the repository around the current folder; the verdict's exit status."""
    output = Output.of(options)
    repository = wiring.open_repository()
    since = _commit(repository, options.since)
    head = repository.worktree()
    setting = load_setting(repository.root, head, options.config)
    gates = chosen_gates(setting.loaded, _GATES)
    progress = choose_progress(colour=output.colour)
    services = wiring.check_services(
        repository,
        head,
        setting.loaded.config,
        progress,
        gates=gates,
        offline=options.offline,
        use_cache=not options.no_cache,
    )
    started = services.clock.monotonic()
    past = GitHistory(repository)
    try:
        (scanner,) = services.scanners
        asked = Asked(since, options.max_blob_mb << 20, options.jobs or processors())
        scan = HistoryScan(
            asked, past, scanner, setting.loaded, services.means, services.cache, progress
        )
        outcome = scan.outcome()
        today = services.clock.today()
        report = history_report(
            outcome,
            scanner,
            setting.loaded,
            setting.waivers,
            today,
            tips=past.tips(),
            since=options.since,
            tool=services.means.toolbox.digest(scanner.tool),
            notes=services.cache.notes,
            seconds=services.clock.monotonic() - started,
        )
        remember(services.cache, repository.root, report, today)
    finally:
        progress.close()
        services.means.workspaces.close()
        services.cache.close()
    # What is checked out may say something else at these places by now: nothing is quoted.
    write_reports(report, Sources(Nothing()), output)
    return EXIT[report.verdict]


def _commit(repository: GitRepository, name: str) -> str:
    """The commit that `--since` means; empty when it is not given."""
    if not name:
        return ""
    if commit := repository.resolve(name):
        return commit
    raise UsageError(
        f"there is no commit {printable(name)!r}", remedy="name a commit, a branch or a tag"
    )

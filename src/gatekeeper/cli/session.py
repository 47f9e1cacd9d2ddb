"""One check of the repository around the current folder: opened, used, and put away again."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from msgspec import structs

from gatekeeper import wiring
from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.progress import choose_progress
from gatekeeper.cli.setting import load_setting
from gatekeeper.config.schema import Tools
from gatekeeper.errors import UsageError
from gatekeeper.model.given import Given
from gatekeeper.model.policy import Stage
from gatekeeper.model.shard import Shard
from gatekeeper.pipeline.base import Wanted
from gatekeeper.pipeline.check import Check, Request, now
from gatekeeper.pipeline.select import chosen_gates
from gatekeeper.ports.repository import Snapshot
from gatekeeper.text.names import printable


@contextmanager
def opened(
    options: Namespace, *, colour: bool, repository: GitRepository | None = None, since: int = 0,
    only: tuple[str, ...] = (),
) -> Iterator[Check]:  # fmt: skip
    """The check that the options ask for. Progress and temporary files end with it.

    `since` is when somebody began to look at `repository`, by default now. With `only` these
    scanners run and no others, and their tools are those that we ship, whatever the settings say.
    """
    if options.all and (options.base or options.staged):
        raise UsageError("--all compares with nothing, so it goes with neither --base nor --staged")
    if options.staged and options.base:
        raise UsageError("--staged compares with HEAD, so it does not go with --base")
    if options.sarif_base and not options.sarif_in:
        raise UsageError("--sarif-base says what was there before, so it needs --sarif-in")
    if options.head and options.staged:
        raise UsageError("--head judges a commit, so it does not go with --staged")
    repository = repository or wiring.open_repository()
    since = since or now()
    commit = _commit_named(repository, options.head) if options.head else ""
    head: Snapshot = (
        repository.commit_snapshot(commit)
        if commit
        else repository.index()
        if options.staged
        else repository.worktree()
    )
    setting = load_setting(repository.root, head, options.config)
    config = setting.loaded.config
    config = structs.replace(config, tools=Tools()) if only else config
    progress = choose_progress(colour=colour)
    services = wiring.check_services(
        repository,
        head,
        config,
        progress,
        gates=chosen_gates(setting.loaded, options.gate),
        offline=options.offline,
        use_cache=not getattr(options, "no_cache", True),
    )
    if only:
        chosen = tuple(it for it in services.scanners if it.id in only)
        services = structs.replace(services, scanners=chosen, change_scanners=())
    try:
        request = _request(options, commit, setting.loaded.config.base, repository)
        yield Check(request, head, since, setting.loaded, setting.waivers, services)
    finally:
        progress.close()
        services.means.workspaces.close()
        services.cache.close()


def _commit_named(repository: GitRepository, name: str) -> str:
    if commit := repository.resolve(name):
        return commit
    raise UsageError(
        f"there is no commit {printable(name)!r}", remedy="name a commit, a branch or a tag"
    )


def _request(
    options: Namespace, commit: str, configured_base: str, repository: GitRepository
) -> Request:
    ci = wiring.current_ci()
    stage: Stage = options.stage or ("hook" if options.staged else "ci")
    return Request(
        wanted=Wanted(
            everything=options.all,
            staged=options.staged,
            head=commit,
            base=options.base or ("" if ci.base_commit or ci.base_branch else configured_base),
            offline=options.offline,
            ci_commit=ci.base_commit,
            ci_branch=ci.base_branch,
            ci_merge=ci.merge_commit,
        ),
        stage=stage,
        gates=tuple(options.gate),
        paths=paths_inside(options.paths, repository.root),
        jobs=getattr(options, "jobs", 0) or processors(),
        given=Given(
            sarif=tuple(options.sarif_in),
            sarif_base=tuple(options.sarif_base),
            junit=tuple(options.junit),
            junit_base=tuple(options.junit_base),
            coverage=tuple(options.coverage),
            coverage_base=tuple(options.coverage_base),
            environments=tuple(getattr(options, "environments", ())),
        ),
        shard=getattr(options, "shard", Shard()),
        insisted=getattr(options, "insisted", ()),
    )


def processors() -> int:
    """How many this process may use; macOS can only tell how many there are."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def paths_inside(paths: Sequence[str], root: str) -> tuple[str, ...]:
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

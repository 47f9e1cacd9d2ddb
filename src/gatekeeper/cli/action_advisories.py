"""Advisories for the steps that judge: got before anything is judged, when the action is to get them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec import Struct

from gatekeeper import wiring
from gatekeeper.adapters.advisory_download import wanted as got_from
from gatekeeper.adapters.advisory_file import open_snapshot, snapshot_path, stale
from gatekeeper.adapters.folders import cache_folder
from gatekeeper.adapters.runner import Runner
from gatekeeper.advisories.format import Header
from gatekeeper.advisories.names import OSV_NAMES
from gatekeeper.cli.action_inputs import Verb, flag, lines
from gatekeeper.cli.action_projects import Project, command_line
from gatekeeper.cli.arguments import parser
from gatekeeper.cli.setting import load_setting
from gatekeeper.config.advisory_options import AdvisoryOptions
from gatekeeper.config.schema import Config
from gatekeeper.errors import GatekeeperError, UsageError
from gatekeeper.model.policy import Stage
from gatekeeper.pipeline.select import chosen_gates, skip_reason
from gatekeeper.ports.advisories import AdvisoriesError
from gatekeeper.scanners.dependencies import Dependencies
from gatekeeper.text.addresses import shown

MODES = ("auto", "sync", "off")


class Wanting(Struct, frozen=True):
    """A project whose dependencies are to be audited by a snapshot, and its configuration file."""

    project: Project
    explicit: str
    config: Config


def get_advisories(runner: Runner, chosen: Sequence[Project], verb: Verb) -> str:
    """Put a snapshot in place as the input `advisories` says; why that failed, or nothing.

    A failure is no verdict: what was there before stays, and the gate judges whether it will do.
    One snapshot serves all projects: of all their ecosystems, from where the first of them has it.
    Raises UsageError for a wrong input.
    """
    given = lines(runner.input("advisories")) or ["auto"]
    mode = given[0] if given[0] in MODES else ""
    if len(given) > 1 and (odd := [it for it in given if it in MODES]):
        raise UsageError(f"input advisories: {odd[0]!r} goes with nothing else")
    if mode == "off" or verb == "merge" or not _audits_here(runner.input("shard").strip()):
        return ""
    offline = flag("offline", runner.input("offline"))
    if offline and any(mode or "://" in it for it in given):
        return ""
    workspace = os.getcwd()
    try:
        wanting = [it for one in chosen if (it := _wanting(runner, one, workspace, verb))]
        lacking = [it for it in wanting if mode == "sync" or _lacks(it.config, others=not mode)]
        return _sync(wanting, lacking[0], [] if mode else given, workspace) if lacking else ""
    finally:
        os.chdir(workspace)


def _audits_here(shard: str) -> bool:
    """Whether this job audits: of several shards the last one judges the change as a whole."""
    number, _, count = shard.partition("/")
    return number == count


def _wanting(runner: Runner, project: Project, workspace: str, verb: Verb) -> Wanting | None:
    """The project, if it is to be audited; what is wrong with its settings is said when it is
    judged."""
    os.chdir(project.folder)
    try:
        line = command_line(runner, project, workspace, verb)
        options = parser().parse_args([verb, *line])
        repository = wiring.open_repository()
        loaded = load_setting(repository.root, repository.worktree(), options.config).loaded
        gates = chosen_gates(loaded, options.gate)
    except GatekeeperError:
        return None
    stage: Stage = options.stage or "ci"
    if "dependencies" not in gates or loaded.config.advisories.source != "snapshot":
        return None
    if skip_reason(Dependencies(), loaded.config, loaded.policy, stage):
        return None
    return Wanting(project, options.config, loaded.config)


def _lacks(config: Config, *, others: bool) -> bool:
    """Whether the snapshot will not do. `others`: only one that is pinned would."""
    wanted = config.advisories
    try:
        file = open_snapshot(snapshot_path(cache_folder()), wanted.digest)
    except AdvisoriesError:
        return True
    try:
        old = stale(file.header, wanted.max_age_days)
        names = [OSV_NAMES[it] for it in wanted.ecosystems]
        return (
            (others and not wanted.digest)
            or any(it in old or not file.covers(it) for it in names)
            or (not others and not wanted.digest and _from_elsewhere(file.header, wanted))
        )
    finally:
        file.close()


def _from_elsewhere(header: Header, wanted: AdvisoryOptions) -> bool:
    """Whether it was got from other addresses than these settings name.

    On a machine that lasts, another change may have named its own, and is not to be believed here.
    Somebody with access to the machine gave what is from files.
    """
    ours = got_from(wanted.url, list(OSV_NAMES.values()), wanted.kev, wanted.epss)
    named = {shown(it.url) for it in ours}
    return any("://" in it.name and it.name not in named for it in header.sources)


def _sync(wanting: Sequence[Wanting], first: Wanting, given: Sequence[str], workspace: str) -> str:
    from gatekeeper.cli.advisories import run_sync

    line = [f"--from={it if '://' in it else os.path.join(workspace, it)}" for it in given]
    if first.explicit:
        line.append(f"--config={first.explicit}")
    own = first.config.advisories.ecosystems
    every = list(dict.fromkeys(name for it in wanting for name in it.config.advisories.ecosystems))
    if not given and set(every) != set(own):
        line += [f"--ecosystem={it}" for it in every]
    os.chdir(first.project.folder)
    try:
        run_sync(parser().parse_args(["advisories", "sync", *line]))
    except GatekeeperError as error:
        return str(error)
    return ""

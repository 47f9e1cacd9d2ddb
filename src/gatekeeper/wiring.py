"""The only place that builds adapters and reads the registries."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from gatekeeper.adapters.git import GitRepository

# All else is imported where it is built: git can start to look while Python still reads modules.
if TYPE_CHECKING:
    from gatekeeper.adapters.actions import Ci, Origin
    from gatekeeper.adapters.cache import SqliteCache
    from gatekeeper.adapters.files import WorkingFiles
    from gatekeeper.adapters.git_process import EarlyLook
    from gatekeeper.adapters.no_cache import NoCache
    from gatekeeper.adapters.toolenv import ToolEnvironments
    from gatekeeper.config.advisory_options import AdvisoryOptions
    from gatekeeper.config.schema import Config
    from gatekeeper.model.installed import Installed
    from gatekeeper.model.policy import GateId
    from gatekeeper.model.tool import ToolSource, ToolSpec
    from gatekeeper.pipeline.check import Services
    from gatekeeper.ports.advisories import Advisories
    from gatekeeper.ports.auditors import Auditors
    from gatekeeper.ports.forge import Forge
    from gatekeeper.ports.package_index import PackageIndexes
    from gatekeeper.ports.process import Completed, Processes
    from gatekeeper.ports.progress import Progress
    from gatekeeper.ports.remotes import Remotes
    from gatekeeper.ports.repository import Snapshot
    from gatekeeper.ports.resolver import Resolver
    from gatekeeper.ports.toolbox import Toolbox

# Seconds that all requests of one audit have together.
LIVE_DEADLINE = 120


def open_repository(folder: str = ".", early: EarlyLook | None = None) -> GitRepository:
    """The repository around a folder, as somebody already began to look at it."""
    return GitRepository(os.path.abspath(folder), early=early)


def project_files(root: str) -> WorkingFiles:
    """The repository's files, for commands that write some of them."""
    from gatekeeper.adapters.files import WorkingFiles

    return WorkingFiles(root)


def project_licenses(root: str) -> Mapping[tuple[str, str], str]:
    """What the packages in the project's environment declare."""
    from gatekeeper.adapters.projectenv import ProjectEnvironment

    return ProjectEnvironment(root).licenses()


def installed_distributions(root: str) -> list[Installed]:
    """The packages in the project's environment, with their licences; empty without one."""
    from gatekeeper.adapters.installed import distributions
    from gatekeeper.adapters.projectenv import ProjectEnvironment

    folder = ProjectEnvironment(root).folder
    return list(distributions(folder)) if folder else []


def environment_folder(root: str) -> str:
    """Where the project's environment lies; empty when there is none."""
    from gatekeeper.adapters.projectenv import ProjectEnvironment

    return ProjectEnvironment(root).folder


def is_environment(folder: str) -> bool:
    """Whether packages can be installed there."""
    from gatekeeper.adapters.installed import site_packages

    return bool(site_packages(folder))


def current_ci() -> Ci:
    """What the CI around this process says."""
    from gatekeeper.adapters.actions import read_ci

    return read_ci()


def current_origin() -> Origin:
    """Where this process runs, and what for."""
    from gatekeeper.adapters.actions import read_origin

    return read_origin()


def open_forge(origin: Origin) -> Forge:
    """The forge that the surroundings name. Raises ForgeError for a bad address or name."""
    from gatekeeper.adapters.github import GitHub
    from gatekeeper.adapters.github_http import Access

    return GitHub(Access(origin.api, origin.repository, origin.token, origin.read_only))


def open_cache(*, use: bool) -> SqliteCache | NoCache:
    """The result cache, or one that remembers nothing."""
    if not use:
        from gatekeeper.adapters.no_cache import NoCache

        return NoCache()
    from gatekeeper.adapters.cache import SqliteCache
    from gatekeeper.adapters.folders import cache_folder

    return SqliteCache(cache_folder())


def open_advisories(options: AdvisoryOptions, *, offline: bool) -> Advisories:
    """What is known about packages, as configured. Errors: AdvisoriesError.

    With `source: live` the snapshot, if there is one, still says how urgent a CVE is.
    """
    from gatekeeper.adapters.advisory_file import SnapshotAdvisories, snapshot_path
    from gatekeeper.adapters.folders import cache_folder

    path = snapshot_path(cache_folder())
    if options.source == "snapshot":
        return SnapshotAdvisories(path, digest=options.digest, max_age_days=options.max_age_days)
    from gatekeeper.adapters.fetch import Http
    from gatekeeper.adapters.osv_api import OsvApi, unavailable
    from gatekeeper.ports.advisories import AdvisoriesError

    if offline:
        raise unavailable("offline, and advisories.source is live")
    try:
        priority = SnapshotAdvisories(path).priority
    except AdvisoriesError:
        return OsvApi(options.api, Http(LIVE_DEADLINE))
    return OsvApi(options.api, Http(LIVE_DEADLINE), priority)


def package_indexes(deadline: float, *, offline: bool) -> PackageIndexes:
    """Indexes of packages over HTTP, with so many seconds for all requests together."""
    from gatekeeper.adapters.fetch import Http
    from gatekeeper.adapters.package_index import HttpIndexes, OfflineIndexes

    return OfflineIndexes() if offline else HttpIndexes(Http(deadline))


def scanner_gates() -> dict[str, GateId]:
    """The gate of every scanner."""
    from gatekeeper.scanners.registry import change_scanners, scanners

    gates = {it.id: it.gate for it in scanners().values()}
    return {**gates, **{it.id: it.gate for it in change_scanners().values()}}


def installed_tool(
    box: ToolEnvironments, root: str
) -> Callable[[ToolSpec, tuple[str, ...]], Completed | None]:
    """Starts a tool that is there already: installs nothing, and gives None for any trouble."""
    from gatekeeper.adapters.installed_tools import starter

    return starter(box, root)


def toolbox(
    root: str, config: Config, *, offline: bool, announce: Callable[[str], None] = lambda text: None
) -> ToolEnvironments:
    """Tools as configured."""
    from msgspec import UNSET

    from gatekeeper.adapters.folders import cache_folder
    from gatekeeper.adapters.toolenv import ToolEnvironments
    from gatekeeper.errors import ConfigError
    from gatekeeper.scanners.tools import TOOLS

    sources: dict[str, ToolSource] = {}
    for field in config.tools.__struct_fields__:
        choice = getattr(config.tools, field)
        tool = field.replace("_", "-")
        if choice.source is UNSET:
            continue
        if choice.source == "locked" and not TOOLS[tool].locked:
            raise ConfigError(
                f"tools.{tool}.from: {tool} has no locked copy",
                remedy="it has to see the project's own environment: use `project` or `path`",
            )
        sources[tool] = choice.source
    paths = {
        field.replace("_", "-"): getattr(config.tools, field).path
        for field in config.tools.__struct_fields__
    }
    return ToolEnvironments(
        cache_folder(), root, sources, paths, offline=offline, announce=announce
    )


def resolver(processes: Processes, config: Config, *, offline: bool) -> Resolver:
    """uv, for manifests without a lock."""
    from gatekeeper.adapters.folders import cache_folder
    from gatekeeper.adapters.resolver import UvResolver
    from gatekeeper.adapters.uv_process import uv_program

    cache = os.path.join(cache_folder(), "uv")
    deadline = config.limits.tool_timeout
    return UvResolver(processes, uv_program, cache, offline=offline, deadline=deadline)


def auditors(
    processes: Processes, tools: Toolbox, root: str, config: Config, *, offline: bool
) -> Auditors:
    """Auditors that others wrote, asked over the advisories that are configured."""
    from gatekeeper.adapters.advisory_file import snapshot_path
    from gatekeeper.adapters.auditors import LocalAuditors
    from gatekeeper.adapters.folders import cache_folder
    from gatekeeper.adapters.osv_api import service
    from gatekeeper.adapters.osv_server import serving
    from gatekeeper.adapters.uv_process import uv_program
    from gatekeeper.scanners.tools import PIP_AUDIT, SAFETY

    known = config.advisories
    options = config.scanners.dependencies
    path = snapshot_path(cache_folder())
    return LocalAuditors(
        processes,
        tools,
        {"pip-audit": PIP_AUDIT, "safety": SAFETY},
        uv_program,
        (lambda: service(known.api, offline=offline))
        if known.source == "live"
        else (lambda: serving(path, known.digest)),
        safety_db=os.path.join(root, options.safety_db) if options.safety_db else "",
        deadline=config.limits.tool_timeout,
    )


def remotes(root: str, *, offline: bool, processes: Processes | None = None) -> Remotes:
    """The repositories that others keep, as seen from a clone."""
    from gatekeeper.adapters.actions import current_server
    from gatekeeper.adapters.git_remotes import GitRemotes
    from gatekeeper.adapters.process import LocalProcesses

    processes = processes or LocalProcesses("/nonexistent")
    return GitRemotes(processes, root, server=current_server(), offline=offline)


def check_services(
    repository: GitRepository,
    head: Snapshot,
    config: Config,
    progress: Progress,
    *,
    gates: Collection[GateId],
    offline: bool,
    use_cache: bool,
) -> Services:
    """Everything `gatekeeper check` needs for these gates."""
    from gatekeeper.adapters.clock import SystemClock
    from gatekeeper.adapters.folders import cache_folder
    from gatekeeper.adapters.process import LocalProcesses
    from gatekeeper.adapters.projectenv import ProjectEnvironment
    from gatekeeper.adapters.toolenv import project_environment
    from gatekeeper.adapters.workspace import TemporaryWorkspaces
    from gatekeeper.pipeline.check import Services
    from gatekeeper.pipeline.run import Means
    from gatekeeper.scanners.registry import change_scanners, scanners

    home = os.path.join(cache_folder(), "home")
    try:
        os.makedirs(home, mode=0o700, exist_ok=True)
    except OSError:
        home = "/nonexistent"  # tools then run without a home, as in any locked-down container
    processes = LocalProcesses(home)
    tools = toolbox(repository.root, config, offline=offline, announce=progress.installing)
    return Services(
        repository=repository,
        means=Means(
            root=repository.root,
            settings=head,
            config=config,
            toolbox=tools,
            processes=processes,
            workspaces=TemporaryWorkspaces(),
            environment=ProjectEnvironment(repository.root),
            advisories=lambda: open_advisories(config.advisories, offline=offline),
            resolver=lambda: resolver(processes, config, offline=offline),
            auditors=lambda: auditors(processes, tools, repository.root, config, offline=offline),
            indexes=lambda: package_indexes(config.limits.tool_timeout, offline=offline),
            remotes=lambda: remotes(repository.root, offline=offline, processes=processes),
            today=SystemClock().today(),
        ),
        cache=open_cache(use=use_cache),
        clock=SystemClock(),
        progress=progress,
        scanners=tuple(scanners(gates).values()),
        change_scanners=tuple(change_scanners(gates).values()),
        environment=project_environment(repository.root),
    )

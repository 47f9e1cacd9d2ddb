"""`gatekeeper tools`: list, install, lock."""

from __future__ import annotations

import json
import os
from argparse import Namespace
from collections.abc import Collection

from gatekeeper import wiring
from gatekeeper.adapters.tool_locks import REPOSITORY_LOCKS, resolve_lock
from gatekeeper.adapters.toolenv import ToolEnvironments
from gatekeeper.cli.setting import Setting, load_setting
from gatekeeper.errors import GatekeeperError, UsageError
from gatekeeper.model.tool import ToolSpec
from gatekeeper.ports.process import ToolError
from gatekeeper.scanners.tools import TOOLS
from gatekeeper.text.names import did_you_mean, printable


class ToolsError(GatekeeperError):
    """A tool could not be installed or locked, so checks that need it are inconclusive."""

    exit_status = 3


def run_list(options: Namespace) -> int:
    """One line per tool; 0."""
    _, box, _ = _opened(options, offline=True)
    rows = [box.status(spec) for spec in TOOLS.values()]
    if options.json:
        fields = ("id", "source", "version", "installed", "path", "digest")
        print(json.dumps([{name: getattr(row, name) for name in fields} for row in rows], indent=2))
        return 0
    for row in rows:
        state = "installed" if row.installed else "not installed"
        if row.source == "project" and not row.installed:
            state = "not in the project's environment"
        version = row.version or "-"
        print(
            f"{row.id:<17} {version:<10} {row.source:<8} {state:<33} {printable(row.path)}".rstrip()
        )
    return 0


def run_install(options: Namespace) -> int:
    """Install every locked tool asked for; 0, or 3 when one could not be installed."""
    setting, box, _ = _opened(options, offline=options.offline)
    auditors = setting.loaded.config.scanners.dependencies.auditors
    failed = 0
    for spec in _chosen(options.tools, locked_only=True, optional=auditors):
        if box.source(spec) != "locked":
            continue
        try:
            box.executable(spec)
            print(f"{spec.id} {box.status(spec).version}: installed")
        except ToolError as error:
            failed += 1
            print(f"{spec.id}: {error.message}")
    if failed:
        raise ToolsError(f"{failed} of the tools could not be installed")
    return 0


def run_lock(options: Namespace) -> int:
    """Resolve the newest versions into hash-pinned locks; 0, or 3."""
    _, _, root = _opened(options, offline=False)
    folder = options.output or os.path.join(root, REPOSITORY_LOCKS)
    for spec in _chosen(options.tools, locked_only=True):
        try:
            path, version = resolve_lock(spec, folder)
        except ToolError as error:
            raise ToolsError(error.message, remedy=error.remedy) from None
        print(f"{spec.id} {version}: {os.path.relpath(path)}")
    return 0


def _opened(options: Namespace, *, offline: bool) -> tuple[Setting, ToolEnvironments, str]:
    repository = wiring.open_repository()
    setting = load_setting(repository.root, repository.worktree(), options.config)
    box = wiring.toolbox(repository.root, setting.loaded.config, offline=offline)
    return setting, box, repository.root


def _chosen(
    names: list[str], *, locked_only: bool, optional: Collection[str] = tuple(TOOLS)
) -> list[ToolSpec]:
    """The tools of these names; without names all but the optional ones that are not listed."""
    for name in names:
        if name not in TOOLS:
            raise UsageError(f"unknown tool {name!r}", remedy=did_you_mean(name, TOOLS))
        if locked_only and not TOOLS[name].locked:
            raise UsageError(f"{name} comes from the project's own environment, so it has no lock")
    if names:
        return [spec for spec in TOOLS.values() if spec.id in names]
    return [it for it in TOOLS.values() if it.locked and (not it.optional or it.id in optional)]

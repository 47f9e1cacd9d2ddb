"""`gatekeeper pin`: tags become commits with their names in comments, and pins are verified."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

from gatekeeper import wiring
from gatekeeper.adapters.edit import NotEditedError, content_of, replace_content
from gatekeeper.adapters.git import GitRepository
from gatekeeper.cli.session import paths_inside
from gatekeeper.cli.setting import load_setting
from gatekeeper.config.schema import Config
from gatekeeper.errors import UsageError
from gatekeeper.managers.references import manager_of
from gatekeeper.model.pinning import PinnedFile
from gatekeeper.pipeline.pin import pin
from gatekeeper.pipeline.select import below
from gatekeeper.reports.pins import render_pins
from gatekeeper.text.addresses import address_problem
from gatekeeper.text.globs import matches
from gatekeeper.text.names import printable

_OK, _BLOCKED, _INCONCLUSIVE = 0, 1, 3


def run_pin(options: Namespace) -> int:
    """Pin and verify. 0: all is in order; 1: something is wrong, or with --check to be done; 3: it
    could not be told."""
    repository = wiring.open_repository()
    config = load_setting(repository.root, repository.worktree(), options.config).loaded.config
    remotes = wiring.remotes(repository.root, offline=options.offline)
    server = options.server or config.scanners.action_pins.server or remotes.server
    if problem := address_problem(server):
        raise UsageError(f"{printable(server)}: {problem}", remedy="write it as https://host")
    files = _files(repository, config, paths_inside(options.paths, repository.root))
    found = pin(files, remotes, server)
    only_look = options.check or options.diff or options.offline
    failed = [] if only_look else _write(repository.root, found)
    print(render_pins(found, written=not only_look, difference=options.diff), end="")
    for path, why in failed:
        print(f"gatekeeper: {printable(path)} {why}, so it was left alone", file=sys.stderr)
    return _BLOCKED if failed else _status(found, only_look=only_look)


def _files(repository: GitRepository, config: Config, paths: Sequence[str]) -> dict[str, bytes]:
    """The contents to work on, by path. Errors: UsageError when a PATH has none."""
    chosen: dict[str, bytes] = {}
    for path, entry in sorted(repository.worktree().entries().items()):
        manager = manager_of(path)
        if manager is None or not entry.regular:
            continue
        if path not in paths and (manager.id != "github-actions" or matches(config.exclude, path)):
            continue
        if paths and not below(path, tuple(paths)):
            continue
        try:
            chosen[path] = content_of(repository.root, path)
        except NotEditedError as error:
            raise UsageError(f"it {error}", where=path) from None
    for path in paths:
        if not any(below(name, (path,)) for name in chosen):
            raise UsageError(
                "there is nothing to pin here",
                where=path,
                remedy="name a workflow, an action.yml, .pre-commit-config.yaml, or a folder of them",
            )
    return chosen


def _write(root: str, found: Sequence[PinnedFile]) -> list[tuple[str, str]]:
    """Put the new contents in place; which files were left alone, and why."""
    failed = []
    for file in found:
        if file.after != file.before:
            try:
                replace_content(root, file.path, file.before, file.after)
            except NotEditedError as error:
                failed.append((file.path, str(error)))
    return failed


def _status(found: Sequence[PinnedFile], *, only_look: bool) -> int:
    kinds = {it.kind for file in found for it in file.troubles}
    to_do = only_look and any(file.after != file.before for file in found)
    if "wrong" in kinds or to_do or (only_look and "unpinned" in kinds):
        return _BLOCKED
    return _INCONCLUSIVE if kinds else _OK

"""`gatekeeper doctor`: looks at everything, changes nothing, needs no network."""

from __future__ import annotations

import json
import os
import textwrap
from argparse import Namespace
from collections.abc import Iterator, Sequence

import msgspec

from gatekeeper import wiring
from gatekeeper.adapters.advisory_file import open_snapshot, snapshot_path, stale
from gatekeeper.adapters.clock import SystemClock
from gatekeeper.adapters.folders import cache_folder
from gatekeeper.adapters.git import GitRepository
from gatekeeper.adapters.hooks import hook_runner, installed_hooks
from gatekeeper.adapters.machine import look_at_machine
from gatekeeper.adapters.tool_locks import REPOSITORY_LOCKS, locked_version
from gatekeeper.cli.setting import Setting, load_setting
from gatekeeper.config.advisory_options import AdvisoryOptions
from gatekeeper.doctor import basics, hooks, workflows
from gatekeeper.doctor.result import AREAS, Check, worst
from gatekeeper.errors import ConfigError, GatekeeperError, SetupError
from gatekeeper.pipeline.base import Base, Wanted, choose_base
from gatekeeper.pipeline.last import recall
from gatekeeper.ports.advisories import AdvisoriesError
from gatekeeper.scanners.tools import TOOLS
from gatekeeper.setup.facts import Facts, look
from gatekeeper.setup.starter import CHECKERS
from gatekeeper.shipped import shipped
from gatekeeper.text.names import plural, printable
from gatekeeper.version import VERSION

_MARK = {"ok": "ok", "warn": "warn", "fail": "FAIL"}


def run_doctor(options: Namespace) -> int:
    """Print every check; 1 when one failed."""
    repository = wiring.open_repository()
    checks = sorted(_checks(repository, options.config), key=lambda it: AREAS.index(it.area))
    if options.format == "json":
        found = {"version": VERSION, "state": worst(checks), "checks": msgspec.to_builtins(checks)}
        print(json.dumps(found, indent=2))
    else:
        print("\n".join(_text(checks)))
    return int(worst(checks) == "fail")


def _checks(repository: GitRepository, explicit: str) -> Iterator[Check]:
    files = wiring.project_files(repository.root)

    def read(path: str) -> bytes | None:
        try:
            return files.read(path)
        except SetupError:  # a symlink, or no plain file: nothing that gatekeeper would read
            return None

    facts = look(repository, read)
    yield from basics.machine(
        msgspec.convert(msgspec.structs.asdict(look_at_machine()), basics.Programs)
    )
    setting: Setting | None = None
    try:
        setting = load_setting(repository.root, repository.worktree(), explicit)
        sources = ", ".join(setting.loaded.sources) or "no file; the preset standard is in force"
        yield Check("configuration", "configuration", "ok", sources)
    except ConfigError as error:
        yield Check("configuration", error.where, "fail", error.message, error.remedy)
    if setting is not None:
        yield from _tools(repository, setting, facts, read)
        yield from _base(repository, setting.loaded.config.base)
        cache = wiring.open_cache(use=True)
        try:
            reports = recall(cache, repository.root)
        finally:
            cache.close()
        today = SystemClock().today()
        yield from basics.waivers(setting.waivers, today, reports)
        if setting.loaded.policy.gates["dependencies"].enabled:
            yield _advisories(setting.loaded.config.advisories)
    native = bool(installed_hooks(repository).folder)
    yield from hooks.hooks(hooks.Installed(native, hook_runner(repository)), read)
    checkers = [it for it in CHECKERS if facts.where(it)]
    if setting is not None and not setting.loaded.policy.gates["types"].enabled:
        checkers = []
    commands = setting.loaded.config.pull_requests.commands if setting is not None else None
    yield from workflows.workflows(facts.workflows, read, checkers, commands)


def _tools(
    repository: GitRepository, setting: Setting, facts: Facts, read: hooks.Read
) -> Iterator[Check]:
    try:
        box = wiring.toolbox(repository.root, setting.loaded.config, offline=True)
    except ConfigError as error:
        yield Check("configuration", error.where or "tools", "fail", error.message, error.remedy)
        return
    statuses = [box.status(spec) for spec in TOOLS.values()]
    own: dict[str, tuple[str, str]] = {}
    for spec in TOOLS.values():
        content = read(f"{REPOSITORY_LOCKS.replace(os.sep, '/')}/{spec.id}.txt")
        if content is not None and spec.locked:
            with open(shipped("locks", f"{spec.id}.txt"), encoding="utf-8") as file:
                ships = locked_version(file.read(), spec.package)
            own[spec.id] = (locked_version(content.decode("utf-8", "replace"), spec.package), ships)
    wanted = frozenset(it.tool for it in facts.tools)
    yield from basics.tools(statuses, wanted, own)
    locked = {it.id: it.version for it in statuses if it.source == "locked"}
    yield from hooks.versions(locked, read)


def _advisories(options: AdvisoryOptions) -> Check:
    if options.source == "live":
        return basics.advisories(f"{options.api} is asked at every audit", (), 0, ("", ""))
    try:
        file = open_snapshot(snapshot_path(cache_folder()), options.digest)
    except AdvisoriesError as error:
        return basics.advisories("", (), 0, (error.message, error.remedy))
    header = file.header
    file.close()
    about = ", ".join(f"{name} of {as_of[:10]}" for name, as_of in header.as_of.items())
    days = options.max_age_days
    return basics.advisories(about, stale(header, days), days, ("", ""))


def _base(repository: GitRepository, configured: str) -> Iterator[Check]:
    ci = wiring.current_ci()
    wanted = Wanted(
        base="" if ci.base_commit or ci.base_branch else configured,
        offline=True,
        ci_commit=ci.base_commit,
        ci_branch=ci.base_branch,
        ci_merge=ci.merge_commit,
    )
    problem = ""
    try:
        base = choose_base(repository, wanted)
    except GatekeeperError as error:
        base, problem = Base(None, "", ""), error.message
    yield from basics.base(base, shallow=repository.is_shallow(), everything=problem)


def _text(checks: Sequence[Check]) -> Iterator[str]:
    area = ""
    for check in checks:
        if check.area != area:
            if area:
                yield ""
            area = check.area
            yield area
        head = f"  {_MARK[check.state]:<4}  {printable(check.name)}: "
        yield from textwrap.wrap(
            head + printable(check.message), 100, subsequent_indent=" " * 8,
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
        for number, line in enumerate(check.remedy.split("\n") if check.remedy else ()):
            yield f"        {'→ ' if not number else '  '}{printable(line)}"
    failed = sum(check.state == "fail" for check in checks)
    warned = sum(check.state == "warn" for check in checks)
    yield ""
    if not failed and not warned:
        yield f"All {len(checks)} checks are fine."
    else:
        yield f"{plural(failed, 'failure')}, {plural(warned, 'warning')}, {len(checks)} checks."
